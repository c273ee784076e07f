"""What looking after a store needs: marks of a store that is not to be worked with."""

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "store_mark",
        sa.Column("mark", columns.Code(), nullable=False),
        sa.Column("told", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_store_mark")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("store_mark")
