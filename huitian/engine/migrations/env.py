"""Alembic environment: always online, on the connection that ``engine.upgrade`` hands over."""

from alembic import context

from huitian.engine.tables import METADATA
from huitian.engine.upgrade import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
