"""Organisations: the centre, street offices, committees, departments, property firms and enterprises."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from huitian.model.place import Place
from huitian.model.query import Row
from huitian.simulate.buildings import Building
from huitian.simulate.division import DISTRICT, DISTRICT_CODE, STREETS, Division
from huitian.simulate.draws import Draws
from huitian.simulate.estates import Community, Estate
from huitian.simulate.identifiers import synthetic_phone, synthetic_uscc
from huitian.simulate.names import Names

CENTRE_ID = "org-centre"
DEPARTMENTS: tuple[tuple[str, str, str, str, int], ...] = (
    ("heat", "供热集团", "District Heating Group", "enterprise", 60),
    ("water", "自来水公司", "Water Company", "enterprise", 40),
    ("power", "供电公司", "Power Supply Company", "enterprise", 40),
    ("gas", "燃气公司", "Gas Company", "enterprise", 30),
    ("telecom", "通信服务公司", "Telecom Service Company", "enterprise", 25),
    ("lift", "电梯维保公司", "Lift Maintenance Company", "enterprise", 25),
    ("urban", "城市管理委员会", "Urban Management Commission", "department", 60),
    ("enforcement", "综合执法局", "Law Enforcement Bureau", "department", 50),
    ("traffic", "交通支队", "Traffic Police Detachment", "department", 40),
    ("market", "市场监督管理局", "Market Supervision Bureau", "department", 40),
    ("green", "园林绿化局", "Parks and Greening Bureau", "department", 30),
    ("sanitation", "环境卫生服务中心", "Sanitation Service Centre", "department", 50),
    ("housing", "住房和城乡建设委员会", "Housing and Construction Commission", "department", 50),
    ("environment", "生态环境局", "Ecology and Environment Bureau", "department", 25),
    ("social", "民政局", "Civil Affairs Bureau", "department", 25),
    ("education", "教育委员会", "Education Commission", "department", 25),
    ("health", "卫生健康委员会", "Health Commission", "department", 25),
    ("labour", "人力资源和社会保障局", "Human Resources Bureau", "department", 25),
    ("fire", "消防救援支队", "Fire and Rescue Detachment", "department", 30),
)  # fmt: skip
"""Key, name, English name, kind, cases at a time. Those who keep the pipes and wires are enterprises."""
TRADES: tuple[tuple[str, str, str], ...] = (
    ("餐饮有限公司", "Restaurant", "catering"), ("便民超市", "Supermarket", "retail"),
    ("大药房", "Pharmacy", "retail"), ("商贸有限公司", "Trading", "retail"),
    ("科技有限公司", "Technology", "technology"), ("建筑工程有限公司", "Construction", "construction"),
    ("物流有限公司", "Logistics", "logistics"), ("健身中心", "Gym", "service"),
    ("教育咨询有限公司", "Education", "service"), ("汽车服务中心", "Car Service", "service"),
)  # fmt: skip
FIRMS_N = 30


@dataclass(frozen=True, slots=True)
class Organisations:
    """Organisations and who is responsible for what.

    Attributes:
        rows: Rows of ``organisation``, parents first.
        street_id: Office of each street, by index.
        committee_id: Committee of each community, by index; the merged two share one.
        department_id: Department by key of ``DEPARTMENTS``.
        firm_id: Property firm of each estate, by index; None where there is none.
        name_of: Name by id.
    """

    rows: tuple[Row, ...]
    street_id: tuple[str, ...]
    committee_id: tuple[str, ...]
    department_id: Mapping[str, str]
    firm_id: tuple[str | None, ...]
    name_of: Mapping[str, str]


class _Register:
    """Rows as they are registered; every row gets the next number."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(
        self, org_id: str, name: tuple[str, str], kind: str, parent: str | None, place: str,
        point: tuple[float, float] | None, capacity_n: int | None, facts: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        """Register one organisation and return its id."""
        n = len(self.rows) + 1
        self.rows.append(
            {
                "org_id": org_id, "name": name[0], "name_en": name[1], "kind": kind, "uscc": synthetic_uscc(n),
                "parent_org_id": parent, "place_id": place, "duty_phone": synthetic_phone(90_000_000 + n),
                "lon": point[0] if point else None, "lat": point[1] if point else None, "capacity_n": capacity_n,
                "attributes": dict(facts or {}),
            }
        )  # fmt: skip
        return org_id


def organise(
    seed: int, division: Division, communities: Sequence[Community], estates: Sequence[Estate],
    buildings: Sequence[Building], n_enterprises: int,
) -> Organisations:  # fmt: skip
    """Return all organisations of the demo city."""
    draws, names, register = Draws(seed, "organisations"), Names(seed, "organisations"), _Register()
    labels: dict[str, Place] = {place.place_id: place for place in division.places}
    root = f"admin:{DISTRICT_CODE}"
    middle = labels[root].label
    register.add(
        CENTRE_ID,
        (f"{DISTRICT.zh}接诉即办中心", "Complaint Response Centre"),
        "centre",
        None,
        root,
        middle,
        400,
    )
    departments = {
        key: register.add(f"org-{key}", (DISTRICT.zh + name, en), kind, CENTRE_ID, root, None, n)
        for key, name, en, kind, n in DEPARTMENTS
    }
    street_ids = []
    for code, name in STREETS:
        office = f"{name.zh}人民政府" if name.zh.endswith("镇") else f"{name.zh}办事处"
        place = f"admin:{code}"
        street_ids.append(
            register.add(
                f"org-{code}",
                (office, f"{name.en} Office"),
                "street",
                CENTRE_ID,
                place,
                labels[place].label,
                80,
            )
        )
    committee_ids: dict[str, str] = {}
    for community in communities:
        code = division.community_code[community.at]
        if code in committee_ids:
            continue
        label = labels[f"admin:{code}"]
        word = (
            ("村民委员会", "Villagers' Committee")
            if community.is_village
            else ("居民委员会", "Residents' Committee")
        )
        committee_ids[code] = register.add(
            f"org-{code}", (f"{label.name}{word[0]}", f"{label.name_en} {word[1]}"), "community",
            street_ids[community.street], label.place_id, label.label, 25, {"is_village": str(community.is_village)},
        )  # fmt: skip
    firms = _firms(register, draws, names, estates, communities)
    _enterprises(register, draws, names, buildings, estates, division, n_enterprises)
    return Organisations(
        tuple(register.rows), tuple(street_ids), tuple(committee_ids[code] for code in division.community_code),
        departments, firms, {row["org_id"]: row["name"] for row in register.rows},
    )  # fmt: skip


def _firms(
    register: _Register,
    draws: Draws,
    names: Names,
    estates: Sequence[Estate],
    communities: Sequence[Community],
) -> tuple[str | None, ...]:
    """Register property firms; a firm looks after estates of one or two streets."""
    ids = []
    for n in range(1, FIRMS_N + 1):
        name = names.root()
        words = (f"{name.zh}物业服务有限公司", f"{name.en} Property Service")
        ids.append(
            register.add(
                f"org-firm-{n:02d}", words, "property_firm", None, f"admin:{DISTRICT_CODE}", None, 30
            )
        )
    firm_of: list[str | None] = []
    for estate in estates:
        street = communities[estate.community].street
        is_managed = estate.kind in {"residential", "commercial", "office"} and draws.chance(0.96)
        firm_of.append(ids[(street * 4 + draws.whole(0, 5)) % FIRMS_N] if is_managed else None)
    return tuple(firm_of)


def _enterprises(
    register: _Register, draws: Draws, names: Names, buildings: Sequence[Building], estates: Sequence[Estate],
    division: Division, n: int,
) -> None:  # fmt: skip
    """Register enterprises in shops, offices, works and ground floors."""
    seats = [b for b in buildings if b.use in {"commercial", "office", "industrial"} for _ in range(4)]
    seats += [b for b in buildings if b.is_home]
    roots = [names.root() for _ in range(120)]
    for i in range(1, n + 1):
        seat, root, trade = draws.pick(seats), draws.pick(roots), draws.pick(TRADES)
        place = f"admin:{division.community_code[estates[seat.estate].community]}"
        register.add(
            f"org-ent-{i:04d}", (f"{root.zh}{trade[0]}", f"{root.en} {trade[1]}"), "enterprise", None, place,
            (seat.lon, seat.lat), None, {"trade": trade[2], "building_id": seat.building_id},
        )  # fmt: skip


def dispatch_rules(organisations: Organisations, owners: Mapping[str, str], since: object) -> Iterator[Row]:
    """Yield rows of ``dispatch_rule``: which department or kind of organisation owns a category."""
    for code, owner in owners.items():
        department = organisations.department_id.get(owner)
        yield {
            "rule_id": f"rule-{code}", "category_code": code, "place_id": None, "org_id": department,
            "org_kind": None if department else owner, "valid_from": since, "valid_to": None,
        }  # fmt: skip
