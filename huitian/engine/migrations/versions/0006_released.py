"""Cubes as they were released."""

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "count_release",
        sa.Column("release_id", columns.Code(), nullable=False),
        sa.Column("entity", columns.Code(), nullable=False),
        sa.Column("audience", columns.Code(), nullable=False),
        sa.Column("release_no", sa.Integer(), nullable=False),
        sa.Column("edition_ids", columns.Plain(), nullable=True),
        sa.Column("counted_at", columns.Instant(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("round_to", sa.Integer(), nullable=False),
        sa.Column("rule_set", columns.Words(), nullable=False),
        sa.Column("n_cells", sa.Integer(), nullable=False),
        sa.Column("n_below", sa.Integer(), nullable=False),
        sa.Column("n_withheld", sa.Integer(), nullable=False),
        sa.Column("least_width", sa.Integer(), nullable=True),
        sa.Column("content_hash", columns.Words(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_count_release")),
    )
    op.create_index(op.f("ix_count_release_entity"), "count_release", ["entity"])
    op.create_table(
        "released_cell",
        sa.Column("release_id", columns.Code(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=False),
        sa.Column("cut", columns.Code(), nullable=False),
        sa.Column("state", columns.Words(), nullable=False),
        sa.Column("shown_n", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "place_id", "cut", name=op.f("pk_released_cell")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("released_cell")
    op.drop_index(op.f("ix_count_release_entity"), "count_release")
    op.drop_table("count_release")
