"""Mappings: what they can say, and how a mistake in one is told."""

import tomllib
from pathlib import Path

import pytest

from huitian.errors import MappingInvalid
from huitian.ingest.mapping import RowMap
from huitian.ingest.mapping_file import mapping_of, read_mapping
from huitian.sources.kinds import source_kind

GOOD = """
source_id = "streets"
entity = "place"
level = "street"

[columns]
code = { from = "jd_id" }
name = "jd_name"
"""


def read(told: str, kind: str = "csv") -> RowMap:
    return mapping_of(tomllib.loads(told), source_kind(kind), "m.toml", told)


def test_a_mapping_with_its_defaults() -> None:
    mapping = read(GOOD)
    assert (mapping.tree, mapping.level, mapping.key) == ("admin", "street", ("code",))
    assert mapping.columns["name"].is_must
    assert mapping.columns["code"].kind == "text"
    assert mapping.options["encoding"] == "auto"
    assert mapping.file_columns() == {"jd_id": True, "jd_name": True}


def test_comments_and_order_do_not_make_another_mapping() -> None:
    again = (
        '# streets\nlevel = "street"\nentity = "place"\nsource_id = "streets"\n' + GOOD.split('"street"\n')[1]
    )
    assert read(again).map_hash == read(GOOD).map_hash
    assert read(GOOD.replace("jd_name", "name")).map_hash != read(GOOD).map_hash
    assert read(GOOD, "geojson").map_hash != read(GOOD).map_hash


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (("source_id", "sorce_id"), "sorce_id (line 2)", "Did you mean source_id?"),
        (('"streets"', '"so urce"'), "source_id (line 2)", "letters, digits"),
        (('"place"', '"palce"'), "entity (line 3)", '"place"'),
        (('"street"', '"road"'), "level (line 4)", '"community"'),
        (("name =", "nmae ="), "columns.nmae (line 8)", "Did you mean name?"),
        (('{ from = "jd_id" }', '{ form = "jd_id" }'), "columns.code.form", "no such key"),
        (('{ from = "jd_id" }', '{ from = "jd_id", kind = "integer" }'), "columns.code.kind", "text"),
        (('"place"', '"category"'), "entity", "come with Huitian"),
        (('{ from = "jd_id" }', '{ from = "jd_id", value = "1" }'), "columns.code", "exactly one of"),
        (('{ from = "jd_id" }', "{ from = 3 }"), "columns.code.from", "wrong type"),
        (
            ('{ from = "jd_id" }', '{ from = "jd_id", pattern = "(" }'),
            "columns.code.pattern",
            "regular expression",
        ),
        (('name = "jd_name"', ""), "columns", "name is missing"),
        (("[columns]", "key = 'name_en'\n[columns]"), "key", "not in [columns]"),
        (("[columns]", "datum = 'gcj-02'\n[columns]"), "datum", "bd09"),
        (("[columns]", "crs = 'EPSG:1'\n[columns]"), "crs", "EPSG:4547"),
        (("[columns]", "repair = 'yes'\n[columns]"), "repair", "make_valid"),
        (("[columns]", "[options]\nencodng = 'x'\n[columns]"), "options.encodng", "Did you mean encoding?"),
        (("[columns]", "[options]\nencoding = 'latin'\n[columns]"), "options.encoding", "gb18030"),
        (("[columns]", "[options]\nheading_row = '2'\n[columns]"), "options.heading_row", "int"),
        (("[columns]", "[[steps]]\naction = 'reply'\n[columns]"), "steps", "only letters"),
        (("[columns]", "mode = 'amend'\nkey = 'name'\n[columns]"), "key", "must be code"),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(change: tuple[str, str], field: str, words: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        read(GOOD.replace(*change))
    error = caught.value
    assert str(error.facts["field"]).startswith(field)
    assert words in error.words("en")
    assert error.words("zh") != error.words("en")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ('source_id = "l"\n[columns]\nsource_key = "id"\nreported_at = "at"\n[[steps]]\naction = "reply"\nat = "x"\n',
         "steps[1]"),
        ('source_id = "l"\n[columns]\nsource_key = "id"\nreported_at = "at"\n[[steps]]\nat = "reported_at"\n',
         "steps[1].action"),
        ('source_id = "l"\n[columns]\nsource_key = "id"\n', "columns"),
        ('source_id = "l"\nentity = "feature"\n[columns]\nfeature_id = "id"\n', "layer"),
        ('source_id = "l"\nentity = "building"\n[columns]\nbuilding_id = "id"\n'
         'height_m = { from = "h", unit = "kg" }\n', "columns.height_m.unit"),
    ],
)  # fmt: skip
def test_mistakes_in_steps_layers_and_units(told: str, field: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        read(told, "letters")
    assert str(caught.value.facts["field"]).startswith(field)


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text("source_id = streets\n", encoding="utf-8")
    with pytest.raises(MappingInvalid) as caught:
        read_mapping(path, source_kind("csv"))
    assert "line 1" in caught.value.words("en")
    with pytest.raises(MappingInvalid):
        read_mapping(tmp_path / "nothing.toml", source_kind("csv"))
    path.write_bytes("名称 = 1".encode("gb18030"))
    with pytest.raises(MappingInvalid):
        read_mapping(path, source_kind("csv"))


@pytest.mark.parametrize("path", sorted(Path("cities").glob("*/maps/*.toml")), ids=lambda path: path.stem)
def test_the_mappings_that_come_with_huitian(path: Path) -> None:
    kind = {"mailbox": "letters"}.get(path.stem, "json" if "population" in path.stem else "geojson")
    assert read_mapping(path, source_kind(kind)).source_id.startswith(path.parts[1])
