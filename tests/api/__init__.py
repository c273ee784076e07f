"""The HTTP interface, on a real server over a small real city."""
