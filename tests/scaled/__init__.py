"""What the interface promises, asked once more of a city on PostgreSQL: the very tests of ``tests/api``."""
