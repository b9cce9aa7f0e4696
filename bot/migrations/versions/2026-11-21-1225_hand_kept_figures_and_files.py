"""Statistics: figures that people keep by hand, and files that are made while one does something else.

Revision: 0008; after: 0007.
"""

import sqlalchemy as sa
from alembic import op

from intake.base import tables

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_figure",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.Enum(
                "friends",
                "sex_female",
                "sex_male",
                "sex_other",
                "follow_asked",
                "follow_connected",
                "notice_child",
                "notice_elder",
                "notice_disability",
                "notice_dv",
                "notice_accept_hours",
                "notice_checked_48",
                "police",
                "meetings_case",
                "meetings_support",
                "meetings_share",
                "accepted",
                "plans",
                "households",
                "trainings",
                "disclosures",
                "complaints",
                "erasures",
                "cost",
                name="key_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("entered_by", sa.String(length=26), nullable=False),
        sa.Column("entered_at", tables.Utc(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_hand_figure_amount_not_negative")),
        sa.PrimaryKeyConstraint("municipality", "fiscal_year", "key", name=op.f("pk_hand_figure")),
    )
    op.create_table(
        "stat_file",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column(
            "state",
            sa.Enum("making", "ready", "failed", name="state_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("ordered_at", tables.Utc(), nullable=False),
        sa.Column("stepped_at", tables.Utc(), nullable=False),
        sa.CheckConstraint("done BETWEEN 0 AND steps", name=op.f("ck_stat_file_done_within")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_file")),
    )
    op.create_index("ix_stat_file_staff", "stat_file", ["staff_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stat_file_staff", table_name="stat_file")
    op.drop_table("stat_file")
    op.drop_table("hand_figure")
