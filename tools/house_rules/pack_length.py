"""A pack is at most 200 lines of Python logic: if it needs more, an engine lacks something."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository

MOST = 200
PACKS = "huitian/scenarios"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield packs whose Python is too long; tests of a pack do not count."""
    n_lines: dict[str, int] = defaultdict(int)
    for path in repository.python(PACKS):
        parts = path.split("/")
        is_in_pack = len(parts) > 3  # huitian/scenarios/<id>/file.py
        if is_in_pack and not parts[-1].startswith("test_"):
            n_lines["/".join(parts[:3])] += n_logic_lines(repository.tree(path))
    for pack, n in n_lines.items():
        if n > MOST:
            yield Finding(
                f"{pack}/__init__.py",
                1,
                f"{n} lines of logic, at most {MOST}; move what is general to an engine",
            )


def n_logic_lines(tree: ast.Module) -> int:
    """Count the lines that hold code: no blank lines, comments or docstrings."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        is_words = (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
        if isinstance(node, ast.stmt) and not is_words:
            has_body = isinstance(getattr(node, "body", None), list)
            last = node.lineno if has_body else node.end_lineno or node.lineno
            lines.update(range(node.lineno, last + 1))
    return len(lines)
