"""Measurements of a running Huitian: one file a subject; ``python -m bench`` runs them and keeps a table."""
