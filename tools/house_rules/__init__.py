"""The house rules: what the design asks of every file and no off-the-shelf linter knows.

One module a rule. Its docstring is the rule, its ``check`` yields where the rule is broken and what to do.
"""

from collections.abc import Callable, Iterator

from tools.house_rules import (
    allowed_makers,
    column_names,
    file_length,
    float_units,
    importers,
    lock_files,
    machine_paths,
    module_names,
    pack_length,
    planned_reads,
    read_ports,
    time_names,
)
from tools.house_rules.repository import Finding, Repository

Rule = Callable[[Repository], Iterator[Finding]]

RULES: dict[str, Rule] = {
    "allowed-makers": allowed_makers.check,
    "column-names": column_names.check,
    "file-length": file_length.check,
    "float-units": float_units.check,
    "importers": importers.check,
    "lock-files": lock_files.check,
    "machine-paths": machine_paths.check,
    "module-names": module_names.check,
    "pack-length": pack_length.check,
    "planned-reads": planned_reads.check,
    "read-ports": read_ports.check,
    "time-names": time_names.check,
}


def broken(repository: Repository) -> list[tuple[str, Finding]]:
    """Return every finding with the name of its rule, by file and line."""
    found = [(name, finding) for name, rule in RULES.items() for finding in rule(repository)]
    return sorted(found, key=lambda pair: (pair[1].path, pair[1].line_no, pair[0]))
