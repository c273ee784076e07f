"""Who may import what: concrete engines, web frameworks, stores, and what packs and the simulator may know.

The order of the layers is held by the import contracts in pyproject.toml; these are the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.house_rules.imports import imports, is_in
from tools.house_rules.repository import Finding, Repository


@dataclass(frozen=True, slots=True)
class Reserved:
    """Packages that only some files may import.

    Attributes:
        packages: Dotted names.
        importers: Files or folders that may; a folder ends in ``/``.
        words: Why, and what to do.
    """

    packages: tuple[str, ...]
    importers: tuple[str, ...]
    words: str


RESERVED = (
    Reserved(
        ("huitian.engine.embedded", "huitian.engine.scaled"),
        ("huitian/app/", "huitian/engine/", "tests/", "bench/"),
        "only app/ names a concrete engine; take the port from engine/ports.py",
    ),
    Reserved(
        ("fastapi", "starlette"),
        ("huitian/api/", "tests/", "bench/"),
        "HTTP belongs to api/; return a value or raise a HuitianError",
    ),
    Reserved(
        ("uvicorn",),
        ("huitian/api/", "huitian/cli/", "tests/", "bench/"),
        "only the command that serves starts a server",
    ),
    Reserved(
        ("sqlalchemy", "sqlite3", "alembic", "duckdb", "ibis", "psycopg"),
        ("huitian/engine/", "huitian/sources/database/", "tests/", "bench/", "tools/"),
        "only engine/ opens Huitian's own stores; read through a port",
    ),
)
KNOWN_TO = {
    "huitian/simulate/": ("model", "plugin", "errors", "units", "clock", "simulate"),
    "huitian/scenarios/": ("model", "plugin", "errors", "units"),
}
"""What of Huitian the files of a folder may import."""
NOT_KNOWN_TO = {
    "huitian/api/routes/": (
        ("huitian.engine", "huitian.base.masks"),
        "a route reads through the planner: city.planner.allow(reader.scope, …), then city.planner.read",
    ),
}
"""What the files of a folder may not import, and what to do instead."""


def check(repository: Repository) -> Iterator[Finding]:
    """Yield imports that are not theirs to make."""
    for path in repository.python("huitian", "tests", "bench", "tools"):
        for line_no, name in imports(repository.tree(path)):
            yield from (
                Finding(path, line_no, f"imports {name}: {rule.words}")
                for rule in RESERVED
                if any(is_in(name, package) for package in rule.packages)
                and not path.startswith(rule.importers)
            )
            for folder, (unknown, words) in NOT_KNOWN_TO.items():
                if path.startswith(folder) and any(is_in(name, one) for one in unknown):
                    yield Finding(path, line_no, f"imports {name}: {words}")
            for folder, known in KNOWN_TO.items():
                if path.startswith(folder) and is_in(name, "huitian") and not _may_know(path, name, known):
                    yield Finding(path, line_no, f"imports {name}: {folder} may know only {', '.join(known)}")


def _may_know(path: str, name: str, known: tuple[str, ...]) -> bool:
    own_pack = ".".join(path.split("/")[:3])
    is_test = path.rpartition("/")[2].startswith("test_")
    return is_in(name, own_pack) or is_test or any(is_in(name, f"huitian.{package}") for package in known)
