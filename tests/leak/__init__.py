"""Nothing personal leaves by a door where it may not."""
