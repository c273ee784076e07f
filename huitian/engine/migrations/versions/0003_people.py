"""Posts, duty and who may act where."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
