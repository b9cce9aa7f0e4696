"""A reason of its own for talks in another language.

Revision: 0012; after: 0011.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_REASONS = ("asked", "emergency", "urgent", "late", "unreadable", "unfit", "no_window", "checkin", "other")


def _know_reasons(*reasons: str) -> None:
    """Let a handoff have these reasons and no others."""
    with op.batch_alter_table("episode") as batch:
        batch.drop_constraint(op.f("ck_episode_reason_known"), type_="check")
        known = ", ".join(f"'{reason}'" for reason in reasons)
        batch.create_check_constraint(op.f("ck_episode_reason_known"), f"reason IN ({known})")


def upgrade() -> None:
    _know_reasons(*_REASONS, "language")


def downgrade() -> None:
    op.execute("UPDATE episode SET reason = 'other' WHERE reason = 'language'")
    _know_reasons(*_REASONS)
