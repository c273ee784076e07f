import json
import re

import pytest

from tools import notices
from tools.missing import Missing
from tools.places import WEB

IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']((?:@[\w-]+/)?[a-z][\w./-]*)["']""")


@pytest.fixture
def web(tmp_path):
    def package(name, **said):
        folder = tmp_path / "node_modules" / name if name else tmp_path
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0", **said}), "utf-8")
        return folder

    package("", dependencies={"a": "1"}, devDependencies={"tool": "1"})
    (package("a", license="MIT", dependencies={"@b/c": "1"}) / "LICENSE").write_text("Words of A", "utf-8")
    package("tool", license="GPL-3.0")
    return package


def test_what_is_shipped_is_listed_with_its_words_and_tools_are_not(web, tmp_path):
    readme = "# C\n## License (ISC)\nPermission to use C\n## More\nelse\n"
    (web("@b/c", license="ISC") / "README.md").write_text(readme, "utf-8")
    text = notices.text_of(notices.packages(tmp_path))
    assert text.index("@b/c 1.0.0 · ISC") < text.index("Permission to use C") < text.index("Words of A")
    assert "tool" not in text
    assert "else" not in text


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "", "MIT AND GPL-3.0", "SEE LICENSE IN x"])
def test_a_licence_that_asks_for_more_is_refused(web, tmp_path, licence):
    (web("@b/c", license=licence) / "LICENSE").write_text("words", "utf-8")
    with pytest.raises(Missing, match="@b/c 1"):
        notices.text_of(notices.packages(tmp_path))


def test_a_licence_without_its_text_is_refused(web, tmp_path):
    web("@b/c", license="ISC")
    with pytest.raises(Missing, match="no licence text"):
        notices.text_of(notices.packages(tmp_path))


@pytest.mark.parametrize("expression", ["MIT", "(MIT OR GPL-3.0)", "Apache-2.0 AND ISC"])
def test_permissive_expressions(expression):
    assert notices.is_permissive(expression)


def test_the_screens_import_what_they_ship_and_no_tool():
    shipped = set(json.loads((WEB / "package.json").read_text("utf-8"))["dependencies"])
    sources = [path for path in (WEB / "src").rglob("*") if path.suffix in {".ts", ".vue", ".css"}]
    named = {name for path in sources for name in IMPORT.findall(path.read_text("utf-8"))}
    packages = {"/".join(name.split("/")[: 2 if name.startswith("@") else 1]) for name in named}
    assert "vue" in packages
    types_alone = {"geojson"}
    assert packages <= shipped | types_alone
