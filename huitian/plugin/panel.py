"""The panel grammar: what a pack may put on a screen, checked against one JSON Schema."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from huitian.errors import PackInvalid

Panel = dict[str, Any]
"""One panel as data, with ``title`` and the words of ``states`` resolved to ``{"zh": …, "en": …}``."""

Strings = Mapping[str, Mapping[str, str]]
"""Words by key, then by language (``zh``, ``en``)."""

SLOTS: Mapping[str, frozenset[str]] = {
    "cockpit": frozenset({"left", "right", "bottom", "headline", "map"}),
    "desk": frozenset({"queue", "page", "place", "case", "building"}),
    "mobile": frozenset({"home", "place", "task", "action"}),
    "public": frozenset({"home", "action"}),
}


@cache
def validator() -> Draft202012Validator:
    """Return the validator of ``panel/1``."""
    schema = json.loads((files("huitian.plugin") / "panel.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def check_panels(pack_id: str, panels: Any, strings: Strings, number_ids: frozenset[str]) -> list[Panel]:
    """Return the panels of a pack, checked and with their words.

    Args:
        pack_id: The pack.
        panels: Content of its ``panel.json``.
        strings: Its words.
        number_ids: Every figure that is known, its own included.

    Raises:
        PackInvalid: Something is wrong; says what and where.
    """
    for error in sorted(validator().iter_errors(panels), key=lambda e: list(map(str, e.path))):
        where = "/".join(map(str, error.absolute_path)) or "(top)"
        raise PackInvalid(pack_id=pack_id, file_name=f"panel.json {where}", why=error.message[:300])
    seen: set[str] = set()
    found = []
    for index, panel in enumerate(panels):
        check_one(pack_id, f"panel.json {index} ({panel['panel_id']})", panel, seen, number_ids)
        found.append(with_words(pack_id, panel, strings))
    return found


def check_one(pack_id: str, where: str, panel: Panel, seen: set[str], number_ids: frozenset[str]) -> None:
    """Check what the schema cannot say: unique ids, slots of the end, figures that exist."""
    if panel["panel_id"] in seen:
        raise PackInvalid(
            pack_id=pack_id, file_name=where, why=f"panel_id {panel['panel_id']!r} stands twice"
        )
    seen.add(panel["panel_id"])
    if panel["slot"] not in SLOTS[panel["end"]]:
        slots = ", ".join(sorted(SLOTS[panel["end"]]))
        raise PackInvalid(
            pack_id=pack_id,
            file_name=where,
            why=f"{panel['end']} has no slot {panel['slot']!r}; it has {slots}",
        )
    for number_id in panel.get("number_ids", ()):
        if number_id not in number_ids:
            raise PackInvalid(pack_id=pack_id, file_name=where, why=f"no figure {number_id!r}")


def with_words(pack_id: str, panel: Panel, strings: Strings) -> Panel:
    """Return a panel with its string keys replaced by their words in both languages."""

    def words(key: str) -> Mapping[str, str]:
        found = strings.get(key)
        if found is None or not {"zh", "en"} <= set(found):
            raise PackInvalid(
                pack_id=pack_id, file_name=f"strings/ {key}", why="words are missing in zh or en"
            )
        return found

    done = {**panel, "pack_id": pack_id, "title": words(panel["title"]), "order": panel.get("order", 100)}
    if "template" in panel:
        done["template"] = words(panel["template"])
    if "states" in panel:
        done["states"] = {state: words(key) for state, key in panel["states"].items()}
    return done


def of_end(panels: Sequence[Panel], end: str) -> list[Panel]:
    """Return the panels of one end, in order of slot and ``order``."""
    own = [p for p in panels if p["end"] == end]
    return sorted(own, key=lambda p: (p["slot"], p["order"], p["panel_id"]))
