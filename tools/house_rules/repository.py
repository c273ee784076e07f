"""What the rules read: the files that belong to the repository, their text and their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken.

    Attributes:
        path: File, relative to the root, with ``/``.
        line_no: Line from 1.
        words: What is wrong and what to do.
        is_warning: Said, but not an error.
    """

    path: str
    line_no: int
    words: str
    is_warning: bool = False


class Repository:
    """A checkout: the files git tracks or would track.

    Args:
        root: Its top folder. Without git every file below it counts.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._trees: dict[str, ast.Module] = {}

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file, sorted."""
        if not (self.root / ".git").exists():
            paths = (path for path in self.root.rglob("*") if path.is_file())
            return tuple(sorted(path.relative_to(self.root).as_posix() for path in paths))
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=self.root, capture_output=True, check=True).stdout.decode()
        return tuple(
            sorted(name for name in set(listed.split("\0")) if name and (self.root / name).is_file())
        )

    def has(self, folder: str) -> bool:
        """Is there a file in this folder?"""
        return any(name.startswith(f"{folder}/") for name in self.files)

    def text(self, path: str) -> str:
        """Return the text of a file; bytes that are not UTF-8 are replaced."""
        return (self.root / path).read_text("utf-8", errors="replace")

    def tree(self, path: str) -> ast.Module:
        """Return the syntax tree of a Python file."""
        if path not in self._trees:
            self._trees[path] = ast.parse(self.text(path), filename=path)
        return self._trees[path]

    def python(self, *folders: str) -> Iterator[str]:
        """Yield the Python files of these folders."""
        for name in self.files:
            if name.endswith(".py") and name.startswith(tuple(f"{folder}/" for folder in folders)):
                yield name


def needed(repository: Repository, path: str) -> Iterator[Finding]:
    """Yield a finding if a file that a rule speaks of is missing although its folder is there."""
    if path not in repository.files and repository.has(path.rpartition("/")[0]):
        yield Finding(path, 1, "a house rule speaks of this file and it is gone; mend the file or the rule")
