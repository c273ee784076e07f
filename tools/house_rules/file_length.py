"""A file ends where its subject ends: Python at most 500 lines (aim below 300), TypeScript at most 250."""

from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository

PYTHON_MOST, PYTHON_AIM, WEB_MOST = 500, 300, 250
WEB = (".ts", ".vue", ".js", ".mjs")
GENERATED_SIGNS = ("auto-generated", "@generated", "do not edit", "do not make direct changes")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield files that are too long; long Python files as a warning."""
    for path in repository.files:
        if not path.endswith((".py", *WEB)):
            continue
        lines = repository.text(path).splitlines()
        head = "\n".join(lines[:5]).lower()
        if any(sign in head for sign in GENERATED_SIGNS) or "/migrations/versions/" in path:
            continue
        n_lines, most = len(lines), WEB_MOST if path.endswith(WEB) else PYTHON_MOST
        if n_lines > most:
            yield Finding(path, most + 1, f"{n_lines} lines, at most {most}; split it by subject")
        elif path.endswith(".py") and n_lines > PYTHON_AIM:
            yield Finding(path, PYTHON_AIM + 1, f"{n_lines} lines; aim below {PYTHON_AIM}", is_warning=True)
