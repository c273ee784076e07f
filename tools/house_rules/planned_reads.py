"""What answers requests reads through ``planner.allow`` and ``planner.read``; every way around has a declared reason.

Around is: permission of the system (``planner.system``, ``planner.raw``), and any port of the engine
(``engine.records``, ``engine.events``, ``engine.files``, ``engine.tries``). A route that does it without standing in
``AROUND`` fails.
"""

import ast
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository

ROOM = "huitian/api/"
UNSCOPED = {"system", "raw"}
PORTS = {"records", "events", "files", "tries"}
MANY = "(anywhere in it)"

AROUND: dict[tuple[str, str], str] = {
    ("huitian/api/accounts.py", MANY): "accounts, of which no reader has any row",
    (
        "huitian/api/audit_pages.py",
        MANY,
    ): "rows of the audit, which its own views hold to the reader, with names beside them",
    ("huitian/api/claims.py", MANY): "grants of one account, written before there is a reader",
    ("huitian/api/device_keys.py", MANY): "whose account a kept key belongs to",
    ("huitian/api/ferry_health.py", MANY): "counts of trips, for who looks after the city",
    ("huitian/api/kept.py", "check_kept"): "whether a photo was taken in; nothing of it leaves",
    ("huitian/api/live.py", MANY): "one reader of the outbox for all streams, each then held to its scope",
    ("huitian/api/oidc.py", "_account_of"): "which account somebody is linked to, before there is a reader",
    ("huitian/api/audit_pages.py", "accounts"): "names of the accounts of entries that the reader was given",
    (
        "huitian/api/audit_pages.py",
        "names_of",
    ): "names of bodies and buildings of looks that the reader was given",
    ("huitian/api/audit_pages.py", "homes_of"): "which home a look was at; the reader sees its place",
    ("huitian/api/own_password.py", MANY): "accounts, of which no reader has any row",
    (
        "huitian/api/people_pages.py",
        MANY,
    ): "accounts and the reader's own grants; those of others are allowed for",
    ("huitian/api/readiness.py", MANY): "the state of the store, no row of it",
    ("huitian/api/routes/files.py", "keep_file"): "a photo is taken in, none is given out",
    ("huitian/api/routes/files.py", "content_of"): "opened with the permission that may_see gives",
    (
        "huitian/api/routes/headlines.py",
        "list_sources",
    ): "how old data are, which every signed-in reader may know",
    ("huitian/api/routes/health.py", "read_metrics"): "one count of open cases, without places",
    ("huitian/api/routes/session.py", "user_of"): "name of the reader's own organisation",
    ("huitian/api/seen.py", MANY): "when sessions and tokens were last used",
    ("huitian/api/server.py", "sweep"): "half-written files are removed, none is read",
    ("huitian/api/sessions.py", MANY): "sessions of one account, for that account or who looks after it",
    ("huitian/api/sign_in.py", MANY): "accounts and sessions, before there is a reader",
    ("huitian/api/tokens.py", MANY): "tokens of one account, before there is a reader",
    ("huitian/api/tries.py", MANY): "counts of tries by keyed hash, and the key of these",
}
"""(File, function) → why it may read without the scope of its reader; all other functions of the room may not."""


def check(repository: Repository) -> Iterator[Finding]:
    """Yield ways around the planner that nobody declared, and declarations that are no longer needed."""
    used: set[tuple[str, str]] = set()
    for path in repository.python("huitian"):
        if not path.startswith(ROOM):
            continue
        for node, function in ways_around(repository.tree(path)):
            found = {(path, function), (path, MANY)} & set(AROUND)
            used |= found
            if not found:
                words = f"{ast.unparse(node)} reads around the planner; take planner.allow(reader.scope, …)"
                yield Finding(
                    path, node.lineno, f"{words}, or declare {function} with its reason in the rule"
                )
    for path, function in sorted(set(AROUND) - used):
        if path in repository.files:
            yield Finding(
                path, 1, f"{function} no longer reads around the planner; take it out of the rule's list"
            )


def ways_around(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Yield every expression that reads around the planner, with the function that it stands in."""
    ahead: list[tuple[ast.AST, str]] = [(tree, "module")]
    while ahead:
        node, function = ahead.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        if isinstance(node, ast.expr) and goes_around(node):
            yield node, function
        ahead += [(inner, function) for inner in ast.iter_child_nodes(node)]


def goes_around(node: ast.expr) -> bool:
    """``planner.system``, also when it is handed on uncalled; ``engine.records``; ``getattr(engine, "records")``."""
    if isinstance(node, ast.Attribute):
        of = ast.unparse(node.value).rpartition(".")[2].lstrip("_")
        return (node.attr in UNSCOPED and of == "planner") or (node.attr in PORTS and of == "engine")
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr" and len(node.args) > 1:
        named = node.args[1]
        return isinstance(named, ast.Constant) and named.value in UNSCOPED | PORTS
    return False
