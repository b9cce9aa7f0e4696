"""Statistics.

Revision: 0003; after: 0002.
"""

import sqlalchemy as sa
from alembic import op

from intake.base import tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "heard",
                "unsent",
                "referred",
                "unfit",
                "handed",
                "claimed",
                "released",
                "moved",
                "answered",
                "closed",
                "reopened",
                "alarmed",
                "alarm_opened",
                "corrected",
                "declined",
                "erased",
                "joined",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", tables.Utc(), nullable=False),
        sa.Column("ref", sa.String(length=26), nullable=True),
        sa.Column("window_id", sa.String(length=60), nullable=True),
        sa.Column("code", sa.String(length=120), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    op.create_index(
        "ix_fact_pending",
        "fact",
        ["municipality", "unit"],
        unique=False,
        sqlite_where=sa.text("pending"),
        postgresql_where=sa.text("pending"),
    )
    op.create_index("ix_fact_unit", "fact", ["unit"], unique=False)
    op.create_table(
        "local_issue",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "civic",
                "region",
                "industry",
                "education",
                "environment",
                "safety",
                "isolation",
                "welfare",
                "no_window",
                name="category_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("noted", "proposed", "answered", "withdrawn", name="state_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=True),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", tables.Utc(), nullable=False),
        sa.Column("changed_at", tables.Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_issue")),
    )
    op.create_index(op.f("ix_local_issue_municipality"), "local_issue", ["municipality"], unique=False)
    op.create_table(
        "stat_contact",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("slices", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_contact")),
    )
    op.create_index("ix_stat_contact_days", "stat_contact", ["municipality", "first_day", "last_day"], unique=False)
    op.create_table(
        "stat_head",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("swept_at", tables.Utc(), nullable=False),
        sa.Column("formula", sa.Integer(), nullable=False),
        sa.Column("doors_at", tables.Utc(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.CheckConstraint("threshold >= 1", name=op.f("ck_stat_head_threshold_positive")),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_stat_head")),
    )
    op.create_table(
        "stat_tally",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("slice", sa.String(length=120), nullable=False),
        sa.Column(
            "grain",
            sa.Enum("day", "month", "year", name="grain_known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("bucket", sa.Date(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "slice", "grain", "bucket", name=op.f("pk_stat_tally")),
    )
    op.create_table(
        "target_actual",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("entered_by", sa.String(length=26), nullable=False),
        sa.Column("entered_at", tables.Utc(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_target_actual_amount_not_negative")),
        sa.PrimaryKeyConstraint("municipality", "fiscal_year", "target_key", name=op.f("pk_target_actual")),
    )


def downgrade() -> None:
    op.drop_table("target_actual")
    op.drop_table("stat_tally")
    op.drop_table("stat_head")
    op.drop_index("ix_stat_contact_days", table_name="stat_contact")
    op.drop_table("stat_contact")
    op.drop_index(op.f("ix_local_issue_municipality"), table_name="local_issue")
    op.drop_table("local_issue")
    op.drop_index("ix_fact_unit", table_name="fact")
    op.drop_index("ix_fact_pending", table_name="fact", sqlite_where=sa.text("pending"), postgresql_where=sa.text("pending"))
    op.drop_table("fact")
