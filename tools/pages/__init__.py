"""The generated part of docs/: one module a subject, each gives its pages as {path from the root: text}."""

NOTE = "<!-- Made by `make docs` from the code; do not edit. -->\n"


def cell(value: object) -> str:
    """Return a value as the text of a table cell; missing is a dash."""
    text = "—" if value is None or value == "" else str(value)
    return text.replace("|", "\\|").replace("\n", " ")


def row(*values: object) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(map(cell, values))} |"


def head(*titles: str) -> list[str]:
    """Return the two first rows of a table."""
    return [row(*titles), f"|{'---|' * len(titles)}"]
