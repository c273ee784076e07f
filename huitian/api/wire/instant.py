"""Instants on the wire whose name is a word and not ``…_at``."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

Instant = Annotated[datetime, Field(examples=["2026-02-14T01:00:00Z"])]
"""Aware UTC, ISO 8601."""
