"""The chain of looks and purposes."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
