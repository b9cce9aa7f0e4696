"""The index of the queue holds open talks alone, and which talk each is: it grows with what is open, and no row is looked up for it.

What asks for the talks of a municipality, open or closed, has an index of its own.

Revision: 0014; after: 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_BEFORE = [
    "municipality",
    "closed_at",
    "controller",
    "owner",
    "window_id",
    "practice_of",
    "risk",
    "promised_by",
    "waiting_since",
    "resident_id",
]


def upgrade() -> None:
    op.drop_index("ix_conversation_queue", table_name="conversation")
    op.create_index("ix_conversation_queue", "conversation", [*_BEFORE, "id"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_conversation_municipality", "conversation", ["municipality", "closed_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_conversation_municipality", table_name="conversation")
    op.drop_index("ix_conversation_queue", table_name="conversation", sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_conversation_queue", "conversation", _BEFORE, unique=False)
