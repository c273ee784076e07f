"""Every read of every port of ``huitian/engine/ports.py`` takes ``allowed: Allowed`` first."""

import ast
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository, needed

PORTS = "huitian/engine/ports.py"

NOT_READS = {
    "Writing": {"add", "put", "change", "remove", "next_number", "emit", "chain", "erase", "learn"},
    "Records": {"writing", "survey", "check", "close"},
    "Events": {"last_seq", "wait", "interrupt"},
    "Files": {"keep", "sweep", "list_ids", "remove"},
    "Tries": {"left_s", "count", "give_back"},
    "Engine": {
        "is_sealing",
        "destroy_keys",
        "key_states",
        "lost_key_copies",
        "empty_log",
        "kind",
        "where",
        "records",
        "events",
        "files",
        "tries",
        "watch",
        "opened_at",
        "hold",
        "hold_alone",
        "rebuild_boxes",
        "close",
    },  # fmt: skip,
}
"""Methods that return nothing of the city: writes, and the state of the store. Every other one is a read."""


def check(repository: Repository) -> Iterator[Finding]:
    """Yield methods of a port that read without a permission, and exceptions that no longer exist."""
    yield from needed(repository, PORTS)
    if PORTS not in repository.files:
        return
    ports = {node.name: node for node in repository.tree(PORTS).body if isinstance(node, ast.ClassDef)}
    for name, port in ports.items():
        methods = [node for node in port.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for method in methods:
            if method.name not in NOT_READS.get(name, set()) and not _takes_allowed(method):
                words = f"{name}.{method.name} is a read and must take 'allowed: Allowed' first"
                yield Finding(PORTS, method.lineno, f"{words}; if it is not a read, list it in the rule")
        for gone in sorted(NOT_READS.get(name, set()) - {method.name for method in methods}):
            yield Finding(PORTS, port.lineno, f"{name}.{gone} is gone; take it out of the rule's list")


def _takes_allowed(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    positional = [*method.args.posonlyargs, *method.args.args][1:2]
    return bool(positional) and positional[0].arg == "allowed" and _is_allowed(positional[0].annotation)


def _is_allowed(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation).strip("'\"").split(".")[-1] == "Allowed"
