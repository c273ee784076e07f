"""An instant is named ``…_at`` and a date ``…_on``, ``…_from`` or ``…_to``, in fields and in columns."""

import ast
from collections.abc import Iterator

from tools.house_rules.float_units import public
from tools.house_rules.repository import Finding, Repository

ENDINGS = {"datetime": ("_at", "as_of"), "date": ("_on", "_from", "_to")}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield public fields annotated datetime or date whose name does not say which."""
    for path in repository.python("huitian"):
        for node, owner in public(repository.tree(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    kind = ast.unparse(field.annotation).strip("'\"").removesuffix(" | None").split(".")[-1]
                    endings = ENDINGS.get(kind)
                    if endings and not f"_{field.target.id}".endswith(endings):
                        words = (
                            f"{owner}.{field.target.id} is a {kind}; end its name in {' or '.join(endings)}"
                        )
                        yield Finding(path, field.lineno, words)
