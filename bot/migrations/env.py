"""Alembic's entry: runs on the connection that ``bot.migrations.run`` hands over."""

from alembic import context
from sqlalchemy import Connection

from bot.migrations.tables import metadata


def migrate(connection: Connection) -> None:
    """Run the revisions in one transaction."""
    context.configure(connection=connection, target_metadata=metadata, user_module_prefix="tables.")
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
