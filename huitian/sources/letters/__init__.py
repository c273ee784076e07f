"""Letters and calls of residents as another system exports them; each becomes a case."""
