"""The documentation is whole: links lead somewhere, and what there is has its page."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from huitian.errors import all_errors
from huitian.settings.table import SETTINGS
from tests.docs.pages import CHINESE, FENCE, Block, blocks, english_of, is_chinese, links, matches, pages
from tools.places import ROOT

CJK = re.compile("[一-鿿]")
READMES = (Path("README.md"), Path("README.zh-CN.md"))
PICTURE = ROOT / "docs" / "images" / "cockpit.png"
HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)


def headings(page: Path) -> list[tuple[str, str]]:
    """Return the headings of a page: their marks and words."""
    return HEADING.findall(FENCE.sub("", (ROOT / page).read_text("utf-8")))


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    titles = [title for _, title in headings(page)]
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in links(page):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.exists(), f"{page}: {target}"
        assert there.resolve().is_relative_to(ROOT), f"{page}: {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there.resolve().relative_to(ROOT)), f"{page}: {target}"


def editions(folder: str) -> tuple[set[str], set[str]]:
    """Return the pages of a folder, and for each its Chinese edition or, where it has none, itself."""
    names = {path.name for path in (ROOT / "docs" / folder).glob("*.md")} - {
        "README.md",
        f"README{CHINESE}.md",
    }
    english = {name for name in names if not name.endswith(f"{CHINESE}.md")}
    return english, {
        chinese if (chinese := name.replace(".md", f"{CHINESE}.md")) in names else name for name in english
    }


@pytest.mark.parametrize("folder", ["guides", "concepts", "reference", "decisions"])
def test_every_page_of_a_folder_is_in_its_index(folder: str) -> None:
    english, chinese = editions(folder)
    assert english
    index = Path("docs") / ("decisions" if folder == "decisions" else "")
    assert not english - {Path(target).name for target in links(index / "README.md")}
    if folder != "decisions":
        assert not chinese - {Path(target).name for target in links(index / f"README{CHINESE}.md")}


def test_the_index_tells_the_same_in_both_languages() -> None:
    rows = [
        re.findall(
            r"^\| \[([^\]]+)\]\(([^)]+)\)(?:（([^）]+)）)? \| ([^|]+) \|$",
            path.read_text("utf-8"),
            re.MULTILINE,
        )
        for path in (ROOT / "docs" / "README.md", ROOT / "docs" / f"README{CHINESE}.md")
    ]
    english, chinese = rows
    assert len(english) > 40
    assert [there for _, there, _, _ in english] == [there.replace(CHINESE, "") for _, there, _, _ in chinese]
    for title, there, mark, told in chinese:
        assert CJK.search(title), there
        assert CJK.search(told), there
        # A page that a reader of Chinese cannot read says so before it is opened.
        assert (there.endswith(f"{CHINESE}.md")) == (mark == ""), there
    for title, there, _, told in english:
        assert not CJK.search(title + told), there


def test_every_setting_has_a_row() -> None:
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    assert [s.name for s in SETTINGS if f"| `{s.name}` |" not in reference] == []


def test_every_error_has_a_page() -> None:
    codes = {kind.code for kind in all_errors()}
    assert codes
    assert sorted(code for code in codes if not (ROOT / "docs" / "errors" / f"{code}.md").exists()) == []


def test_concepts_fit_on_a_page() -> None:
    for path in (ROOT / "docs" / "concepts").glob("*.md"):
        n_lines = path.read_text("utf-8").count("\n")
        assert n_lines <= 120, f"{path.name}: {n_lines} lines"


def typed(block: Block, before: Block | None) -> str:
    """Return what a block has whatever its language: no comment, no choice of a language, no words of the program.

    What a Python example prints has no words, so it is the same.
    """
    if block.words.startswith("text") and (before is None or before.words != "python run"):
        return ""
    return re.sub(
        r"(^|\s+)#.*", "", block.text.replace("export HUITIAN_LANGUAGE=en\n", ""), flags=re.MULTILINE
    )


@pytest.mark.parametrize("chinese", [page for page in pages() if is_chinese(page)], ids=str)
def test_a_page_says_the_same_in_both_languages(chinese: Path) -> None:
    here, there = ([marks for marks, _ in headings(page)] for page in (chinese, english_of(chinese)))
    assert here == there, "headings differ"
    ours, theirs = (
        [(block.words, typed(block, before)) for before, block in pairwise([None, *blocks(page)]) if block]
        for page in (chinese, english_of(chinese))
    )
    assert ours == theirs, "commands differ"


def test_the_readme_tells_the_targets_of_make() -> None:
    told = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    targets = set(re.findall(r"^  make (\w+)", told, re.MULTILINE))
    for page in (*READMES, Path("CONTRIBUTING.md"), Path("docs/guides/run-it.md")):
        named = set(
            re.findall(r"\bmake (\w+)", "\n".join(re.findall(r"`[^`\n]+`", (ROOT / page).read_text("utf-8"))))
        )
        assert named <= targets, f"{page}: {sorted(named - targets)}"


def test_the_picture_is_small_and_one_of_the_cockpit() -> None:
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
    assert PICTURE.stat().st_size <= 300_000
    for page in READMES:
        assert "docs/images/cockpit.png" in set(links(page))


@pytest.mark.parametrize(
    ("expected", "actual", "is_same"),
    [
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a b d\n", False),
        ("a\n…\nz\n", "a\nb\nc\nz\n", True),
        ("a\n…\nz\n", "a\nz\n", True),
        ("a\n", "a\nb\n", False),
        ("1.5 …", "1x5 2\n", False),
    ],
)
def test_an_output_is_held_against_what_is_shown(expected: str, actual: str, is_same: bool) -> None:
    assert matches(expected, actual) is is_same
