"""A module is named by its subject: no utils, helpers, common, misc, core, manager, service, handler."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.house_rules.repository import Finding, Repository

FORBIDDEN = {
    "common",
    "const",
    "core",
    "handler",
    "helper",
    "impl",
    "manager",
    "misc",
    "service",
    "type",
    "util",
}
CODE = {".py", ".ts", ".tsx", ".vue", ".js", ".mjs", ".css"}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield files and folders of code whose name says nothing."""
    for path in repository.files:
        pure = PurePosixPath(path)
        if pure.suffix not in CODE:
            continue
        for part in (*pure.parts[:-1], pure.name.split(".")[0]):
            word = part.lower()
            if word in FORBIDDEN or word.removesuffix("s") in FORBIDDEN:
                yield Finding(path, 1, f"'{part}' is a pattern, not a subject; name the noun this is about")
