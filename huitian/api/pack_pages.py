"""Packs by place as the desk shows them."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from huitian.api.asking import cursor_of, next_cursor, question_of
from huitian.api.city import City
from huitian.api.figures import top_of
from huitian.api.wire.packs import (
    PackBoard,
    PackCard,
    PackCell,
    PackPlace,
    Remark,
    RemarkList,
    UseDay,
)
from huitian.base.account_names import NOBODY, Called, accounts_called
from huitian.base.stages import USE_DAYS, Decision, Use
from huitian.model.place import Place
from huitian.model.query import Condition, Query, Tally
from huitian.model.scope import Scope
from huitian.plugin.pack import Pack, Stage

SHIPPED = "huitian.scenarios."


def stages_for(city: City, scope: Scope, place_id: str | None = None) -> dict[str, Stage]:
    """Return what is in force for a reader, in a place or in that of the reader.

    Raises:
        NotAllowed: The place is not the reader's.
        UnknownPlace: There is no such place.
    """
    if place_id is not None:
        city.stages.check_place(scope, place_id)
    asked = place_id or top_of(city, scope)
    return {pack_id: d.stage for pack_id, d in city.stages.in_force(city.packs.packs, asked).items()}


def is_shown(city: City, scope: Scope, number_id: str) -> bool:
    """Return whether a figure may be asked for: not where an installed pack is off that defines it.

    Figures of the packs that ship stay, because the screens themselves stand on them.
    """
    owner = city.packs.owner_of(number_id)
    if owner is None or owner.module.startswith(SHIPPED):
        return True
    return city.stages.in_force([owner], top_of(city, scope))[owner.pack_id].stage != "off"


def board(city: City, scope: Scope, place_id: str | None, lang: str) -> PackBoard:
    """Return all packs in a place and directly below.

    Raises:
        NotAllowed: The role may not look.
        UnknownPlace: There is no such place.
    """
    planner, stages = city.planner, city.stages
    allowed = planner.allow(scope, "pack_state")
    asked = place_id or top_of(city, scope)
    shown: list[Place] = []
    if asked is not None:
        stages.check_place(scope, asked)
        below = planner.places.children(asked, asked.partition(":")[0], planner.today())
        shown = [planner.places.by_id[asked], *below]
    made, uses = stages.decisions(), stages.uses(scope, asked)
    deciders = (row["changed_by"] for row in made.values() if scope.lens != "V1")
    names = accounts_called(planner, deciders, lang)
    places = [
        place_shown(city, place, [
            cell(city, pack, stages.decided(made, pack, place.place_id), place.place_id,
                 stages.below(uses, place.place_id, pack.pack_id), names, lang)
            for pack in city.packs.packs
        ])
        for place in shown
    ]  # fmt: skip
    return PackBoard(
        [card(pack, lang) for pack in city.packs.packs], places, stages.may_switch(scope), allowed.as_of
    )


def place_shown(city: City, place: Place, cells: list[PackCell]) -> PackPlace:
    """Return a place with its cells."""
    below = city.planner.places.children(place.place_id, place.tree_id, city.planner.today())
    return PackPlace(place.place_id, place.name, place.name_en, place.level, len(below), cells)


def card(pack: Pack, lang: str) -> PackCard:
    """Return a pack as it is installed."""
    is_english = lang == "en"
    return PackCard(
        pack.pack_id, pack.title_zh, pack.title_en, pack.summary_zh, pack.summary_en, pack.field, pack.stage,
        pack.module.startswith(SHIPPED), dict(Counter(panel["end"] for panel in pack.panels)),
        (is_english and pack.owner_name_en) or pack.owner_name or None,
        (is_english and pack.owner_contact_en) or pack.owner_contact or None,
    )  # fmt: skip


def cell(
    city: City,
    pack: Pack,
    decision: Decision,
    place_id: str,
    use: Use,
    names: Mapping[str | None, Called],
    lang: str,
) -> PackCell:
    """Return a pack in a place."""
    decider = names.get(decision.changed_by, NOBODY)
    return PackCell(
        pack.pack_id, decision.stage, decision.place_id == place_id, decision.place_id,
        place_called(city, decision.place_id, lang), decider.name, decision.changed_at, use.n_shown,
        use.n_acted, use.n_feedback, decider.name_zh,
    )  # fmt: skip


def place_called(city: City, place_id: str | None, lang: str) -> str | None:
    """Return the name of a place, English where there is one and ``lang`` is ``en``; None for no place."""
    place = city.planner.places.by_id.get(place_id or "")
    return None if place is None else place.called(lang)


def remarks(
    city: City, scope: Scope, pack: Pack, place_id: str | None, cursor: str | None, limit: int, lang: str
) -> RemarkList:
    """Return what is said of a pack, and how much it is used.

    Raises:
        NotAllowed: The role may not look, or the place is not the reader's.
    """
    planner = city.planner
    of_pack = (Condition("pack_id", "eq", pack.pack_id),)
    question = question_of("remarks", pack.pack_id, place_id, limit, scope)
    start = cursor_of(cursor, question)
    allowed = planner.allow(scope, "pack_feedback", place_id)
    query = Query("pack_feedback", of_pack, sort=("-given_on",), limit=limit, offset=start.offset)
    page = planner.read(allowed, query)
    counted = planner.tally(allowed, Tally("pack_feedback", of_pack, ("verdict",)))
    titles = {panel["panel_id"]: panel["title"] for panel in pack.panels}
    items = [
        Remark(
            row["feedback_id"], row["panel_id"], titles.get(row["panel_id"], {}).get("zh"),
            titles.get(row["panel_id"], {}).get("en"), row["place_id"],
            place_called(city, row["place_id"], lang),
            row["verdict"], row["words"], row["given_on"],
        )
        for row in page.rows
    ]  # fmt: skip
    as_of = start.as_of or allowed.as_of
    ahead = next_cursor(question, start.offset, len(items), page.n_total, as_of)
    counts = {row["verdict"]: row["n"] for row in counted}
    days = days_of(city, scope, pack, place_id)
    return RemarkList(card(pack, lang), items, page.n_total, counts, days, ahead)


def days_of(city: City, scope: Scope, pack: Pack, place_id: str | None) -> list[UseDay]:
    """Return the use of a pack by day."""
    since = city.planner.today() - timedelta(days=USE_DAYS - 1)
    where = (Condition("pack_id", "eq", pack.pack_id), Condition("used_on", "ge", since))
    tally = Tally("pack_use", where, ("used_on",), sums=("n_shown", "n_acted"))
    rows = city.planner.tally(city.planner.allow(scope, "pack_use", place_id), tally)
    days = [UseDay(row["used_on"], int(row["sum_n_shown"]), int(row["sum_n_acted"])) for row in rows]
    return sorted(days, key=lambda d: d.used_on)


def panel_of(pack: Pack, panel_id: str, end: str | None = None) -> bool:
    """Return whether a pack has a panel, on one end or on any."""
    return any(panel["panel_id"] == panel_id and end in {None, panel["end"]} for panel in pack.panels)
