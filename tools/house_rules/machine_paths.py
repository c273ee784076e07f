"""No file names a folder of somebody's machine or the address of a package registry."""

import re
from collections.abc import Iterator

from tools.house_rules.repository import Finding, Repository

# A folder of a home, a workplace or a temporary place, at the start of a path.
FOLDER = re.compile(r"(?<![\w.~)\]}>*-])/(?:home|Users|root|work|workspace|tmp|mnt|var/folders)/[\w.-]+")
REGISTRY = re.compile(
    r"https?://[^/\s\"'<>]*(?:pypi|npm|registry|pythonhosted|mirror)[^/\s\"'<>]*", re.IGNORECASE
)
BINARY = (
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".ico",
    ".woff2",
    ".sqlite",
    ".parquet",
    ".zip",
    ".gz",
    ".shp",
    ".dbf",
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield lines that would only be true on one machine."""
    for path in repository.files:
        if path.endswith(BINARY):
            continue
        for line_no, line in enumerate(repository.text(path).splitlines(), 1):
            folder, registry = FOLDER.search(line), REGISTRY.search(line)
            if folder:
                yield Finding(
                    path,
                    line_no,
                    f"names the folder {folder.group()} of one machine; use a relative path or a setting",
                )
            if registry:
                yield Finding(path, line_no, "names a package registry; that is a setting of the machine")
