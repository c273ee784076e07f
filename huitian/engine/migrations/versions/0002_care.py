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
    op.create_table(
        "ferry_peer",
        sa.Column("peer_id", columns.Code(), nullable=False),
        sa.Column("public_key", columns.Words(), nullable=False),
        sa.Column("prefix", columns.Words(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chain_out", sa.Integer(), nullable=False),
        sa.Column("seq_out", sa.Integer(), nullable=False),
        sa.Column("hash_out", columns.Words(), nullable=True),
        sa.Column("acked_seq", sa.Integer(), nullable=False),
        sa.Column("chain_in", sa.Integer(), nullable=False),
        sa.Column("seq_in", sa.Integer(), nullable=False),
        sa.Column("hash_in", columns.Words(), nullable=True),
        sa.Column("owes_ack", sa.Boolean(), nullable=True),
        sa.Column("seen_chain", sa.Integer(), nullable=True),
        sa.Column("seen_seq", sa.Integer(), nullable=True),
        sa.Column("reference_hash", columns.Words(), nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=True),
        sa.Column("sent_at", columns.Instant(), nullable=True),
        sa.Column("taken_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("peer_id", name=op.f("pk_ferry_peer")),
    )
    op.create_table(
        "ferry_trip",
        sa.Column("peer_id", columns.Code(), nullable=False),
        sa.Column("direction", columns.Code(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("file_name", columns.Words(), nullable=True),
        sa.Column("file_hash", columns.Words(), nullable=False),
        sa.Column("n_items", sa.Integer(), nullable=False),
        sa.Column("n_bytes", sa.Integer(), nullable=False),
        sa.Column("made_at", columns.Instant(), nullable=False),
        sa.Column("written_at", columns.Instant(), nullable=True),
        sa.Column("acked_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("peer_id", "direction", "chain", "seq", name=op.f("pk_ferry_trip")),
    )
    op.create_table(
        "ferry_letter",
        sa.Column("letter_id", columns.Code(), nullable=False),
        sa.Column("peer_id", columns.Code(), nullable=False),
        sa.Column("case_no", columns.Code(), nullable=False),
        sa.Column("given_no", columns.Code(), nullable=True),
        sa.Column("case_id", columns.Code(), nullable=True),
        sa.Column("state", columns.Code(), nullable=False),
        sa.Column("key_hash", columns.Code(), nullable=True),
        sa.Column("code_hash", columns.Words(), nullable=True),
        sa.Column("content_hash", columns.Words(), nullable=True),
        sa.Column("sealed", columns.Words(), nullable=True),
        sa.Column("file_ids", columns.Plain(), nullable=True),
        sa.Column("reported_at", columns.Instant(), nullable=False),
        sa.Column("shown", columns.Plain(), nullable=True),
        sa.Column("shown_hash", columns.Words(), nullable=True),
        sa.Column("told_version", sa.Integer(), nullable=True),
        sa.Column("can_rate", sa.Boolean(), nullable=True),
        sa.Column("why", columns.Words(), nullable=True),
        sa.Column("why_zh", columns.Words(), nullable=True),
        sa.Column("why_en", columns.Words(), nullable=True),
        sa.Column("chain", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_ferry_letter")),
    )
    for column in ("peer_id", "case_no", "given_no", "case_id", "state", "key_hash"):
        op.create_index(op.f(f"ix_ferry_letter_{column}"), "ferry_letter", [column])
    op.create_table(
        "ferry_rating",
        sa.Column("rating_id", columns.Code(), nullable=False),
        sa.Column("letter_id", columns.Code(), nullable=False),
        sa.Column("peer_id", columns.Code(), nullable=False),
        sa.Column("state", columns.Code(), nullable=False),
        sa.Column("key_hash", columns.Code(), nullable=True),
        sa.Column("content_hash", columns.Words(), nullable=True),
        sa.Column("sealed", columns.Words(), nullable=True),
        sa.Column("answers", columns.Plain(), nullable=True),
        sa.Column("rated_at", columns.Instant(), nullable=False),
        sa.Column("why", columns.Words(), nullable=True),
        sa.Column("why_zh", columns.Words(), nullable=True),
        sa.Column("why_en", columns.Words(), nullable=True),
        sa.Column("chain", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("rating_id", name=op.f("pk_ferry_rating")),
    )
    for column in ("letter_id", "peer_id", "state", "key_hash"):
        op.create_index(op.f(f"ix_ferry_rating_{column}"), "ferry_rating", [column])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("ferry_rating")
    op.drop_table("ferry_letter")
    op.drop_table("ferry_trip")
    op.drop_table("ferry_peer")
    op.drop_table("try_made")
    op.drop_table("try_count")
    op.drop_table("pack_feedback")
    op.drop_table("pack_use")
    op.drop_table("pack_state")
    op.drop_table("store_mark")
