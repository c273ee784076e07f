"""Keys of subjects and their sealed words."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
