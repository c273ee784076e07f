"""Tokens, sessions and sign-in from elsewhere."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
