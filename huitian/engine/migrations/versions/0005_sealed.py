"""What was erased, and by what a sealed value is found; sealing itself changes no column."""

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasure",
        sa.Column("subject_id", columns.Code(), nullable=False),
        sa.Column("kind", columns.Words(), nullable=False),
        sa.Column("cause", columns.Words(), nullable=False),
        sa.Column("erased_at", columns.Instant(), nullable=False),
        sa.Column("erased_by", columns.Words(), nullable=True),
        sa.Column("reason", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "sealed_index",
        sa.Column("kind", columns.Code(), nullable=False),
        sa.Column("value_hash", columns.Code(), nullable=False),
        sa.Column("subject_id", columns.Code(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value_hash", "subject_id", name=op.f("pk_sealed_index")),
    )
    op.create_index(op.f("ix_sealed_index_subject_id"), "sealed_index", ["subject_id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("sealed_index")
    op.drop_table("erasure")
