"""The queue is read off one index: who waits, for which window, in whose hands, since when.

Revision: 0013; after: 0012.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BEFORE = ["municipality", "closed_at", "controller"]
_READ = ["owner", "window_id", "practice_of", "risk", "promised_by", "waiting_since", "resident_id"]


def upgrade() -> None:
    op.drop_index("ix_conversation_queue", table_name="conversation")
    op.create_index("ix_conversation_queue", "conversation", [*_BEFORE, *_READ], unique=False)


def downgrade() -> None:
    op.drop_index("ix_conversation_queue", table_name="conversation")
    op.create_index("ix_conversation_queue", "conversation", _BEFORE, unique=False)
