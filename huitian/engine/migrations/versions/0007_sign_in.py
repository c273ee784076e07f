"""Tokens of programs, sign-in from elsewhere, where each session was begun; English names of buildings and persons."""

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0007"
down_revision = "0006"

ENGLISH = {"building": "name_en", "user_account": "name_en", "duty": "person_name_en"}


def upgrade() -> None:
    """Make the tables."""
    for table, name in ENGLISH.items():
        op.add_column(table, sa.Column(name, columns.Words(), nullable=True))
    op.add_column("session", sa.Column("address", columns.Words(), nullable=True))
    op.add_column("session", sa.Column("browser", columns.Words(), nullable=True))
    op.add_column("session", sa.Column("seen_at", columns.Instant(), nullable=True))
    op.create_table(
        "api_token",
        sa.Column("token_id", columns.Code(), nullable=False),
        sa.Column("token_hash", columns.Code(), nullable=False),
        sa.Column("prefix", columns.Words(), nullable=False),
        sa.Column("title", columns.Words(), nullable=False),
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("acting", columns.Words(), nullable=False),
        sa.Column("grant_ids", columns.Plain(), nullable=True),
        sa.Column("role", columns.Words(), nullable=False),
        sa.Column("lens", columns.Words(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=True),
        sa.Column("other_place_ids", columns.Plain(), nullable=True),
        sa.Column("methods", columns.Plain(), nullable=True),
        sa.Column("subjects", columns.Plain(), nullable=True),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("expires_at", columns.Instant(), nullable=False),
        sa.Column("used_at", columns.Instant(), nullable=True),
        sa.Column("revoked_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"])
    op.create_table(
        "sign_in_link",
        sa.Column("issuer", columns.Code(), nullable=False),
        sa.Column("subject", columns.Code(), nullable=False),
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("linked_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_user_id"), "sign_in_link", ["user_id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("sign_in_link")
    op.drop_table("api_token")
    for name in ("seen_at", "browser", "address"):
        op.drop_column("session", name)
    for table, name in ENGLISH.items():
        op.drop_column(table, name)
