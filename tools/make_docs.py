"""``make docs``: write the pages that the code knows best; ``--check`` says which are not up to date."""

import argparse
import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.pages import cli, entities, errors, interface, numbers, panels, settings
from tools.places import ROOT


@dataclass(frozen=True, slots=True)
class Subject:
    """Pages of one subject.

    Attributes:
        needs: The module they are made from; while it does not exist there are no pages.
        pages: Makes them: {path from the root: text}.
    """

    needs: str
    pages: Callable[[], dict[str, str]]


SUBJECTS = (
    Subject("huitian.settings", settings.pages),
    Subject("huitian.errors", errors.pages),
    Subject("huitian.base.entities", entities.pages),
    Subject("huitian.scenarios", numbers.pages),
    Subject("huitian.plugin.panel", panels.pages),
    Subject("huitian.cli.app", cli.pages),
    Subject("huitian.api.server", interface.pages),
)
WHOLLY_MADE = ("docs/errors",)
"""Folders in which nothing is written by hand: a page without its subject is removed."""


def every_page() -> dict[str, str]:
    """Return every page whose subject exists."""
    made: dict[str, str] = {}
    for subject in SUBJECTS:
        if exists(subject.needs):
            made.update(subject.pages())
    return made


def exists(module: str) -> bool:
    """Is there a module of this name?"""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def stale(made: dict[str, str]) -> Iterator[str]:
    """Yield the paths whose file is absent, differs from what is made, or is made by nothing any more."""
    for path, text in made.items():
        file = ROOT / path
        if not file.exists() or file.read_text("utf-8") != text:
            yield path
    for folder in WHOLLY_MADE:
        there = (path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob("*.md"))
        yield from (path for path in there if path not in made)


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(prog="tools.make_docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a page is not up to date")
    is_check = parser.parse_args().check
    made = every_page()
    paths = sorted(stale(made))
    for path in paths:
        print(f"{path}: {'not what the code says; run `make docs`' if is_check else 'written'}")
        if not is_check:
            write(path, made.get(path))
    return 1 if is_check and paths else 0


def write(path: str, text: str | None) -> None:
    """Write one page, or remove it where there is no text for it."""
    file = ROOT / path
    if text is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
