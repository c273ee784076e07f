"""Packs: a folder of declarations, found in this package or announced by an installed one."""

import importlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from huitian.errors import PackInvalid
from huitian.model.number import NumberDefinition
from huitian.plugin.panel import Panel, Strings, check_panels, of_end

Stage = Literal["off", "pilot", "on"]
GROUP = "huitian.scenarios"
"""Entry-point group in which an installed package announces its packs."""
MANIFEST_KEYS = {"pack_id", "title", "summary", "field", "stage", "needs", "version"}


@dataclass(frozen=True, slots=True)
class Pack:
    """One scenario.

    Attributes:
        pack_id: ``mailbox``.
        title_zh: Chinese name.
        title_en: English name.
        summary_zh: One sentence.
        summary_en: One sentence.
        field: Field it belongs to (``governance``, ``community``, ``travel``).
        stage: Off, pilot or on, before a street decides otherwise.
        needs: Entities it reads.
        numbers: Its figures.
        panels: Its panels, with words.
        module: Where it was found.
    """

    pack_id: str
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    field: str
    stage: Stage
    needs: tuple[str, ...]
    numbers: tuple[NumberDefinition, ...]
    panels: tuple[Panel, ...]
    module: str


class Packs:
    """All packs of a city."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(sorted(packs, key=lambda p: p.pack_id))

    def numbers(self) -> list[NumberDefinition]:
        """Return the figures of all packs."""
        return [number for pack in self.packs for number in pack.numbers]

    def panels(self, end: str, stages: Mapping[str, Stage] | None = None) -> list[Panel]:
        """Return the panels of one end, of the packs that are not off.

        Args:
            end: The end.
            stages: What is in force by pack; a pack that is not named here has the stage it declares.
        """
        now = stages or {}
        shown = [pack for pack in self.packs if now.get(pack.pack_id, pack.stage) != "off"]
        return of_end([panel for pack in shown for panel in pack.panels], end)

    def owner_of(self, number_id: str) -> Pack | None:
        """Return the pack that defines a figure; None where no pack does."""
        return next((p for p in self.packs if any(n.number_id == number_id for n in p.numbers)), None)


def read_pack(module: str, known_numbers: frozenset[str] = frozenset()) -> Pack:
    """Read one pack from its package.

    Args:
        module: Dotted name of the package, e.g. ``huitian.scenarios.mailbox``.
        known_numbers: Figures of other packs that its panels may show.

    Raises:
        PackInvalid: Something is missing or wrong; says what and where.
    """
    try:
        folder = files(module)
    except ModuleNotFoundError as error:
        raise PackInvalid(pack_id=module, file_name="package", why=str(error)) from error
    manifest = read_manifest(module, folder)
    pack_id = str(manifest["pack_id"])
    strings = read_strings(pack_id, folder)
    numbers = read_numbers(pack_id, module, folder)
    for number in numbers:
        if not number.number_id.partition(".")[2]:
            raise PackInvalid(
                pack_id=pack_id, file_name=f"indicators.py {number.number_id}", why="an id is owner.name"
            )
    ids = known_numbers | {n.number_id for n in numbers}
    panels: list[Panel] = []
    panel_file = folder / "panel.json"
    if panel_file.is_file():
        try:
            content = json.loads(panel_file.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise PackInvalid(pack_id=pack_id, file_name="panel.json", why=str(error)) from error
        panels = check_panels(pack_id, content, strings, ids)
    title, summary = (
        words_of(pack_id, strings, manifest["title"]),
        words_of(pack_id, strings, manifest["summary"]),
    )
    return Pack(
        pack_id=pack_id, title_zh=title[0], title_en=title[1], summary_zh=summary[0], summary_en=summary[1],
        field=str(manifest.get("field", "")), stage=manifest.get("stage", "on"),
        needs=tuple(manifest.get("needs", ())), numbers=numbers, panels=tuple(panels), module=module,
    )  # fmt: skip


def read_manifest(module: str, folder: Traversable) -> dict[str, Any]:
    """Return ``manifest.toml``, checked."""
    file = folder / "manifest.toml"
    if not file.is_file():
        raise PackInvalid(pack_id=module, file_name="manifest.toml", why="the file is missing")
    try:
        manifest = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PackInvalid(pack_id=module, file_name="manifest.toml", why=str(error)) from error
    missing = {"pack_id", "title", "summary"} - set(manifest)
    unknown = set(manifest) - MANIFEST_KEYS
    if missing or unknown:
        why = (
            f"missing {sorted(missing)}"
            if missing
            else f"unknown {sorted(unknown)}, known {sorted(MANIFEST_KEYS)}"
        )
        raise PackInvalid(pack_id=module, file_name="manifest.toml", why=why)
    if manifest.get("stage", "on") not in {"off", "pilot", "on"}:
        raise PackInvalid(pack_id=module, file_name="manifest.toml stage", why="off, pilot or on")
    return manifest


def read_strings(pack_id: str, folder: Traversable) -> Strings:
    """Return the words of ``strings/zh.toml`` and ``strings/en.toml``; both must have the same keys."""
    by_language: dict[str, dict[str, str]] = {}
    for language in ("zh", "en"):
        file = folder / "strings" / f"{language}.toml"
        if not file.is_file():
            raise PackInvalid(
                pack_id=pack_id, file_name=f"strings/{language}.toml", why="the file is missing"
            )
        by_language[language] = tomllib.loads(file.read_text(encoding="utf-8"))
    differing = set(by_language["zh"]) ^ set(by_language["en"])
    if differing:
        raise PackInvalid(
            pack_id=pack_id, file_name="strings/", why=f"not in both languages: {sorted(differing)}"
        )
    return {key: {"zh": by_language["zh"][key], "en": by_language["en"][key]} for key in by_language["zh"]}


def words_of(pack_id: str, strings: Strings, key: str) -> tuple[str, str]:
    """Return the words of a key, Chinese then English."""
    if key not in strings:
        raise PackInvalid(pack_id=pack_id, file_name=f"strings/ {key}", why="no such key")
    return strings[key]["zh"], strings[key]["en"]


def read_numbers(pack_id: str, module: str, folder: Traversable) -> tuple[NumberDefinition, ...]:
    """Return ``NUMBERS`` of ``indicators.py``; none where the file is absent."""
    if not (folder / "indicators.py").is_file():
        return ()
    found = getattr(importlib.import_module(f"{module}.indicators"), "NUMBERS", None)
    if not isinstance(found, tuple) or not all(isinstance(n, NumberDefinition) for n in found):
        raise PackInvalid(
            pack_id=pack_id, file_name="indicators.py", why="NUMBERS is not a tuple of NumberDefinition"
        )
    return found


def discover(built_in: Iterable[str]) -> Packs:
    """Read every pack: those of this package, then those that installed packages announce.

    Raises:
        PackInvalid: A pack is wrong, or two have one id or one figure.
    """
    modules = [*built_in, *(point.value for point in sorted(entry_points(group=GROUP), key=lambda p: p.name))]
    packs: list[Pack] = []
    known: frozenset[str] = frozenset()
    for module in modules:
        pack = read_pack(module, known)
        if any(other.pack_id == pack.pack_id for other in packs):
            raise PackInvalid(pack_id=pack.pack_id, file_name=module, why="another pack has this id")
        own = [n.number_id for n in pack.numbers]
        twice = known.intersection(own) or {n for n in own if own.count(n) > 1}
        if twice:
            raise PackInvalid(
                pack_id=pack.pack_id, file_name="indicators.py", why=f"defined twice: {sorted(twice)}"
            )
        known |= set(own)
        packs.append(pack)
    return Packs(packs)
