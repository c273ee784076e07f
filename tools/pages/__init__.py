"""The generated part of docs/: one module a subject, each gives its pages as {path from the root: text}."""

from collections.abc import Callable
from typing import Literal

Language = Literal["zh", "en"]
NOTE = "<!-- Made by `make docs` from the code; do not edit. -->\n"


def cell(value: object) -> str:
    """Return a value as the text of a table cell; missing is a dash."""
    text = "—" if value is None or value == "" else str(value)
    return text.replace("|", "\\|").replace("\n", " ")


def row(*values: object) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(map(cell, values))} |"


def head(*titles: str) -> list[str]:
    """Return the two first rows of a table."""
    return [row(*titles), f"|{'---|' * len(titles)}"]


def in_both(path: str, page: Callable[[Language], list[str]]) -> dict[str, str]:
    """Return one page in both languages: English under its name, Chinese beside it, each leading to the other.

    Args:
        path: From the root, without ``.md``.
        page: Makes the lines of the page in a language; the first is its title.
    """
    name = path.rpartition("/")[2]
    made = {}
    for lang, end, other in (
        ("en", "", f"[中文]({name}.zh-CN.md)"),
        ("zh", ".zh-CN", f"[English]({name}.md)"),
    ):
        title, *lines = page(lang)  # type: ignore[arg-type]
        made[f"{path}{end}.md"] = "\n".join([NOTE, title, "", other, "", *lines, ""])
    return made
