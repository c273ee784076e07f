"""A float says its unit: ``speed_mps``, ``dwell_s``. Coordinates, scores and counts (``n_…``) are exempt.

Arithmetic on any quantity says so on the line of the name: ``# no unit: reason``.
"""

import ast
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository

UNITS = (
    *("s", "ms", "min", "h", "days", "years"),  # time
    *("m", "km", "mm", "px", "m2", "km2", "ha", "m3"),  # length, area, volume
    *("mps", "kmh", "pph", "vph", "per_s", "per_h", "per_km2", "per_m2"),  # speed, flow, density
    *("deg", "rad", "ratio", "share", "pp", "db", "celsius", "pa", "kpa", "hpa", "mm_h", "ug_m3"),
    *("kg", "t", "kw", "kwh", "mb", "gb", "yuan"),
)
EXEMPT = {
    *("lon", "lat", "west", "south", "east", "north", "x", "y", "z"),
    *("value", "numerator", "denominator"),  # of a figure, which says its unit beside
    *("score", "weight", "confidence"),  # 0–1 by definition
}
FLOATS = {"float", "float | None", "None | float", "Optional[float]"}

NO_UNIT = "# no unit: "


def check(repository: Repository) -> Iterator[Finding]:
    """Yield public fields and parameters annotated float whose name has no unit."""
    for path in repository.python("huitian"):
        lines = repository.text(path).splitlines()
        for node, owner in public(repository.tree(path)):
            if isinstance(node, ast.ClassDef):
                names: list[tuple[str, ast.expr | None, int]] = [
                    (field.target.id, field.annotation, field.lineno)
                    for field in node.body
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
                ]
            else:
                every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                names = [(arg.arg, arg.annotation, arg.lineno) for arg in every]
            for name, annotation, line_no in names:
                is_float = annotation is not None and ast.unparse(annotation).strip("'\"") in FLOATS
                if is_float and not says_unit(name) and NO_UNIT not in lines[line_no - 1]:
                    words = f"{owner}: the float '{name}' says no unit; end it in _s, _m, _ratio …"
                    yield Finding(path, line_no, words)


def says_unit(name: str) -> bool:
    """Does a name end in a unit, or need none?"""
    return (
        name in {*EXEMPT, "ratio"}
        or name.startswith("n_")
        or name.endswith(tuple(f"_{unit}" for unit in (*UNITS, *EXEMPT)))
    )


def public(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """Yield the public classes, functions and methods of a module with their names."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node, node.name
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and _is_public(inner.name):
                    yield inner, f"{node.name}.{inner.name}"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_public(node.name):
            yield node, node.name


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))
