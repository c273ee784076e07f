"""Only ``huitian/base/planner.py`` makes an ``Allowed``: one authorisation, many stores."""

import ast
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository, needed

MAKER = "huitian/base/planner.py"
CLASS = "Allowed"
WORDS = "only base/planner.py makes an Allowed; ask planner.allow(scope, entity) for one"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every place outside the planner that builds, copies or hands out an ``Allowed`` of its own."""
    yield from needed(repository, MAKER)
    for path in repository.python("huitian", "tools", "bench", "tests"):
        if path == MAKER:
            continue
        for node in ast.walk(repository.tree(path)):
            if isinstance(node, ast.Call) and _makes(node):
                yield Finding(path, node.lineno, WORDS)
            if isinstance(node, ast.ClassDef) and node.name == CLASS:
                yield from (
                    Finding(path, call.lineno, WORDS) for call in _calls(node) if _name(call.func) == "cls"
                )


def _makes(call: ast.Call) -> bool:
    """``Allowed(…)``, ``m.Allowed(…)``, ``object.__new__(Allowed)``, ``replace(allowed, …)``."""
    made = _name(call.func)
    if made == CLASS:
        return True
    first = _name(call.args[0]).lower() if call.args else ""
    return (made == "__new__" and first == CLASS.lower()) or (
        made in {"replace", "copy", "deepcopy", "__replace__"} and first.endswith(CLASS.lower())
    )


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def _name(node: ast.expr) -> str:
    """Return the last name of ``a``, ``a.b`` or ``a.b.c``; empty for anything else."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
