"""No SQL keyword is a column or table name: none that would need quotes on SQLite or PostgreSQL."""

import ast
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository, needed

TABLES = "huitian/engine/tables.py"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield names that need quotes; the first string of every call in the file is taken for a name."""
    from sqlalchemy.dialects import postgresql, sqlite

    yield from needed(repository, TABLES)
    if TABLES not in repository.files:
        return
    quoting = [dialect.dialect().identifier_preparer for dialect in (sqlite, postgresql)]
    for node in ast.walk(repository.tree(TABLES)):
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.isidentifier():
            name = first.value
            if any(each.quote(name) != name for each in quoting):
                yield Finding(
                    TABLES, first.lineno, f"the name '{name}' is an SQL keyword; choose the field's own noun"
                )
