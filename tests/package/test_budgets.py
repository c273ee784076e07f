"""What a page makes a browser load, packed, by what the built screens say: no end grows heavy unseen."""

import gzip
import re
from pathlib import Path

import pytest

from huitian.api.screens import WEB
from tools.places import ROOT

pytestmark = pytest.mark.package

KB = 1000
BUDGETS = {"public": 150 * KB, "cockpit": 1200 * KB, "mobile": 700 * KB}
"""Bytes of scripts, styles and the page itself, packed. The phone's is ours, the others are the design's."""
MAP = re.compile(r"^(maplibre|MapView)-")
NAMED = re.compile(r"""["'`(/](?:\./|assets/)?([A-Za-z][\w.-]*-[\w-]{8}\.(?:js|css))""")


def named_in(file: Path) -> set[str]:
    """Return the files of the screens that one file names: what it imports, at once or later."""
    return {name for name in NAMED.findall(file.read_text("utf-8")) if (WEB / "assets" / name).is_file()}


def loaded_by(end: str, is_deep: bool, without: re.Pattern[str] | None = None) -> set[str]:
    """Return the files of an end: those of its page, and with ``is_deep`` all that these may load later."""
    found: set[str] = set()
    waiting = named_in(WEB / f"{end}.html")
    while waiting:
        name = waiting.pop()
        if name in found or (without and without.match(name)):
            continue
        found.add(name)
        if is_deep:
            waiting |= named_in(WEB / "assets" / name)
    return found


def packed(names: set[str]) -> int:
    """Return the bytes of files as they go over the wire."""
    return sum(len(gzip.compress((WEB / "assets" / name).read_bytes(), 6)) for name in names)


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not (WEB / "index.html").is_file():
        pytest.skip(f"the screens are not built: make web in {ROOT}")


@pytest.mark.parametrize("end", BUDGETS)
def test_an_end_keeps_its_budget(end: str) -> None:
    first = loaded_by(end, is_deep=False)
    assert any(name.startswith(f"{end}-") for name in first), "the page names its script"
    later = loaded_by(end, is_deep=True, without=MAP if end == "public" else None)
    total = len(gzip.compress((WEB / f"{end}.html").read_bytes(), 6)) + packed(
        first if end == "public" else later
    )
    assert total <= BUDGETS[end], {name: packed({name}) for name in sorted(first | later)}


def test_the_mailbox_draws_no_chart_and_no_map_at_first() -> None:
    assert not [
        name for name in loaded_by("public", is_deep=False) if name.startswith(("echarts", "maplibre"))
    ]
