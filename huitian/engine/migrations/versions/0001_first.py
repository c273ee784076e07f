"""The first schema."""

from alembic import op

from huitian.engine.embedded.sqlite import box_statements as sqlite_boxes
from huitian.engine.embedded.sqlite import spatial_tables
from huitian.engine.scaled.postgres import box_statements as postgres_boxes
from huitian.engine.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    METADATA.create_all(op.get_bind())
    box_statements = sqlite_boxes if op.get_bind().dialect.name == "sqlite" else postgres_boxes
    for lies in spatial_tables():
        for statement in box_statements(lies):
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first schema has nothing before it")
