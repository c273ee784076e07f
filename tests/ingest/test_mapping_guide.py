"""The mappings of the guide can be read as they stand, and its table of keys is whole."""

import re
import tomllib
from pathlib import Path

import pytest

from huitian.ingest.column_map import KEYS
from huitian.ingest.mapping_file import TOP, mapping_of
from huitian.sources.kinds import source_kind

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "mapping.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split('"')[1])
def test_an_example_is_a_mapping(example: str) -> None:
    told = tomllib.loads(example)
    kind = "letters" if told["entity"] == "case" else "csv"
    assert mapping_of(told, source_kind(kind), "guide", example).source_id == told["source_id"]


def test_every_key_is_in_the_guide() -> None:
    for name in {*TOP, *KEYS} - {"columns", "attributes", "steps"}:
        assert f"`{name}`" in GUIDE or f"`[{name}]`" in GUIDE, name
    assert len(EXAMPLES) == 4
