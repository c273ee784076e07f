"""Every kind of source has what a kind needs, and says what it takes."""

import pytest

from huitian.errors import UnknownSource
from huitian.sources.kinds import FOLDER, SourceKind, source_kind, source_kinds

every_kind = pytest.mark.parametrize("kind", source_kinds().values(), ids=lambda kind: kind.kind)


def test_the_kinds_that_there_are() -> None:
    assert set(source_kinds()) == {"csv", "geojson", "json", "letters"}


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UnknownSource) as caught:
        source_kind("xlsx")
    assert "csv, geojson" in caught.value.words("en")


@every_kind
class TestEveryKind:
    def test_has_a_reader_and_a_page(self, kind: SourceKind) -> None:
        assert callable(kind.opener())
        assert (FOLDER / kind.kind / "README.md").read_text("utf-8").startswith(f"# {kind.kind}")

    def test_has_a_sample_with_its_mapping(self, kind: SourceKind) -> None:
        samples = {path.suffix for path in (FOLDER / kind.kind / "sample").iterdir()}
        assert ".toml" in samples
        assert samples & set(kind.suffixes)

    def test_says_every_option_in_both_languages(self, kind: SourceKind) -> None:
        for option in kind.options.values():
            assert option.words_zh
            assert option.words_en
            assert not option.choices or option.default in option.choices
