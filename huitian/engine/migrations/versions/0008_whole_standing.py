"""Of which entities all objects stand in the places of an edition, and the notes that something changed since."""

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0008"
down_revision = "0007"

ENTITIES = ("building", "unit", "floor", "dwelling", "household", "occupancy", "person", "organisation", "component",
            "post")  # fmt: skip


def upgrade() -> None:
    """Make the tables; of what is there already nothing is known."""
    op.create_table(
        "whole_standing",
        sa.Column("entity", columns.Code(), nullable=False),
        sa.Column("edition_id", columns.Code(), nullable=False),
        sa.Column("since_on", columns.Day(), nullable=False),
        sa.Column("rank_first", sa.Integer(), nullable=False),
        sa.Column("rank_last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "edition_id", name=op.f("pk_whole_standing")),
    )
    op.create_table(
        "standing_change",
        sa.Column("entity", columns.Code(), nullable=False),
        sa.Column("change_id", columns.Code(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "change_id", name=op.f("pk_standing_change")),
    )
    for entity in ENTITIES:
        op.execute(
            f"INSERT INTO standing_change (entity, change_id) SELECT '{entity}', 'upgrade' "
            f"WHERE EXISTS (SELECT 1 FROM {entity})"
        )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("standing_change")
    op.drop_table("whole_standing")
