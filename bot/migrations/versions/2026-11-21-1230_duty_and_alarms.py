"""Duty of windows, notices to staff with their mails, calls of an emergency, and talks for practice.

Revision: 0009; after: 0008.
"""

import sqlalchemy as sa
from alembic import op

from bot.migrations.choices import change_choice
from intake.base import tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_EVENTS_BEFORE = (
    "message_received",
    "message_written",
    "message_unsent",
    "send_changed",
    "handoff_requested",
    "hands_changed",
    "alarm_raised",
    "alarm_opened",
    "note_written",
    "talk_closed",
    "talk_erased",
)
_EVENTS = (*_EVENTS_BEFORE, "notified")


def upgrade() -> None:
    op.create_table(
        "notice_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_head")),
    )
    op.create_table(
        "duty_change",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("window_id", sa.String(length=60), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=False),
        sa.Column("at", tables.Utc(), nullable=False),
        sa.Column("until", tables.Utc(), nullable=False),
        sa.CheckConstraint("until > at", name=op.f("ck_duty_change_until_after_at")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_change_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_change")),
    )
    op.create_index("ix_duty_change_until", "duty_change", ["municipality", "until"], unique=False)
    op.create_table(
        "duty_slot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("window_id", sa.String(length=60), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=26), nullable=False),
        sa.Column("set_at", tables.Utc(), nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_duty_slot_place_positive")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_duty_slot_weekday_known")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_duty_slot_set_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_slot_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_slot")),
    )
    op.create_index(op.f("ix_duty_slot_staff_id"), "duty_slot", ["staff_id"], unique=False)
    op.create_index("ix_duty_slot_window", "duty_slot", ["municipality", "window_id"], unique=False)
    op.create_table(
        "emergency_contact",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("mail", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("set_by", sa.String(length=26), nullable=False),
        sa.Column("set_at", tables.Utc(), nullable=False),
        sa.Column("retired_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("place > 0", name=op.f("ck_emergency_contact_place_positive")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_emergency_contact_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_contact")),
    )
    op.create_index("ix_emergency_contact_place", "emergency_contact", ["municipality", "place"], unique=False)
    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "emergency", "urgent", "new", "mention", "transfer", name="kind_known", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("ref", sa.String(length=26), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                "cancelled",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("next_at", tables.Utc(), nullable=False),
        sa.Column("lease_until", tables.Utc(), nullable=True),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("finished_at", tables.Utc(), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mail_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("source", name=op.f("uq_mail_source")),
    )
    op.create_index(
        "ix_mail_due",
        "mail",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'sending')"),
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.create_table(
        "notice_choice",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "emergency", "urgent", "new", "mention", "transfer", name="kind_known", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("desktop", "sound", "mail", name="way_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_choice_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "kind", "way", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "staff_mail",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", tables.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_mail_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_mail")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "emergency", "urgent", "new", "mention", "transfer", name="kind_known", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("ref", sa.String(length=26), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("desktop", sa.Boolean(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("made_at", tables.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_notice_conversation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("staff_id", "kind", "ref", "step", name=op.f("uq_notice_staff_id_kind_ref_step")),
    )
    op.create_index(op.f("ix_notice_conversation_id"), "notice", ["conversation_id"], unique=False)
    op.create_index("ix_notice_ref", "notice", ["ref"], unique=False)
    op.create_index("ix_notice_staff", "notice", ["staff_id", "id"], unique=False)
    op.create_table(
        "practice_talk",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("script", sa.String(length=40), nullable=False),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("started_at", tables.Utc(), nullable=False),
        sa.Column("next_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_practice_talk_conversation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_practice_talk_staff_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_practice_talk")),
    )
    op.create_index(op.f("ix_practice_talk_staff_id"), "practice_talk", ["staff_id"], unique=False)
    op.create_table(
        "alarm_call",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("alarm_id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum("holder", "duty", "leader", "plan", name="reason_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("staff_id", sa.String(length=26), nullable=True),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("ways", sa.String(length=40), nullable=False),
        sa.Column("called_at", tables.Utc(), nullable=False),
        sa.Column("answered_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_call_alarm_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["emergency_contact.id"], name=op.f("fk_alarm_call_contact_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_alarm_call_conversation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alarm_call_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_call")),
        sa.UniqueConstraint("alarm_id", "step", name=op.f("uq_alarm_call_alarm_id_step")),
    )
    op.create_index(op.f("ix_alarm_call_conversation_id"), "alarm_call", ["conversation_id"], unique=False)
    op.create_table(
        "alarm_watch",
        sa.Column("alarm_id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", tables.Utc(), nullable=True),
        sa.Column("ended_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_watch_alarm_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_alarm_watch_conversation_id")),
        sa.PrimaryKeyConstraint("alarm_id", name=op.f("pk_alarm_watch")),
    )
    op.create_index(op.f("ix_alarm_watch_conversation_id"), "alarm_watch", ["conversation_id"], unique=False)
    op.create_index("ix_alarm_watch_next", "alarm_watch", ["next_at"], unique=False)
    op.add_column("conversation", sa.Column("practice_of", sa.String(length=26), nullable=True))
    with op.batch_alter_table("window_rule") as batch:
        batch.add_column(sa.Column("escalate_minutes", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_window_rule_escalate_minutes_positive"), "escalate_minutes > 0")
    change_choice("event_log", "name", "name_known", _EVENTS_BEFORE, _EVENTS)
    # Nobody is told of what happened before there were notices.
    op.execute("INSERT INTO notice_head (id, seq) SELECT 1, last FROM event_head WHERE id = 1")


def downgrade() -> None:
    # Its number must stay, or a browser would think that it has missed something.
    op.execute("UPDATE event_log SET name = 'note_written' WHERE name = 'notified'")
    change_choice("event_log", "name", "name_known", _EVENTS, _EVENTS_BEFORE)
    with op.batch_alter_table("window_rule") as batch:
        batch.drop_constraint(op.f("ck_window_rule_escalate_minutes_positive"), type_="check")
        batch.drop_column("escalate_minutes")
    op.drop_column("conversation", "practice_of")
    op.drop_index("ix_alarm_watch_next", table_name="alarm_watch")
    op.drop_index(op.f("ix_alarm_watch_conversation_id"), table_name="alarm_watch")
    op.drop_table("alarm_watch")
    op.drop_index(op.f("ix_alarm_call_conversation_id"), table_name="alarm_call")
    op.drop_table("alarm_call")
    op.drop_index(op.f("ix_practice_talk_staff_id"), table_name="practice_talk")
    op.drop_table("practice_talk")
    op.drop_index("ix_notice_staff", table_name="notice")
    op.drop_index("ix_notice_ref", table_name="notice")
    op.drop_index(op.f("ix_notice_conversation_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_table("staff_mail")
    op.drop_table("notice_choice")
    op.drop_index(
        "ix_mail_due",
        table_name="mail",
        sqlite_where=sa.text("status IN ('waiting', 'sending')"),
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.drop_table("mail")
    op.drop_index("ix_emergency_contact_place", table_name="emergency_contact")
    op.drop_table("emergency_contact")
    op.drop_index("ix_duty_slot_window", table_name="duty_slot")
    op.drop_index(op.f("ix_duty_slot_staff_id"), table_name="duty_slot")
    op.drop_table("duty_slot")
    op.drop_index("ix_duty_change_until", table_name="duty_change")
    op.drop_table("duty_change")
    op.drop_table("notice_head")
