"""Check-ins.

Revision: 0002; after: 0001.
"""

import sqlalchemy as sa
from alembic import op

from intake.base import tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REASONS = ("asked", "emergency", "urgent", "late", "unreadable", "unfit", "no_window", "other")


def _know_reasons(*reasons: str) -> None:
    """Let a handoff have these reasons and no others."""
    with op.batch_alter_table("episode") as batch:
        batch.drop_constraint(op.f("ck_episode_reason_known"), type_="check")
        known = ", ".join(f"'{reason}'" for reason in reasons)
        batch.create_check_constraint(op.f("ck_episode_reason_known"), f"reason IN ({known})")


def upgrade() -> None:
    op.create_table(
        "checkin_pause",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("begins_at", tables.Utc(), nullable=False),
        sa.Column("ends_at", tables.Utc(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=False),
        sa.Column("made_at", tables.Utc(), nullable=False),
        sa.Column("lifted_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("ends_at IS NULL OR begins_at < ends_at", name=op.f("ck_checkin_pause_begins_before_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_pause")),
    )
    op.create_index(op.f("ix_checkin_pause_municipality"), "checkin_pause", ["municipality"], unique=False)
    op.create_table(
        "push_budget",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("monthly_limit", sa.Integer(), nullable=True),
        sa.Column("reserve", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=26), nullable=True),
        sa.Column("set_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("monthly_limit IS NULL OR monthly_limit >= 0", name=op.f("ck_push_budget_limit_not_negative")),
        sa.CheckConstraint("reserve >= 0", name=op.f("ck_push_budget_reserve_not_negative")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_push_budget")),
    )
    op.create_index(op.f("ix_push_budget_municipality"), "push_budget", ["municipality"], unique=False)
    op.create_table(
        "words_approval",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("words_key", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=False),
        sa.Column("approved_at", tables.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "words_key", name=op.f("pk_words_approval")),
    )
    op.create_table(
        "contact_hold",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=False),
        sa.Column("made_at", tables.Utc(), nullable=False),
        sa.Column("until", tables.Utc(), nullable=True),
        sa.Column("lifted_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_contact_hold_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_hold")),
    )
    op.create_index(op.f("ix_contact_hold_resident_id"), "contact_hold", ["resident_id"], unique=False)
    op.create_table(
        "safe_contact",
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("agreed_at", tables.Utc(), nullable=False),
        sa.Column("agreed_by", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_safe_contact_resident_id")),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_safe_contact")),
    )
    op.create_table(
        "checkin_plan",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum("gentle", "monthly", "fortnightly", "own", name="rhythm_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column(
            "hours",
            sa.Enum("morning", "afternoon", "daytime", name="hours_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "sender",
            sa.Enum("window", "neutral", name="sender_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "style", sa.Enum("ordinary", "plain", name="style_known", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("window_id", sa.String(length=60), nullable=True),
        sa.Column("staff_id", sa.String(length=26), nullable=True),
        sa.Column("sender_name", sa.String(length=60), nullable=False),
        sa.Column("heavy", sa.Boolean(), nullable=False),
        sa.Column("friend", sa.Boolean(), nullable=False),
        sa.Column("consent_at", tables.Utc(), nullable=False),
        sa.Column(
            "consent_way",
            sa.Enum("talk", "staff", name="consent_way_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("began_at", tables.Utc(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("last_sent_at", tables.Utc(), nullable=True),
        sa.Column("heard_at", tables.Utc(), nullable=True),
        sa.Column("recent", sa.String(length=400), nullable=False),
        sa.Column("deferrals", sa.Integer(), nullable=False),
        sa.Column("filed", sa.Integer(), nullable=False),
        sa.Column("paused_at", tables.Utc(), nullable=True),
        sa.Column("unsafe_since", tables.Utc(), nullable=True),
        sa.Column("safe_agreed_at", tables.Utc(), nullable=True),
        sa.Column("safe_agreed_by", sa.String(length=26), nullable=True),
        sa.Column("next_at", tables.Utc(), nullable=True),
        sa.Column("next_not_after", tables.Utc(), nullable=True),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("next_farewell", sa.Boolean(), nullable=False),
        sa.Column("ended_at", tables.Utc(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "resident",
                "stopped",
                "completed",
                "blocked",
                "no_friend",
                "erased",
                "lapsed",
                name="end_reason_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(rhythm = 'own') = (every_days IS NOT NULL)", name=op.f("ck_checkin_plan_own_names_days")),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_checkin_plan_end_has_reason")),
        sa.CheckConstraint("(next_at IS NULL) = (next_not_after IS NULL)", name=op.f("ck_checkin_plan_next_has_limit")),
        sa.CheckConstraint("done >= 0", name=op.f("ck_checkin_plan_done_not_negative")),
        sa.CheckConstraint("ended_at IS NULL OR next_at IS NULL", name=op.f("ck_checkin_plan_ended_is_not_due")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_checkin_plan_conversation_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_checkin_plan_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_plan")),
    )
    op.create_index(
        "ix_checkin_plan_list",
        "checkin_plan",
        ["municipality", "heard_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_checkin_plan_next",
        "checkin_plan",
        ["municipality", "next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_checkin_plan_put_off",
        "checkin_plan",
        ["account", "deferrals"],
        unique=False,
        sqlite_where=sa.text("deferrals > 0"),
        postgresql_where=sa.text("deferrals > 0"),
    )
    op.create_index(op.f("ix_checkin_plan_resident_id"), "checkin_plan", ["resident_id"], unique=False)
    op.create_index(
        "uq_checkin_plan_goes_on",
        "checkin_plan",
        ["resident_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "checkin_contact",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("due_at", tables.Utc(), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("not_after", tables.Utc(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("began_at", tables.Utc(), nullable=False),
        sa.Column("farewell", sa.Boolean(), nullable=False),
        sa.Column("deferrals", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "said",
                "sent",
                "uncertain",
                "returned",
                "refused",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", tables.Utc(), nullable=True),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("decided_at", tables.Utc(), nullable=True),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column("words_key", sa.String(length=60), nullable=True),
        sa.Column("sent_before", tables.Utc(), nullable=True),
        sa.Column("answered_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("(state = 'due') = (decided_at IS NULL)", name=op.f("ck_checkin_contact_decided_has_moment")),
        sa.CheckConstraint("state IN ('due', 'refused') OR message_id IS NOT NULL", name=op.f("ck_checkin_contact_said_has_words")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_checkin_contact_message_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["checkin_plan.id"], name=op.f("fk_checkin_contact_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "due_at", name=op.f("pk_checkin_contact")),
        sa.UniqueConstraint("message_id", name=op.f("uq_checkin_contact_message_id")),
    )
    op.create_index(
        "ix_checkin_contact_due",
        "checkin_contact",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index("ix_checkin_contact_figures", "checkin_contact", ["municipality", "decided_at"], unique=False)
    op.create_index(
        "ix_checkin_contact_said",
        "checkin_contact",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'said'"),
        postgresql_where=sa.text("state = 'said'"),
    )
    op.create_table(
        "outreach_choice",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column(
            "way",
            sa.Enum("visit", "letter", "leave", name="way_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("made_by", sa.String(length=26), nullable=False),
        sa.Column("made_at", tables.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_outreach_choice_made_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["checkin_plan.id"], name=op.f("fk_outreach_choice_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_choice")),
    )
    op.create_index(op.f("ix_outreach_choice_plan_id"), "outreach_choice", ["plan_id"], unique=False)
    op.add_column("outbox", sa.Column("not_after", tables.Utc(), nullable=True))
    op.create_index(
        "ix_outbox_pushed",
        "outbox",
        ["account", "first_push_at"],
        unique=False,
        sqlite_where=sa.text("first_push_at IS NOT NULL"),
        postgresql_where=sa.text("first_push_at IS NOT NULL"),
    )

    _know_reasons("checkin", *_REASONS)


def downgrade() -> None:
    op.execute("UPDATE episode SET reason = 'other' WHERE reason = 'checkin'")
    _know_reasons(*_REASONS)
    op.drop_index(
        "ix_outbox_pushed",
        table_name="outbox",
        sqlite_where=sa.text("first_push_at IS NOT NULL"),
        postgresql_where=sa.text("first_push_at IS NOT NULL"),
    )
    op.drop_column("outbox", "not_after")
    op.drop_index(op.f("ix_outreach_choice_plan_id"), table_name="outreach_choice")
    op.drop_table("outreach_choice")
    op.drop_index(
        "ix_checkin_contact_said",
        table_name="checkin_contact",
        sqlite_where=sa.text("state = 'said'"),
        postgresql_where=sa.text("state = 'said'"),
    )
    op.drop_index("ix_checkin_contact_figures", table_name="checkin_contact")
    op.drop_index(
        "ix_checkin_contact_due",
        table_name="checkin_contact",
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.drop_table("checkin_contact")
    op.drop_index(
        "uq_checkin_plan_goes_on",
        table_name="checkin_plan",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(
        "ix_checkin_plan_put_off",
        table_name="checkin_plan",
        sqlite_where=sa.text("deferrals > 0"),
        postgresql_where=sa.text("deferrals > 0"),
    )
    op.drop_index(op.f("ix_checkin_plan_resident_id"), table_name="checkin_plan")
    op.drop_index(
        "ix_checkin_plan_next",
        table_name="checkin_plan",
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_checkin_plan_list",
        table_name="checkin_plan",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("checkin_plan")
    op.drop_table("safe_contact")
    op.drop_index(op.f("ix_contact_hold_resident_id"), table_name="contact_hold")
    op.drop_table("contact_hold")
    op.drop_table("words_approval")
    op.drop_index(op.f("ix_push_budget_municipality"), table_name="push_budget")
    op.drop_table("push_budget")
    op.drop_index(op.f("ix_checkin_pause_municipality"), table_name="checkin_pause")
    op.drop_table("checkin_pause")
