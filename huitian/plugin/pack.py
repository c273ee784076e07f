"""Packs: a folder of declarations, found in this package or announced by an installed one."""

import importlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from huitian.errors import PackInvalid
from huitian.model.number import NumberDefinition
from huitian.plugin.faults import Fault, lines_of, toml_fault, toml_line
from huitian.plugin.panel import Catalogue, Panel, Strings, of_end, read_panels

Stage = Literal["off", "pilot", "on"]
GROUP = "huitian.scenarios"
"""Entry-point group in which an installed package announces its packs."""
MANIFEST, PANELS = "manifest.toml", "panel.json"
MANIFEST_KEYS = {"pack_id", "title", "summary", "field", "stage", "needs", "version", "components", "owner"}
HASH = re.compile(r"sha256-[A-Za-z0-9+/]{43}=")


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
        components: Hash of each script of its own, by file name, as a browser checks it.
        owner_name: Organisation or person that answers for it; empty where it does not say.
        owner_contact: How to reach them: an address, a number, a page; empty where it does not say.
        owner_name_en: The same name in English; empty where it has none.
        owner_contact_en: The same in English; empty where it is the same in both languages.
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
    components: Mapping[str, str] = made_by(default_factory=dict)
    owner_name: str = ""
    owner_contact: str = ""
    owner_name_en: str = ""
    owner_contact_en: str = ""


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
        """Return the pack that defines a figure, narrowed or not; None where no pack does."""
        base_id = number_id.partition(";")[0]
        return next((p for p in self.packs if any(n.number_id == base_id for n in p.numbers)), None)


def read_pack(module: str, known_numbers: frozenset[str] = frozenset()) -> Pack:
    """Read one pack from its package.

    Args:
        module: Dotted name of the package, e.g. ``huitian.scenarios.mailbox``.
        known_numbers: Figures of other packs that its panels may show.

    Raises:
        PackInvalid: Something is missing or wrong; says what and where.
    """
    pack, faults = try_pack(module, known_numbers)
    if pack is None:
        raise faults[0].error(module)
    return pack


def try_pack(
    module: str, known_numbers: frozenset[str] = frozenset(), catalogue: Catalogue | None = None
) -> tuple[Pack | None, list[Fault]]:
    """Read one pack, or say everything that is wrong with it.

    Args:
        module: Dotted name of the package.
        known_numbers: Figures of other packs that its panels may show.
        catalogue: What may be asked for; None leaves entities and columns unchecked.
    """
    try:
        folder = files(module)
    except ModuleNotFoundError as error:
        return None, [Fault("package", f"找不到这个包：{error}", str(error))]
    manifest, faults = read_manifest(folder)
    strings, more = read_strings(folder)
    numbers, worse = read_numbers(module, folder)
    faults = [*faults, *more, *worse]
    components = manifest.get("components", {}) if isinstance(manifest.get("components", {}), dict) else {}
    for name in ("title", "summary"):
        key = manifest.get(name)
        if key is not None and strings and key not in strings:
            line_no = toml_line((folder / MANIFEST).read_text(encoding="utf-8"), name)
            faults.append(
                Fault(
                    MANIFEST, f"strings/ 里没有“{key}”", f"no words for the key {key!r}", f"/{name}", line_no
                )
            )
    panels: list[Panel] = []
    panel_file = folder / PANELS
    # Without its words or its figures every panel would be called wrong.
    if panel_file.is_file() and strings and not worse:
        text, pack_id = panel_file.read_text(encoding="utf-8"), str(manifest.get("pack_id", module))
        ids = known_numbers | {n.number_id for n in numbers}
        panels, wrong = read_panels(pack_id, text, strings, ids, catalogue)
        faults += [*wrong, *component_faults(panels, components, text)]
    if faults:
        return None, faults
    for panel in panels:
        if "component" in panel:
            own = panel["component"]
            where = {
                "href": f"/packs/{manifest['pack_id']}/{own['file']}",
                "integrity": components[own["file"]],
            }
            panel["component"] = own | where
    title, summary = strings[manifest["title"]], strings[manifest["summary"]]
    return Pack(
        pack_id=str(manifest["pack_id"]), title_zh=title["zh"], title_en=title["en"], summary_zh=summary["zh"],
        summary_en=summary["en"], field=str(manifest.get("field", "")), stage=manifest.get("stage", "on"),
        needs=tuple(manifest.get("needs", ())), numbers=numbers, panels=tuple(panels), module=module,
        components=dict(components), owner_name=manifest.get("owner", {}).get("name", ""),
        owner_contact=manifest.get("owner", {}).get("contact", ""),
        owner_name_en=manifest.get("owner", {}).get("name_en", ""),
        owner_contact_en=manifest.get("owner", {}).get("contact_en", ""),
    ), []  # fmt: skip


def read_manifest(folder: Traversable) -> tuple[dict[str, Any], list[Fault]]:
    """Return ``manifest.toml``, and what is wrong with it."""
    file = folder / MANIFEST
    if not file.is_file():
        return {}, [Fault(MANIFEST, "缺这个文件", "the file is missing")]
    text = file.read_text(encoding="utf-8")
    try:
        manifest = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [toml_fault(MANIFEST, error)]
    known = ", ".join(sorted(MANIFEST_KEYS))
    faults = [Fault(MANIFEST, f"缺少“{name}”", f"missing {name!r}", f"/{name}")
              for name in sorted({"pack_id", "title", "summary"} - set(manifest))]  # fmt: skip
    faults += [
        Fault(MANIFEST, f"没有“{name}”这一项；可用：{known}", f"unknown {name!r}, known: {known}", f"/{name}",
              toml_line(text, name))
        for name in sorted(set(manifest) - MANIFEST_KEYS)
    ]  # fmt: skip
    if manifest.get("stage", "on") not in {"off", "pilot", "on"}:
        words_en = "the stage is off, pilot or on"
        faults.append(
            Fault(MANIFEST, "stage 应为 off、pilot 或 on", words_en, "/stage", toml_line(text, "stage"))
        )
    components = manifest.get("components", {})
    if not isinstance(components, dict) or not all(is_hash(one) for one in components.values()):
        words_en = 'components are file = "sha256-…"'
        at = toml_line(text, "components")
        faults.append(Fault(MANIFEST, 'components 的写法：文件 = "sha256-…"', words_en, "/components", at))
    owner = manifest.get("owner", {"name": "…", "contact": "…"})
    if not is_owner(owner):
        words_en = (
            'an owner is [owner] with name = "…" and contact = "…", and name_en and contact_en beside them'
        )
        at = toml_line(text, "owner")
        faults.append(
            Fault(
                MANIFEST,
                "owner 的写法：[owner] 下有 name 和 contact，可加 name_en 和 contact_en",
                words_en,
                "/owner",
                at,
            )
        )
    return manifest, faults


def is_owner(told: Any) -> bool:
    """Return whether something says who answers for a pack and how to reach them, in one language or two."""
    return (
        isinstance(told, dict)
        and {"name", "contact"} <= told.keys() <= {"name", "contact", "name_en", "contact_en"}
        and all(is_said(one) for one in told.values())
    )


def is_said(told: Any) -> bool:
    """Return whether something is a text that says something, and is no longer than a line."""
    return isinstance(told, str) and 0 < len(told.strip()) <= 200


def is_hash(told: Any) -> bool:
    """Return whether something is the hash of a file as a browser checks it."""
    return isinstance(told, str) and HASH.fullmatch(told) is not None


def component_faults(panels: list[Panel], components: dict[str, Any], text: str) -> list[Fault]:
    """Return what is wrong with panels that bring a component of their own."""
    lines = lines_of(text) if panels else {}
    found = []
    for n, panel in enumerate(panels):
        name = panel.get("component", {}).get("file")
        if name is not None and name not in components:
            pointer = f"/{n}/component/file"
            words_en = f"{name!r} is not among the components of manifest.toml"
            words_zh = f"manifest.toml 的 components 里没有“{name}”"
            found.append(Fault(PANELS, words_zh, words_en, pointer, lines.get(pointer, 0)))
    return found


def read_strings(folder: Traversable) -> tuple[Strings, list[Fault]]:
    """Return the words of ``strings/zh.toml`` and ``strings/en.toml``, and what is wrong with them."""
    by_language: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    texts: dict[str, str] = {}
    for language in ("zh", "en"):
        name = f"strings/{language}.toml"
        file = folder / "strings" / f"{language}.toml"
        if not file.is_file():
            faults.append(Fault(name, "缺这个文件", "the file is missing"))
            continue
        texts[language] = file.read_text(encoding="utf-8")
        try:
            by_language[language] = tomllib.loads(texts[language])
        except tomllib.TOMLDecodeError as error:
            faults.append(toml_fault(name, error))
    if faults:
        return {}, faults
    for language, other in (("zh", "en"), ("en", "zh")):
        for key in by_language[language]:
            line_no = toml_line(texts[language], key)
            if not isinstance(by_language[language][key], str):
                words_en = f"{key!r} is not a text"
                faults.append(
                    Fault(f"strings/{language}.toml", f"“{key}”不是文字", words_en, f"/{key}", line_no)
                )
            elif key not in by_language[other]:
                words_en = f"{key!r} is not in both languages: strings/{other}.toml does not have it"
                words_zh = f"“{key}”只有一种语言：strings/{other}.toml 里没有"
                faults.append(Fault(f"strings/{language}.toml", words_zh, words_en, f"/{key}", line_no))
    both = by_language["zh"].keys() & by_language["en"].keys()
    return {key: {"zh": by_language["zh"][key], "en": by_language["en"][key]} for key in sorted(both)}, faults


def read_numbers(module: str, folder: Traversable) -> tuple[tuple[NumberDefinition, ...], list[Fault]]:
    """Return ``NUMBERS`` of ``indicators.py``, none where the file is absent, and what is wrong with it."""
    name = "indicators.py"
    if not (folder / name).is_file():
        return (), []
    try:
        found = getattr(importlib.import_module(f"{module}.indicators"), "NUMBERS", None)
    except Exception as error:  # noqa: BLE001 - whatever a pack's own code throws is a fault of the pack
        line_no = (error.lineno or 0) if isinstance(error, SyntaxError) else 0
        return (), [Fault(name, f"读不进来：{error!r}", f"it cannot be imported: {error!r}", line_no=line_no)]
    if not isinstance(found, tuple) or not all(isinstance(n, NumberDefinition) for n in found):
        return (), [
            Fault(name, "NUMBERS 不是 NumberDefinition 的元组", "NUMBERS is not a tuple of NumberDefinition")
        ]
    return found, [
        Fault(name, f"“{n.number_id}”：编号应为 归属.名称", f"{n.number_id!r}: an id is owner.name")
        for n in found if not n.number_id.partition(".")[2]
    ]  # fmt: skip


def discover(built_in: Iterable[str], *, only_built_in: bool = False) -> Packs:
    """Read every pack: those of this package, then those that installed packages announce.

    Args:
        built_in: Dotted names of the packs that ship.
        only_built_in: Whether those that are installed beside are left out.

    Raises:
        PackInvalid: A pack is wrong, or two have one id or one figure.
    """
    installed = () if only_built_in else sorted(entry_points(group=GROUP), key=lambda p: p.name)
    modules = [*built_in, *(point.value for point in installed)]
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
