"""What serving and looking after a store need: marks of one not to be worked with, and how often was tried what."""

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
    op.create_table(
        "try_count",
        sa.Column("key_hash", columns.Code(), nullable=False),
        sa.Column("n_made", sa.BigInteger(), nullable=False),
        sa.Column("over_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_try_count")),
    )
    op.create_index(op.f("ix_try_count_over_at"), "try_count", ["over_at"], unique=False)
    op.create_table(
        "try_made",
        sa.Column("key_hash", columns.Code(), nullable=False),
        sa.Column("try_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", "try_no", name=op.f("pk_try_made")),
    )


    op.create_table(
        "pack_state",
        sa.Column("pack_id", columns.Code(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=False),
        sa.Column("change_no", sa.Integer(), nullable=False),
        sa.Column("stage", columns.Words(), nullable=True),
        sa.Column("changed_by", columns.Words(), nullable=True),
        sa.Column("changed_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "place_id", "change_no", name=op.f("pk_pack_state")),
    )
    op.create_table(
        "pack_use",
        sa.Column("pack_id", columns.Code(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=False),
        sa.Column("used_on", columns.Day(), nullable=False),
        sa.Column("n_shown", sa.Integer(), nullable=False),
        sa.Column("n_acted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "place_id", "used_on", name=op.f("pk_pack_use")),
    )
    op.create_table(
        "pack_feedback",
        sa.Column("feedback_id", columns.Code(), nullable=False),
        sa.Column("pack_id", columns.Code(), nullable=False),
        sa.Column("panel_id", columns.Words(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=True),
        sa.Column("verdict", columns.Words(), nullable=False),
        sa.Column("words", columns.Words(), nullable=True),
        sa.Column("given_on", columns.Day(), nullable=False),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_pack_feedback")),
    )
    for column in ("pack_id", "place_id"):
        op.create_index(op.f(f"ix_pack_feedback_{column}"), "pack_feedback", [column])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("try_made")
    op.drop_table("try_count")
    op.drop_table("pack_feedback")
    op.drop_table("pack_use")
    op.drop_table("pack_state")
    op.drop_table("store_mark")
