"""Packs: what ships is valid, what is wrong is named, what is installed beside is found."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from huitian.errors import PackInvalid
from huitian.plugin import discover, read_pack
from huitian.plugin.panel import SLOTS, check_panels
from huitian.scenarios import BUILT_IN
from huitian.units import UNITS

WORDS = {"title": {"zh": "标题", "en": "Title"}}
GOOD: dict[str, Any] = {
    "schema": "panel/1", "panel_id": "x.one", "kind": "number", "end": "cockpit", "slot": "left", "title": "title",
    "number_ids": ["cases.open"],
}  # fmt: skip
KNOWN = frozenset({"cases.open"})


def test_the_packs_that_ship_are_valid_and_complete() -> None:
    packs = discover(BUILT_IN)
    assert [p.pack_id for p in packs.packs] == ["mailbox", "overview"]
    for number in packs.numbers():
        assert number.unit_id in UNITS, number.number_id
        assert number.source_zh, number.number_id
        assert number.source_en, number.number_id
        assert number.definition_zh.endswith("。"), number.number_id
        assert number.definition_en.endswith("."), number.number_id
        if number.series == "flow":
            assert number.instant, number.number_id
    for end in SLOTS:
        assert packs.panels(end), end


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"kind": "hologram"}, "hologram"),
        ({"slot": "page"}, "cockpit has no slot"),
        ({"number_ids": ["cases.nonsense"]}, "cases.nonsense"),
        ({"title": "missing"}, "missing"),
        ({"colour": "red"}, "colour"),
        ({"number_ids": []}, "number_ids"),
        ({"refresh": {}}, "refresh"),
        ({"schema": "panel/9"}, "panel/1"),
    ],
)
def test_a_wrong_panel_says_what_and_where(change: dict[str, Any], named: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        check_panels("x", [GOOD | change], WORDS, KNOWN)
    assert named in str(caught.value)
    assert "panel.json" in str(caught.value) or "strings" in str(caught.value)


def test_a_panel_may_show_a_narrowed_figure() -> None:
    check_panels("x", [GOOD | {"number_ids": ["cases.open;category_code=A12"]}], WORDS, KNOWN)
    with pytest.raises(PackInvalid, match=r"cases\.nonsense"):
        check_panels("x", [GOOD | {"number_ids": ["cases.nonsense;category_code=A12"]}], WORDS, KNOWN)


def test_two_panels_of_one_id_are_refused() -> None:
    with pytest.raises(PackInvalid, match="twice"):
        check_panels("x", [GOOD, GOOD], WORDS, KNOWN)


def write_pack(folder: Path, name: str, **files: str) -> None:
    package = folder / name
    (package / "strings").mkdir(parents=True)
    (package / "__init__.py").write_text('"""A pack."""\n', encoding="utf-8")
    content = {
        "manifest.toml": 'pack_id = "benches"\ntitle = "title"\nsummary = "title"\n',
        "strings/zh.toml": 'title = "长椅"\n', "strings/en.toml": 'title = "Benches"\n',
        "panel.json": json.dumps([GOOD | {"panel_id": "benches.one"}]),
    } | files  # fmt: skip
    for path, text in content.items():
        (package / path).write_text(text, encoding="utf-8")


def test_a_pack_outside_the_package_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(tmp_path, "benches_pack")
    monkeypatch.syspath_prepend(str(tmp_path))
    pack = read_pack("benches_pack", KNOWN)
    assert (pack.title_zh, pack.title_en) == ("长椅", "Benches")
    assert pack.panels[0]["title"] == {"zh": "长椅", "en": "Benches"}
    packs = discover((*BUILT_IN, "benches_pack"))
    assert "benches.one" in {p["panel_id"] for p in packs.panels("cockpit")}
    sys.modules.pop("benches_pack", None)


@pytest.mark.parametrize(
    ("name", "files", "named"),
    [
        ("no_words_pack", {"strings/en.toml": ""}, "not in both languages"),
        ("bad_json_pack", {"panel.json": "[{]"}, "panel.json"),
        (
            "bad_key_pack",
            {"manifest.toml": 'pack_id = "a"\ntitle = "title"\nsummary = "title"\ncolour = 1\n'},
            "colour",
        ),
        (
            "bad_stage_pack",
            {"manifest.toml": 'pack_id = "a"\ntitle = "title"\nsummary = "title"\nstage = "x"\n'},
            "pilot",
        ),
    ],
)
def test_a_broken_pack_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, files: dict[str, str], named: str
) -> None:
    write_pack(tmp_path, name, **files)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PackInvalid) as caught:
        read_pack(name, KNOWN)
    assert named in str(caught.value)


def test_a_pack_that_is_not_there_is_named() -> None:
    with pytest.raises(PackInvalid):
        read_pack("huitian.scenarios.nonsense")


def test_two_packs_of_one_id_are_refused() -> None:
    with pytest.raises(PackInvalid, match="another pack"):
        discover((*BUILT_IN, BUILT_IN[0]))
