"""Break-glass sheets, reports of abuse, attachments, advice of supervisors, organisations and their windows, examples.

Revision: 0007; after: 0006.
"""

import sqlalchemy as sa
from alembic import op

from bot.migrations.choices import change_choice
from intake.base import tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ACTIONS_BEFORE = (
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
)
_ACTIONS = (
    *_ACTIONS_BEFORE,
    "emergency_opened",
    "emergency_viewed",
    "emergency_decided",
    "report_changed",
    "attachment_opened",
    "attachment_taken",
    "organisation_changed",
    "example_decided",
)


def upgrade() -> None:
    op.create_table(
        "example",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("concerns", sa.String(length=400), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", tables.Utc(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("decided_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> staff_id", name=op.f("ck_example_second_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_example_decided_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_example_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_example")),
    )
    op.create_index("ix_example_open", "example", ["municipality", "decided_at"], unique=False)
    op.create_table(
        "organisation_window",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("window_id", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_window_organisation_id")),
        sa.PrimaryKeyConstraint("municipality", "window_id", name=op.f("pk_organisation_window")),
    )
    op.create_table(
        "abuse_report",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("raised_at", tables.Utc(), nullable=False),
        sa.Column("due_at", tables.Utc(), nullable=False),
        sa.Column("opened_at", tables.Utc(), nullable=True),
        sa.Column("opened_by", sa.String(length=26), nullable=True),
        sa.Column(
            "judgement",
            sa.Enum("applies", "unsure", "not_applies", name="judgement_known", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("reported_at", tables.Utc(), nullable=True),
        sa.Column("settled_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_abuse_report_conversation_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"], name=op.f("fk_abuse_report_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_report")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_abuse_report_conversation_id")),
    )
    op.create_index("ix_abuse_report_open", "abuse_report", ["municipality", "settled_at", "due_at"], unique=False)
    op.create_table(
        "emergency_sheet",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column(
            "ground",
            sa.Enum("police", "ambulance", "report", "other", name="ground_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", tables.Utc(), nullable=False),
        sa.Column("expires_at", tables.Utc(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("approved", "objected", name="verdict_known", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("sealed_remark", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("decided_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_emergency_sheet_verdict_has_time")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_emergency_sheet_conversation_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_emergency_sheet_decided_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_emergency_sheet_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_sheet")),
    )
    op.create_index(op.f("ix_emergency_sheet_conversation_id"), "emergency_sheet", ["conversation_id"], unique=False)
    op.create_index("ix_emergency_sheet_open", "emergency_sheet", ["municipality", "decided_at"], unique=False)
    op.create_table(
        "whisper",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("to_staff", sa.String(length=26), nullable=False),
        sa.Column("client_uuid", sa.String(length=36), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", tables.Utc(), nullable=False),
        sa.Column("read_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_whisper_conversation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_whisper_staff_id")),
        sa.ForeignKeyConstraint(["to_staff"], ["staff.id"], name=op.f("fk_whisper_to_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whisper")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_whisper_client_uuid")),
    )
    op.create_index("ix_whisper_talk", "whisper", ["conversation_id", "id"], unique=False)
    op.create_table(
        "abuse_report_step",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "raised",
                "sign",
                "opened",
                "judged",
                "reported",
                "outcome",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "judgement",
            sa.Enum("applies", "unsure", "not_applies", name="judgement_known", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("staff_id", sa.String(length=26), nullable=True),
        sa.Column("sealed_details", sa.LargeBinary(), nullable=True),
        sa.Column("at", tables.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["abuse_report.id"], name=op.f("fk_abuse_report_step_report_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_abuse_report_step_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_report_step")),
    )
    op.create_index("ix_abuse_report_step_report", "abuse_report_step", ["report_id", "id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("line_message_id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("image", "video", "audio", "file", name="kind_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "fetching",
                "kept",
                "failed",
                "refused",
                "gone",
                "erased",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", tables.Utc(), nullable=False),
        sa.Column("lease_until", tables.Utc(), nullable=True),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("fetched_at", tables.Utc(), nullable=True),
        sa.Column("opened_at", tables.Utc(), nullable=True),
        sa.Column("opened_by", sa.String(length=26), nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("ck_attachment_size_not_negative")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_attachment_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attachment_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("message_id", name=op.f("uq_attachment_message_id")),
    )
    op.create_index(op.f("ix_attachment_conversation_id"), "attachment", ["conversation_id"], unique=False)
    op.create_index(
        "ix_attachment_due",
        "attachment",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'fetching')"),
        postgresql_where=sa.text("status IN ('waiting', 'fetching')"),
    )
    op.create_table(
        "attachment_part",
        sa.Column("attachment_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("sealed_bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_part_attachment_id")),
        sa.PrimaryKeyConstraint("attachment_id", "number", name=op.f("pk_attachment_part")),
    )
    change_choice("audit_entry", "action", "action_known", _ACTIONS_BEFORE, _ACTIONS)
    op.add_column("conversation", sa.Column("held_at", tables.Utc(), nullable=True))


def downgrade() -> None:
    change_choice("audit_entry", "action", "action_known", _ACTIONS, _ACTIONS_BEFORE)
    op.drop_column("conversation", "held_at")
    op.drop_table("attachment_part")
    op.drop_index(
        "ix_attachment_due",
        table_name="attachment",
        sqlite_where=sa.text("status IN ('waiting', 'fetching')"),
        postgresql_where=sa.text("status IN ('waiting', 'fetching')"),
    )
    op.drop_index(op.f("ix_attachment_conversation_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("ix_abuse_report_step_report", table_name="abuse_report_step")
    op.drop_table("abuse_report_step")
    op.drop_index("ix_whisper_talk", table_name="whisper")
    op.drop_table("whisper")
    op.drop_index("ix_emergency_sheet_open", table_name="emergency_sheet")
    op.drop_index(op.f("ix_emergency_sheet_conversation_id"), table_name="emergency_sheet")
    op.drop_table("emergency_sheet")
    op.drop_index("ix_abuse_report_open", table_name="abuse_report")
    op.drop_table("abuse_report")
    op.drop_table("organisation_window")
    op.drop_index("ix_example_open", table_name="example")
    op.drop_table("example")
