"""The bill of materials of a bundle: CycloneDX 1.6, what is in it, of which version and under which licence."""

import hashlib
import json
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tools import notices
from tools.places import WEB

CLASSIFIER = "License :: OSI Approved :: "


def of(our_wheel: Path, wheels: list[Path]) -> str:
    """Return the bill as JSON, the same for the same files."""
    own = of_wheel(our_wheel)
    # npm may have one version in two folders: it is one component.
    of_web = {one["bom-ref"]: one for one in map(of_npm, notices.packages(WEB))}
    components = [*map(of_wheel, wheels), *of_web.values()]
    said = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**own, "type": "application"}},
        "components": components,
        "dependencies": [
            {"ref": own["bom-ref"], "dependsOn": sorted(each["bom-ref"] for each in components)}
        ],
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def of_wheel(file: Path) -> dict[str, Any]:
    """Return the entry of a wheel."""
    with zipfile.ZipFile(file) as zipped:
        name = next(each for each in zipped.namelist() if each.endswith(".dist-info/METADATA"))
        told = message_from_string(zipped.read(name).decode("utf-8"))
    purl = f"pkg:pypi/{str(told['Name']).lower().replace('_', '-')}@{told['Version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": told["Name"],
        "version": told["Version"],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}],
        "licenses": licences_of(told),
        "purl": purl,
    }


def licences_of(told: Message) -> list[dict[str, Any]]:
    """Return the licences that a wheel declares: an SPDX expression, else names."""
    if told["License-Expression"]:
        return [{"expression": told["License-Expression"]}]
    classifiers = [
        c.removeprefix(CLASSIFIER) for c in told.get_all("Classifier", []) if c.startswith(CLASSIFIER)
    ]
    names = classifiers or [str(told["License"] or "").strip().split("\n")[0] or "not declared"]
    return [{"license": {"name": name}} for name in names]


def of_npm(package: notices.Package) -> dict[str, Any]:
    """Return the entry of a package whose code is in the screens."""
    purl = f"pkg:npm/{quote(package.name, safe='/')}@{package.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "licenses": [{"expression": package.licence}],
        "purl": purl,
    }
