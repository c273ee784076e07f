"""``huitian check``: a city folder, or a pack."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.base.planner import Planner
    from huitian.model.query import Row


def check(
    target: Annotated[str, typer.Argument(help="城市文件夹，或 scenario · folder of a city, or scenario.")],
    pack: Annotated[
        str | None,
        typer.Argument(
            help="场景编号或其文件夹 · id or folder of a pack.", metavar="[ID]", show_default=False
        ),
    ] = None,
    is_mending: Annotated[
        bool,
        typer.Option(
            "--mend",
            help="先重建案件与范围索引 · First make the cases anew from their logs, and the boxes.",
        ),
    ] = False,
) -> None:
    """检查城市或场景包 · Check a city, or a pack: ``huitian check DIR``, ``huitian check scenario ID``."""
    if target == "scenario" and pack is not None and not is_mending:
        check_scenario(pack)
        return
    if pack is not None:
        raise typer.BadParameter("huitian check DIR [--mend] | huitian check scenario ID")
    if is_mending:
        mend_city(Path(target))
    check_city(Path(target))


def check_scenario(named: str) -> None:
    """Check a pack and say what it has, or everything that is wrong with it.

    Raises:
        typer.Exit: With 1, when something is wrong.
    """
    from huitian.cli.pack_check import check_pack
    from huitian.errors import PackInvalid

    pack, faults = check_pack(named)
    if pack is None or faults:
        typer.echo(f"{named}: {len(faults)} 处有误 faults  [{PackInvalid.code}]", err=True)
        for fault in faults:
            typer.echo(f"  {fault.where}\n    {fault.words_zh}\n    {fault.words_en}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{pack.pack_id}: 合格 valid · {pack.title_zh} {pack.title_en}")
    typer.echo(f"  数字 numbers {len(pack.numbers)} · 面板 panels {len(pack.panels)} · {pack.stage}")
    if not pack.owner_name:
        typer.echo("  提醒 reminder  manifest.toml 没有 [owner]（name、contact）：意见送不到人。")
        typer.echo("                 manifest.toml has no [owner] (name, contact): feedback reaches nobody.")


def mend_city(folder: Path) -> None:
    """Make anew what the store derives: the index of boxes from the rows, the cases from their logs."""
    from huitian.app import open_city
    from huitian.cases.rebuild import rebuild

    city = open_city(folder)
    try:
        # The boxes first: rewriting a case moves its box, which needs an index that is whole.
        city.engine.rebuild_boxes()
        done = rebuild(city.parts)
    finally:
        city.close()
    typer.echo(f"已重建 mended: 案件 cases {done.n_written} · 范围索引 index of boxes")


def check_city(folder: Path) -> None:
    """Check a city: its store, its settings and rules, and that its cases are what their logs mean.

    Raises:
        ClaimsInvalid: ``claims.toml`` is wrong, whether or not anybody signs in at an issuer yet.
        typer.Exit: With 1, when something is not as it should be.
    """
    from huitian.api.claims import read_claims
    from huitian.app import open_city
    from huitian.cases.rebuild import check as differences_of
    from huitian.cli.speaking import either, language

    city = open_city(folder)
    try:
        planner = city.planner
        claims = read_claims(folder, planner.roles)
        lost = [one for one in claims if one.place_id not in {None, *planner.places.by_id}]
        store = city.engine.records.check(is_thorough=True)
        differing = differences_of(city.parts)
        open_findings = findings_of(planner)
        lang = language(city.settings)
        n_places = len(planner.places.by_id)
    finally:
        city.close()
    typer.echo(f"库 store: {store['state']}{' · ' + store['why'] if 'why' in store else ''}")
    typer.echo(f"地方 places: {n_places} · 树 trees: {', '.join(planner.places.trees) or '—'}")
    typer.echo(f"案件与日志不符 cases that differ from their log: {len({d.case_id for d in differing})}")
    for rule in lost:
        words_en = (
            f"claims.toml: {rule.purpose} gives {rule.role} in {rule.place_id}, and there is no such place"
        )
        typer.echo(
            either(
                lang, f"claims.toml：{rule.purpose} 在 {rule.place_id} 给 {rule.role}，没有这个地方", words_en
            )
        )
    for rule_id, n, one in open_findings:
        words = either(lang, f"例如 {one['words_zh']}", f"e.g. {one['words_en']}")
        typer.echo(f"  数据问题 finding {rule_id}: {n} · {words}")
    if store["state"] != "ok" or differing or lost:
        raise typer.Exit(1)


def findings_of(planner: "Planner") -> list[tuple[str, int, "Row"]]:
    """Return each rule with open findings: its id, how many there are, and the first of them."""
    from huitian.model.query import Condition, Query, Tally

    allowed, is_open = planner.system("finding"), Condition("is_open", "eq", True)
    found = []
    for row in planner.tally(allowed, Tally("finding", (is_open,), ("rule_id",))):
        where = (is_open, Condition("rule_id", "eq", row["rule_id"]))
        first = planner.read(allowed, Query("finding", where, sort=("finding_id",), limit=1)).rows[0]
        found.append((row["rule_id"], row["n"], first))
    return found
