"""Lock files hold names, versions and hashes of all that pyproject.toml asks for, and no address."""

import re
import tomllib
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository

LOCKED_BY = {"base.txt": ("project",), "bundle.txt": ("project", "scale"),
             "dev.txt": ("project", "test", "check"), "build.txt": ("build",), "uv.txt": ("uv",),
             "node.txt": ("node",)}  # fmt: skip
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
PACKAGE_LOCK = "web/package-lock.json"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield addresses in lock files, and requirements that no lock answers."""
    for path in (*(f"requirements/{name}" for name in LOCKED_BY), PACKAGE_LOCK):
        if path in repository.files:
            for line_no, line in enumerate(repository.text(path).splitlines(), 1):
                if "://" in line or line.startswith("-"):
                    yield Finding(path, line_no, "holds an address; write it anew with `make lock`")
    if "pyproject.toml" in repository.files and repository.has("requirements"):
        yield from _not_locked(repository)


def _not_locked(repository: Repository) -> Iterator[Finding]:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads(repository.text("pyproject.toml"))
    asked = {
        "project": project["project"].get("dependencies", []),
        **project.get("dependency-groups", {}),
        **project["project"].get("optional-dependencies", {}),
    }
    for name, groups in LOCKED_BY.items():
        path = f"requirements/{name}"
        text = repository.text(path) if path in repository.files else ""
        pins = {canonicalize_name(package): version for package, version in PIN.findall(text)}
        for group in groups:
            for requirement in map(Requirement, asked.get(group, [])):
                version = pins.get(canonicalize_name(requirement.name))
                if version is None or not requirement.specifier.contains(version, prereleases=True):
                    yield Finding(
                        path, 1, f"'{requirement}' is not locked here (found {version}); run `make lock`"
                    )
