"""Absences of staff, with who stands in.

Revision: 0011; after: 0010.
"""

import sqlalchemy as sa
from alembic import op

from intake.base import tables

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("stand_in_id", sa.String(length=26), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=26), nullable=False),
        sa.Column("set_at", tables.Utc(), nullable=False),
        sa.Column("ended_at", tables.Utc(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absence_days_in_order")),
        sa.CheckConstraint("stand_in_id <> staff_id", name=op.f("ck_absence_stand_in_another")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_absence_set_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absence_staff_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["staff.id"], name=op.f("fk_absence_stand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_staff_id"), "absence", ["staff_id"], unique=False)
    op.create_index("ix_absence_days", "absence", ["municipality", "last_day"], unique=False)


def downgrade() -> None:
    op.drop_table("absence")
