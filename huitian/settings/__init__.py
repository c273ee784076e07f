"""Settings: one table, from which the file, the environment, the command line and the pages are made.

A field of :class:`Settings` is a setting. Later sources win: default < ``city.toml`` < ``HUITIAN_*`` <
command line. In the file a setting stands in the table of its section (``[server] port = 8010``), in the
environment it is ``HUITIAN_PORT``, on the command line ``--port``. A name that does not exist is an error.
"""

from __future__ import annotations

from huitian.settings.parsing import parse_spans
from huitian.settings.reading import CITY_FILE, read_settings
from huitian.settings.table import SETTINGS, Box, Setting, Settings, Spans
from huitian.settings.writing import city_text, describe, with_setting

__all__ = [
    "CITY_FILE",
    "SETTINGS",
    "Box",
    "Setting",
    "Settings",
    "Spans",
    "city_text",
    "describe",
    "parse_spans",
    "read_settings",
    "with_setting",
]
