"""The record knows decisions on wishes to erase by a name of their own. What was recorded before keeps the name it has.

Revision: 0015; after: 0014.
"""

from bot.migrations.choices import change_choice

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BEFORE = (
    "talk_viewed",
    "talk_refused",
    "searched",
    "exported",
    "logged_in",
    "logged_out",
    "login_refused",
    "locked",
    "unlocked",
    "staff_added",
    "staff_invited",
    "invitation_used",
    "rights_changed",
    "staff_closed",
    "staff_reopened",
    "talks_handed_on",
    "factor_added",
    "factor_removed",
    "factors_reset",
    "codes_renewed",
    "code_used",
    "password_changed",
    "session_ended",
    "emergency_opened",
    "emergency_viewed",
    "emergency_decided",
    "report_changed",
    "attachment_opened",
    "attachment_taken",
    "organisation_changed",
    "example_decided",
)
_AFTER = (*_BEFORE, "wish_decided")


def upgrade() -> None:
    change_choice("audit_entry", "action", "action_known", _BEFORE, _AFTER)


def downgrade() -> None:
    change_choice("audit_entry", "action", "action_known", _AFTER, _BEFORE)
