"""Ingest: decode → check → locate → dedupe → write; each step Batch → Batch, and nothing dropped in silence.

A row that cannot be loaded is kept in ``reject`` with its reason; the rest of the file goes on. A load can be
killed anywhere: the same command again ends in the same state as one that was not disturbed, because rows,
rejects, lineage and progress of a chunk are one transaction.
"""
