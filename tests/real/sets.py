"""Where the real sets are; a test that needs one is skipped with the reason where it is not there."""

from pathlib import Path

import pytest

from tools.groups import real_data


def real_set(name: str) -> Path:
    """Return the folder of a real set, or skip the test."""
    folder = real_data()
    if folder is None or not (folder / name).is_dir():
        pytest.skip(f"the real set {name} is not here: set HUITIAN_REAL_DATA to the folder that holds it")
    return folder / name
