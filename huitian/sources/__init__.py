"""Sources: one folder a kind of outside file, which yields rows in the file's own words.

A kind is a folder with ``manifest.toml`` (what it reads, its options), ``read.py`` (``open_file``), a
``README.md`` and a ``sample/``. A kind knows a format, never a data set: what the columns of one file mean is
said by a mapping, which ``ingest`` reads.
"""
