"""Tables of the messy pile: buildings in GB18030 and organisations in UTF-8, with the faults of old registers."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from huitian.simulate.city import DemoCity
from huitian.simulate.draws import Draws
from huitian.simulate.messy.ledger import FileLedger, Lots, full_width
from huitian.simulate.messy.outlines import faulty_communities

USES = {"residential": "住宅", "apartment": "公寓", "commercial": "商业", "office": "办公", "school": "学校",
        "medical": "医疗", "public": "公共", "industrial": "工业"}  # fmt: skip
KINDS = {"street": "街道", "community": "社区", "department": "部门", "enterprise": "企业", "property_firm": "物业",
         "centre": "中心"}  # fmt: skip


def csv_bytes(heading: Sequence[str], rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    """Return a table as CSV with CRLF line ends."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def with_doubles(
    rows: list[list[str]],
    doubled: Sequence[int],
    draws: Draws,
    ledger: FileLedger,
    changed: int | None = None,
) -> list[list[str]]:
    """Return rows with copies of some further down; ``changed`` is a column in which every third copy differs."""
    out = list(rows)
    copies = [list(rows[at]) for at in doubled]
    for n, copy in enumerate(copies):
        if changed is not None and n % 3 == 2:
            copy[changed] = "1"
        first = out.index(rows[doubled[n]])
        out.insert(draws.whole(first + 1, len(out)), copy)
        ledger.rejected.setdefault("duplicate_key", []).append(copy[0])
    return out


def write_buildings(directory: Path, city: DemoCity) -> FileLedger:
    """Write ``buildings.csv``."""
    heading = ("楼栋编号", "楼栋名称", "用途", "地上层数", "竣工日期", "经度", "纬度", "所属社区", "备注")
    parts, draws = city.city, Draws(city.seed, "messy buildings")
    names = {place.code: place.name for place in city.places if place.tree_id == "admin"}
    rows = []
    for n, building in enumerate(parts.buildings):
        community = parts.division.community_code[parts.estates[building.estate].community]
        year, month, day = building.built_year, draws.whole(1, 12), draws.whole(1, 28)
        built = (
            f"{year}-{month:02d}-{day:02d}",
            f"{year}/{month}/{day}",
            f"{year}年{month}月",
            f"{year}{month:02d}{day:02d}",
        )
        rows.append(
            [building.building_id, building.name, USES[building.use], str(building.n_floors_above),
             built[min(n % 7, 3)], f"{building.lon:.6f}", f"{building.lat:.6f}", names[community], ""]
        )  # fmt: skip
    ledger = FileLedger(
        "buildings.csv", "csv", "maps/buildings.toml", "gb18030", "楼栋台账：无结构、层高、单元等列",
        "Register of buildings, without structure, height, entrances",
    )  # fmt: skip
    lots = Lots(draws, len(rows))
    for at in lots.draw(5):
        rows[at][5], rows[at][6] = rows[at][6], rows[at][5]
        ledger.rejected.setdefault("swapped_coordinates", []).append(rows[at][0])
    for at in lots.draw(4):
        rows[at][5] = "NaN"
        ledger.rejected.setdefault("not_finite", []).append(rows[at][0])
    for at in lots.draw(3):
        rows[at][5] = rows[at][6] = "0"
        ledger.rejected.setdefault("out_of_box", []).append(rows[at][0])
    for at in lots.draw(2):
        rows[at][4] = "2099-01-01"
        ledger.rejected.setdefault("future_date", []).append(rows[at][0])
    for at in lots.draw(3):
        rows[at][3] = "六层"
        ledger.rejected.setdefault("not_a_number", []).append(rows[at][0])
    for at in lots.draw(2):
        ledger.rejected.setdefault("missing_value", []).append(rows[at][1])
        rows[at][0] = ""
    crossed = {names[code] for code in faulty_communities(city)}
    is_found = [row[7] not in crossed for row in rows]
    for at in lots.draw(6, is_found):
        rows[at][5] = rows[at][6] = ""
        ledger.oddities.setdefault("no_point", []).append(rows[at][0])
    for at in lots.draw(25):
        ledger.oddities.setdefault("full_width_digits", []).append(rows[at][0])
        rows[at][0], rows[at][3] = full_width(rows[at][0]), full_width(rows[at][3])
    for at in lots.draw(10):
        rows[at][4] = "不详"
        ledger.oddities.setdefault("no_date", []).append(rows[at][0])
    for at in lots.draw(4):
        rows[at][2] = "其它用房"
        ledger.oddities.setdefault("unknown_use", []).append(rows[at][0])
    rows = with_doubles(rows, lots.draw(18), draws, ledger, changed=3)
    (directory / ledger.name).write_bytes(csv_bytes(heading, rows, "gb18030"))
    ledger.n_rows = len(rows)
    return ledger


def write_organisations(directory: Path, city: DemoCity) -> FileLedger:
    """Write ``organisations.csv``."""
    heading = ("单位编号", "单位名称", "类型", "信用代码", "上级单位", "所属区划", "值班电话", "经度", "纬度")
    draws = Draws(city.seed, "messy organisations")
    rows = [
        [
            row["org_id"], row["name"], KINDS[row["kind"]], row["uscc"], row["parent_org_id"] or "",
            row["place_id"].removeprefix("admin:"), row["duty_phone"],
            "" if row["lon"] is None else f"{row['lon']:.6f}", "" if row["lat"] is None else f"{row['lat']:.6f}",
        ]
        for row in city.city.organisations.rows
    ]  # fmt: skip
    ledger = FileLedger(
        "organisations.csv", "csv", "maps/organisations.toml", "utf-8-sig",
        "单位名录：信用代码都是合成的，校验位故意错",
        "Organisations; every credit code is synthetic, its check wrong on purpose",
    )  # fmt: skip
    lots = Lots(draws, len(rows))
    is_enterprise = [row[0].startswith("org-ent-") for row in rows]
    for at in lots.draw(2, is_enterprise):
        rows[at][1] = ""
        ledger.rejected.setdefault("missing_value", []).append(rows[at][0])
    for at in lots.draw(1, is_enterprise):
        rows[at][2] = "协会"
        ledger.rejected.setdefault("unknown_code", []).append(rows[at][0])
    for at in lots.draw(2, is_enterprise):
        rows[at][7], rows[at][8] = rows[at][8], rows[at][7]
        ledger.rejected.setdefault("swapped_coordinates", []).append(rows[at][0])
    rows = with_doubles(rows, lots.draw(3), draws, ledger)
    (directory / ledger.name).write_bytes(csv_bytes(heading, rows, "utf-8-sig"))
    ledger.n_rows = len(rows)
    return ledger
