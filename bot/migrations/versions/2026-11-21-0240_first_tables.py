"""First tables.

Revision: 0001; after: .
"""

import sqlalchemy as sa
from alembic import op

from intake.base import tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cancelled_message",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("line_message_id", sa.String(length=64), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("cancelled_at", tables.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("account", "line_message_id", name=op.f("pk_cancelled_message")),
    )
    op.create_table(
        "event_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_head")),
    )
    op.create_table(
        "event_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("at", tables.Utc(), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
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
                name="name_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("conversation_id", sa.String(length=26), nullable=True),
        sa.Column("actor", sa.String(length=26), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_log")),
    )
    op.create_index(op.f("ix_event_log_at"), "event_log", ["at"], unique=False)
    op.create_table(
        "failed_login",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", tables.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_login")),
    )
    op.create_index("ix_failed_login_key", "failed_login", ["key", "at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("line_message_id", sa.String(length=64), nullable=True),
        sa.Column("occurred_at", tables.Utc(), nullable=False),
        sa.Column("received_at", tables.Utc(), nullable=False),
        sa.Column("sealed_payload", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("pending", "working", "done", "set_aside", name="status_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", tables.Utc(), nullable=False),
        sa.Column("lease_until", tables.Utc(), nullable=True),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("account", "event_id", name=op.f("uq_inbox_account_event_id")),
    )
    op.create_index(
        "ix_inbox_due",
        "inbox",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('pending', 'working')"),
        postgresql_where=sa.text("status IN ('pending', 'working')"),
    )
    op.create_index(
        "ix_inbox_unfinished",
        "inbox",
        ["lane", "occurred_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('pending', 'working')"),
        postgresql_where=sa.text("status IN ('pending', 'working')"),
    )
    op.create_table(
        "key_canary",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_word", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", tables.Utc(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_key_canary_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_canary")),
    )
    op.create_table(
        "resident",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("sealed_user", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("heard_at", tables.Utc(), nullable=True),
        sa.Column("blocked_at", tables.Utc(), nullable=True),
        sa.Column("notices_stopped_at", tables.Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("account", "lane", name=op.f("uq_resident_account_lane")),
        sa.UniqueConstraint("municipality", "handle", name=op.f("uq_resident_municipality_handle")),
    )
    op.create_index(op.f("ix_resident_municipality"), "resident", ["municipality"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=40), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "counsellor", "reception", "supervisor", "operator", name="role_known", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("disabled_at", tables.Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("municipality", "login", name=op.f("uq_staff_municipality_login")),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column(
            "controller",
            sa.Enum("bot", "waiting", "staff", name="controller_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("owner", sa.String(length=26), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.String(length=60), nullable=True),
        sa.Column(
            "risk",
            sa.Enum("none", "watch", "urgent", "emergency", name="risk_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sealed_state", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", tables.Utc(), nullable=False),
        sa.Column("last_resident_at", tables.Utc(), nullable=True),
        sa.Column("waiting_since", tables.Utc(), nullable=True),
        sa.Column("promised_by", tables.Utc(), nullable=True),
        sa.Column("closed_at", tables.Utc(), nullable=True),
        sa.Column("close_reason", sa.String(length=60), nullable=True),
        sa.Column("erased_at", tables.Utc(), nullable=True),
        sa.Column("erase_asked_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("(controller = 'staff') = (owner IS NOT NULL)", name=op.f("ck_conversation_staff_has_owner")),
        sa.CheckConstraint("epoch >= 0", name=op.f("ck_conversation_epoch_not_negative")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_conversation_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index("ix_conversation_queue", "conversation", ["municipality", "closed_at", "controller"], unique=False)
    op.create_index(op.f("ix_conversation_resident_id"), "conversation", ["resident_id"], unique=False)
    op.create_index(
        "uq_conversation_open",
        "conversation",
        ["resident_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("seen_at", tables.Utc(), nullable=False),
        sa.Column("revoked_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)
    op.create_table(
        "staff_window",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("window_id", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_window_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "window_id", name=op.f("pk_staff_window")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column(
            "risk",
            sa.Enum("none", "watch", "urgent", "emergency", name="risk_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("kinds", sa.String(length=120), nullable=False),
        sa.Column("raised_at", tables.Utc(), nullable=False),
        sa.Column("opened_at", tables.Utc(), nullable=True),
        sa.Column("opened_by", sa.String(length=26), nullable=True),
        sa.Column("words_unsent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_alarm_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index(op.f("ix_alarm_conversation_id"), "alarm", ["conversation_id"], unique=False)
    op.create_index("ix_alarm_open", "alarm", ["municipality", "opened_at"], unique=False)
    op.create_table(
        "episode",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("window_id", sa.String(length=60), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "asked",
                "emergency",
                "urgent",
                "late",
                "unreadable",
                "unfit",
                "no_window",
                "other",
                name="reason_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", tables.Utc(), nullable=False),
        sa.Column("promised_by", tables.Utc(), nullable=True),
        sa.Column("claimed_at", tables.Utc(), nullable=True),
        sa.Column("first_answer_at", tables.Utc(), nullable=True),
        sa.Column("closed_at", tables.Utc(), nullable=True),
        sa.Column("close_reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_episode_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    op.create_index(op.f("ix_episode_conversation_id"), "episode", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_episode_municipality"), "episode", ["municipality"], unique=False)
    op.create_index(
        "uq_episode_open",
        "episode",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column(
            "author",
            sa.Enum("resident", "bot", "staff", name="author_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("staff_id", sa.String(length=26), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_reading", sa.LargeBinary(), nullable=True),
        sa.Column(
            "risk",
            sa.Enum("none", "watch", "urgent", "emergency", name="risk_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("line_message_id", sa.String(length=64), nullable=True),
        sa.Column("client_uuid", sa.String(length=36), nullable=True),
        sa.Column("occurred_at", tables.Utc(), nullable=False),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("unsent_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("account", "line_message_id", name=op.f("uq_message_account_line_message_id")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_message_client_uuid")),
    )
    op.create_index("ix_message_talk", "message", ["conversation_id", "id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("client_uuid", sa.String(length=36), nullable=True),
        sa.Column("written_at", tables.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_note_conversation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_note_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_note_client_uuid")),
    )
    op.create_index(op.f("ix_note_conversation_id"), "note", ["conversation_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("made_at", tables.Utc(), nullable=False),
        sa.Column("window_id", sa.String(length=60), nullable=True),
        sa.Column("directory_version", sa.String(length=64), nullable=False),
        sa.Column("sealed_referral", sa.LargeBinary(), nullable=True),
        sa.Column("unfit_at", tables.Utc(), nullable=True),
        sa.Column("unfit_reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_referral_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_conversation_id"), "referral", ["conversation_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("sealed_reply_token", sa.LargeBinary(), nullable=True),
        sa.Column("reply_until", tables.Utc(), nullable=True),
        sa.Column("reply_tried_at", tables.Utc(), nullable=True),
        sa.Column("retry_key", sa.String(length=36), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "sending",
                "accepted",
                "uncertain",
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
        sa.Column("first_push_at", tables.Utc(), nullable=True),
        sa.Column("next_at", tables.Utc(), nullable=False),
        sa.Column("lease_until", tables.Utc(), nullable=True),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("finished_at", tables.Utc(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("line_request_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_outbox_message_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_outbox_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'sending')"),
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.create_index(
        "ix_outbox_unfinished",
        "outbox",
        ["resident_id", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'sending')"),
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.execute("INSERT INTO event_head (id, last) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_index(
        "ix_outbox_unfinished",
        table_name="outbox",
        sqlite_where=sa.text("status IN ('waiting', 'sending')"),
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        sqlite_where=sa.text("status IN ('waiting', 'sending')"),
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.drop_table("outbox")
    op.drop_index(op.f("ix_referral_conversation_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(op.f("ix_note_conversation_id"), table_name="note")
    op.drop_table("note")
    op.drop_index("ix_message_talk", table_name="message")
    op.drop_table("message")
    op.drop_index(
        "uq_episode_open", table_name="episode", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_index(op.f("ix_episode_municipality"), table_name="episode")
    op.drop_index(op.f("ix_episode_conversation_id"), table_name="episode")
    op.drop_table("episode")
    op.drop_index("ix_alarm_open", table_name="alarm")
    op.drop_index(op.f("ix_alarm_conversation_id"), table_name="alarm")
    op.drop_table("alarm")
    op.drop_table("staff_window")
    op.drop_index(op.f("ix_staff_session_staff_id"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_index(
        "uq_conversation_open",
        table_name="conversation",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_conversation_resident_id"), table_name="conversation")
    op.drop_index("ix_conversation_queue", table_name="conversation")
    op.drop_table("conversation")
    op.drop_table("staff")
    op.drop_index(op.f("ix_resident_municipality"), table_name="resident")
    op.drop_table("resident")
    op.drop_index(
        "ix_inbox_unfinished",
        table_name="inbox",
        sqlite_where=sa.text("status IN ('pending', 'working')"),
        postgresql_where=sa.text("status IN ('pending', 'working')"),
    )
    op.drop_index(
        "ix_inbox_due",
        table_name="inbox",
        sqlite_where=sa.text("status IN ('pending', 'working')"),
        postgresql_where=sa.text("status IN ('pending', 'working')"),
    )
    op.drop_table("inbox")
    op.drop_index("ix_failed_login_key", table_name="failed_login")
    op.drop_table("failed_login")
    op.drop_index(op.f("ix_event_log_at"), table_name="event_log")
    op.drop_table("event_log")
    op.drop_table("key_canary")
    op.drop_table("event_head")
    op.drop_table("cancelled_message")
