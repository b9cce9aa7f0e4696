"""The end of an organisation's contract; what a kept example is an example of.

``example`` is made anew: no version of the program has written a row of it.

Revision: 0010; after: 0009.
"""

import sqlalchemy as sa
from alembic import op

from intake.base import tables

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SPEAKERS = ("self", "family", "neighbour", "supporter", "unknown")
_INTENTS = (
    "disclose",
    "ask_window",
    "talk_to_human",
    "accept",
    "decline",
    "stop",
    "erase",
    "wrong_window",
    "report",
    "greeting",
    "thanks",
    "complaint",
    "other",
)
_RISKS = ("none", "watch", "urgent", "emergency")


def _choice(name: str, values: tuple[str, ...]) -> sa.Column[str]:
    known = sa.Enum(*values, name=f"{name}_known", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, known, nullable=False)


def _make_examples(*labels: sa.Column[str]) -> None:
    op.drop_table("example")
    op.create_table(
        "example",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("concerns", sa.String(length=400), nullable=False),
        *labels,
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


def upgrade() -> None:
    op.add_column("organisation", sa.Column("ended_at", tables.Utc(), nullable=True))
    kinds = sa.Column("risk_kinds", sa.String(length=120), nullable=False)
    _make_examples(_choice("speaker", _SPEAKERS), _choice("intent", _INTENTS), _choice("risk", _RISKS), kinds)


def downgrade() -> None:
    _make_examples()
    op.drop_column("organisation", "ended_at")
