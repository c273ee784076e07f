"""The demo city as a messy pile of files, as a data office would find it, with the truth beside it."""

import json
from importlib.resources import files
from pathlib import Path

from huitian.simulate.city import DemoCity
from huitian.simulate.division import DISTRICT_CODE
from huitian.simulate.messy.ledger import FileLedger, counts_of
from huitian.simulate.messy.letters import write_letters
from huitian.simulate.messy.outlines import write_communities, write_district, write_streets
from huitian.simulate.messy.tables import write_buildings, write_organisations

__all__ = ["export_messy"]

WRITERS = (
    write_district, write_streets, write_communities, write_buildings, write_organisations, write_letters,
)  # fmt: skip


def export_messy(directory: Path, city: DemoCity) -> tuple[FileLedger, ...]:
    """Write a demo city as a pile of files that are wrong in known places.

    Args:
        directory: Where to; made if it is not there, files of the same names are replaced.
        city: The city.

    Returns:
        What is in each file and what is wrong in it, in the order in which the files are to be loaded; the same
        is in ``truth.json`` for programs and in ``INDEX.txt`` for people. Mappings lie in ``maps/``.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "maps").mkdir(exist_ok=True)
    ledgers = tuple(write(directory, city) for write in WRITERS)
    maps = files("huitian.simulate.messy").joinpath("maps")
    for ledger in ledgers:
        name = ledger.map_name.removeprefix("maps/")
        (directory / "maps" / name).write_text(maps.joinpath(name).read_text("utf-8"), "utf-8")
    told = {
        "seed": city.seed, "as_of": city.as_of.isoformat(), "is_synthetic": True,
        "files": {ledger.name: ledger.told() for ledger in ledgers},
    }  # fmt: skip
    truth = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (directory / "truth.json").write_text(truth, "utf-8")
    (directory / "INDEX.txt").write_text(_index(city, ledgers), "utf-8")
    return ledgers


def _index(city: DemoCity, ledgers: tuple[FileLedger, ...]) -> str:
    lines = [
        f"演示数据 / demo data: {city.name.zh} {city.name.en}, seed {city.seed}, {city.as_of:%Y-%m-%d %H:%M} UTC",
        "全部虚构；人名、电话、证号、信用代码都不可能属于任何人。",
        "All of it is invented; no name, phone or number can be anybody's.",
        "",
        "先建城市，代码须与边界文件一致 / make the city, its code is that of the outlines:",
        f'  huitian init DIR --name {city.name.zh} --name-en "{city.name.en}" --code {DISTRICT_CODE}',
        "",
        "再按此顺序装载 / then load in this order:",
    ]
    lines += [f"  huitian load DIR {one.kind} {one.name} --map {one.map_name}" for one in ledgers]
    lines.append("")
    for one in ledgers:
        lines += [
            f"{one.name}  ({one.encoding})",
            f"  {one.about_zh}",
            f"  {one.about_en}",
            f"  {one.n_rows} 行，应收 {one.n_written} / rows, of which to be taken",
        ]
        for title, found in (("拒收 / rejected", one.rejected), ("留存并注明 / kept with a note", one.kept),
                             ("数据问题 / findings", one.findings), ("怪处 / oddities", one.oddities)):  # fmt: skip
            if found:
                lines.append(f"  {title}: {counts_of(found)}")
        lines.append("")
    lines.append("逐条见 truth.json / row by row in truth.json")
    return "\n".join(lines) + "\n"
