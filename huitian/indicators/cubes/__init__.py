"""Cubes: counts of persons and households, released once, so that nobody in them can be worked out (domain 06 §3)."""
