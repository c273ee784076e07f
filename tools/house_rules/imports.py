"""The imports of a Python file, as dotted names."""

import ast
from collections.abc import Iterator


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of every import, wherever it stands in the file.

    ``from a.b import c`` gives ``a.b.c``: it may name a module. So does ``import_module("a.b")``.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value


def is_in(name: str, package: str) -> bool:
    """Is ``name`` this package or something in it?"""
    return name == package or name.startswith(f"{package}.")
