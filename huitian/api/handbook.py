"""The handbook: the documentation as pages of this server, so that help needs no network beyond it.

The Markdown travels in the wheel. It is rendered when first asked for, without raw HTML: what a page of the docs
does not say in Markdown is shown as text.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

INSIDE, BESIDE = Path(__file__).parents[1] / "docs", Path(__file__).parents[2] / "docs"
"""Where the docs lie in an installed package, and in a checkout."""
CHINESE = ".zh-CN"
BOTH = "中英对照"
"""How the Chinese index marks a page that is in both languages at once."""
PART = 2
"""Headings of this level are what a screen can point at."""
REMARK = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)
"""What a page of generated documentation begins with: for whoever would edit it, not for readers."""
PLAIN = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title><!--title--> · 回天 Huitian</title>
<header><!--links--></header><main id="main"><!--page--></main></html>
"""
"""The frame of a page where the screens are not built."""


@dataclass(frozen=True, slots=True)
class HandbookPage:
    """One page in one language.

    Attributes:
        path: Below ``docs``, without ``.md``: ``guides/the-desk``.
        title: Its first heading.
        language: ``zh-CN`` or ``en``: in which it is written.
        languages: In which it can be read.
        note: What the reader is told first where the page is not in the reader's language, in that language; else
            empty.
        parts: HTML by anchor, in order; the first, before any second heading, has the empty anchor.
        titles: Heading by anchor.
        asked: The language of the reader, in which the note is.
    """

    path: str
    title: str
    language: str
    languages: tuple[str, ...]
    note: str
    parts: dict[str, str]
    titles: dict[str, str]
    asked: str = "zh-CN"


def folder() -> Path:
    """Return where the docs lie."""
    return INSIDE if INSIDE.is_dir() else BESIDE


@cache
def paths() -> frozenset[str]:
    """Return the paths of all pages, without ``.md``."""
    found = (path.relative_to(folder()).as_posix() for path in folder().rglob("*.md"))
    return frozenset(path.removesuffix(".md") for path in found if not path.endswith(f"{CHINESE}.md"))


def page_of(path: str, language: str) -> HandbookPage | None:
    """Return a page in a language, or in English where it has no other; None where there is none.

    Anchors are those of the English headings in both languages: the n-th heading has one anchor.
    """
    return rendered(path, language) if path in paths() else None


@cache
def rendered(path: str, language: str) -> HandbookPage:
    """Return a page that is there."""
    english, chinese = folder() / f"{path}.md", folder() / f"{path}{CHINESE}.md"
    has_chinese = chinese.is_file()
    is_chinese = language == "zh-CN" and has_chinese
    text = REMARK.sub("", (chinese if is_chinese else english).read_text("utf-8"))
    titles = anchors(english.read_text("utf-8"))
    tokens = without_switch(parser().parse(text), path)
    name_headings(tokens, list(titles))
    mend_words(tokens, path, "zh-CN" if is_chinese else "en")
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # where it is wider than the page it is scrolled by keys
    parts = parts_of(tokens)
    own = list(anchors(text).values())
    named = dict(zip(titles, own, strict=False)) if is_chinese else titles
    title = next((t.content for t in tokens if t.type == "inline"), path)
    return HandbookPage(
        path, plain(title), "zh-CN" if is_chinese else "en", ("zh-CN", "en") if has_chinese else ("en",),
        "" if has_chinese else note_of(path, language), parts, named, language,
    )  # fmt: skip


def parser() -> MarkdownIt:
    """Return a parser of what the docs use: CommonMark with tables, raw HTML as text."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def note_of(path: str, language: str) -> str:
    """Return what a page without a Chinese edition says of itself to a reader of a language."""
    mark, told = listed().get(path, ("", ""))
    if mark == BOTH:
        return (
            "本页中英对照。"
            if language == "zh-CN"
            else "Chinese and English stand side by side on this page."
        )
    if language != "zh-CN":
        return ""
    return f"本页目前只有英文，内容：{told}。" if told else "本页目前只有英文。"


@cache
def listed() -> dict[str, tuple[str, str]]:
    """Return how the Chinese index marks a page and what it says of it, by path."""
    rows = re.findall(
        r"^\| \[[^\]]+\]\(([^)#]+)\.md\)(?:（([^）]+)）)? \| ([^|]+) \|$",
        (folder() / f"README{CHINESE}.md").read_text("utf-8"), re.MULTILINE,
    )  # fmt: skip
    return {path.removesuffix(CHINESE): (mark, told) for path, mark, told in rows}


def without_switch(tokens: list[Token], path: str) -> list[Token]:
    """Return the tokens of a page without the line that leads to its other language: the frame has that link."""
    for n, token in enumerate(tokens):
        hrefs = [str(inner.attrGet("href")) for inner in token.children or () if inner.type == "link_open"]
        if token.type == "inline" and len(token.children or ()) == 3 and len(hrefs) == 1:
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), hrefs[0]))
            if there in {f"{path}.md", f"{path}{CHINESE}.md"}:
                return [*tokens[: n - 1], *tokens[n + 2 :]]
    return tokens


def anchors(text: str) -> dict[str, str]:
    """Return the second and third headings of a page by anchor, in order; the anchor is GitHub's."""
    tokens = parser().parse(text)
    words = [
        tokens[n + 1].content
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in {"h2", "h3"}
    ]
    found: dict[str, str] = {}
    for title in words:
        slug = re.sub(r"[^\w\- ]", "", plain(title).lower()).strip().replace(" ", "-")
        found[slug if slug not in found else f"{slug}-{len(found)}"] = plain(title)
    return found


def plain(words: str) -> str:
    """Return the words of a heading without the marks of code and links."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words.replace("`", ""))


def name_headings(tokens: Sequence[Token], ids: Sequence[str]) -> None:
    """Give the second and third headings their anchors."""
    names = iter(ids)
    for token in tokens:
        if token.type == "heading_open" and token.tag in {"h2", "h3"}:
            token.attrSet("id", next(names, ""))


def mend_words(tokens: Sequence[Token], path: str, language: str) -> None:
    """Point links between pages at their addresses here; what lies outside the docs has none and becomes text.

    A line of Chinese ends without a space.
    """
    for token in tokens:
        opened: list[bool] = []
        for inner in token.children or ():
            if inner.type == "link_open":
                href = address_of(str(inner.attrGet("href") or ""), path, language)
                opened.append(href is not None)
                if href is not None:
                    inner.attrSet("href", href)
                else:
                    inner.tag, inner.attrs = "span", {}
            elif inner.type == "link_close" and not opened.pop():
                inner.tag = "span"
            elif inner.type == "image":
                inner.type = "text"
            elif inner.type == "softbreak" and language == "zh-CN":
                inner.type, inner.content = "text", ""


def address_of(target: str, path: str, language: str) -> str | None:
    """Return the address of what a page links to; None where it is not served here."""
    if target.startswith("#"):
        return f"#{english_anchor(path, target[1:])}"
    if re.match(r"[a-z]+:", target):
        return target if target.startswith("https:") else None
    name, _, anchor = target.partition("#")
    there = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if there.startswith("..") or not there.endswith(".md") or not (folder() / there).is_file():
        return None
    other = there.removesuffix(".md").removesuffix(CHINESE)
    # The link of a page to itself is the one to its other language.
    lang = ("en" if language == "zh-CN" else "zh-CN") if other == path else language
    return f"/docs/{other}?lang={lang}{'#' + english_anchor(other, anchor) if anchor else ''}"


def english_anchor(path: str, anchor: str) -> str:
    """Return the English anchor of a heading that a Chinese page names by its own words; any other as it is."""
    return english_anchors(path).get(unquote(anchor), anchor)


@cache
def english_anchors(path: str) -> dict[str, str]:
    """Return the English anchor of every Chinese one of a page; nothing where it has no Chinese edition."""
    chinese = folder() / f"{path}{CHINESE}.md"
    if not chinese.is_file():
        return {}
    own, named = (anchors(file.read_text("utf-8")) for file in (chinese, folder() / f"{path}.md"))
    return dict(zip(own, named, strict=False))


def parts_of(tokens: Sequence[Token]) -> dict[str, str]:
    """Return the HTML of a page, cut before each second heading."""
    cuts = [n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == f"h{PART}"]
    made = parser()
    found: dict[str, str] = {}
    for first, last in zip([0, *cuts], [*cuts, len(tokens)], strict=True):
        anchor = str(tokens[first].attrGet("id") or "") if first in cuts else ""
        found[anchor] = made.renderer.render(tokens[first:last], made.options, {})
    return found


def article(page: HandbookPage, part: str | None = None) -> str:
    """Return a page, or one part of it, as the content of ``<main>``."""
    body = "".join(page.parts.values()) if part is None else page.parts.get(part, "")
    told = page.note if part is None else ""
    said = f'<p class="summary" lang="{page.asked}">{escape(told)}</p>' if told else ""
    return (
        f'<article class="doc" lang="{page.language}" data-doc="{escape(page.path)}">{said}{body}</article>'
    )


def whole(shell: str, page: HandbookPage, language: str, content: str, address: str = "") -> str:
    """Return a page of the handbook in the dress of the screens.

    Args:
        shell: The built ``docs.html``; empty where the screens are not built.
        page: The page.
        language: In which the frame around it speaks.
        content: What stands in ``<main>``.
        address: Where the page is read; empty for that of the page itself.
    """
    is_zh = language == "zh-CN"
    other, other_words = ("en", "English") if is_zh else ("zh-CN", "中文")
    back = "文档目录" if is_zh else "All documentation"
    here = escape(address or f"/docs/{page.path}")
    links = [f'<a href="/docs?lang={language}">{back}</a>',
             f'<a href="{here}?lang={other}" lang="{other}">{other_words}</a>']  # fmt: skip
    contents = "".join(
        f'<li><a href="#{escape(anchor)}">{escape(page.titles[anchor])}</a></li>'
        for anchor in page.parts
        if anchor in page.titles
    )
    label = "本页" if is_zh else "On this page"
    aside = f'<nav class="contents" aria-label="{label}"><ul>{contents}</ul></nav>' if contents else ""
    filled = (shell or PLAIN).replace('lang="zh-CN"', f'lang="{language}"', 1)
    filled = filled.replace("<!--mark-->", "回天" if is_zh else "Huitian", 1)
    for mark, words in (
        ("<!--title-->", escape(page.title)), ("<!--links-->", "".join(links)), ("<!--contents-->", aside),
        ("<!--page-->", content),
    ):  # fmt: skip
        filled = filled.replace(mark, words, 1)
    return filled
