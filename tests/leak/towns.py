"""Cities of a random tree with something planted in every community, and readers of every role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

import shapely
from PIL import Image

from huitian.api.photos import cleaned
from huitian.api.sign_in import add_user, new_user
from huitian.app import OpenCity, open_city
from huitian.base.anchors import Standing, stand
from huitian.base.entities import ENTITIES
from huitian.base.places import renumber
from huitian.cases.categories import read_categories
from huitian.clock import ManualClock
from huitian.engine.embedded import create_store
from huitian.model.case import Letter
from huitian.model.query import Query
from huitian.model.scope import Lens, Scope
from huitian.settings import Settings
from tests.cases.conftest import START
from tests.leak.oracle import OF_PLACES, WHOLE_CITY, Canary, User, may_see

PASSWORD = "canary-password-1"
RARE = "蟹鹤牡鲸蒲葵榛椴栎柏桧槭棠榉楸梓桉枫榕樟楠桐槐柚橘柑桔枇杷栗枳杏梅桃李柰棣莒荻蓼莜蕨薇蘅芷芸荇菡萏莼菱茭蓟苜蓿"


@dataclass(slots=True)
class Planted:
    """A city, what was planted in it, who reads it, and what its routes can be asked with.

    Attributes:
        city: The open city.
        parents: Place → the place above, as drawn.
        canaries: All that was planted.
        users: Who reads.
        pools: Name of a parameter → values of this city.
        follow_code: Of one letter.
    """

    city: OpenCity
    parents: dict[str, str | None]
    canaries: list[Canary] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    pools: dict[str, list[str]] = field(default_factory=dict)
    follow_code: str = ""

    def may_see(self, user: User, canary: Canary) -> bool:
        """Return whether this reader may see a canary of this city."""
        return may_see(user, canary, self.parents)


def rare(draw: Random, n: int = 5) -> str:
    """Return a word that is nowhere else."""
    return "".join(draw.choices(RARE, k=n))


def digits(draw: Random, n: int) -> str:
    """Return digits."""
    return "".join(draw.choices("0123456789", k=n))


def drawn_tree(draw: Random, folder: Path) -> dict[str, tuple[str | None, str, shapely.Polygon]]:
    """Return a random tree of three levels: place → parent, level, outline."""
    root = f"admin:1101{draw.randrange(10, 99)}"
    found: dict[str, tuple[str | None, str, shapely.Polygon]] = {
        root: (None, "district", shapely.box(116.0, 40.0, 116.4, 40.2))
    }
    n_streets = draw.randint(2, 3)
    for s in range(n_streets):
        street = f"{root}{s + 1:03d}"
        west, width = 116.0 + 0.4 * s / n_streets, 0.4 / n_streets
        found[street] = (root, "street", shapely.box(west, 40.0, west + width, 40.2))
        n_communities = draw.randint(1, 2)
        for c in range(n_communities):
            south, height = 40.0 + 0.2 * c / n_communities, 0.2 / n_communities
            box = shapely.box(west, south, west + width, south + height)
            found[f"{street}{c + 1:03d}"] = (street, "community", box)
    return found


def planted(folder: Path, seed: int) -> Planted:
    """Make a city from a seed and plant it full."""
    draw = Random(seed)
    tree = drawn_tree(draw, folder)
    root = next(iter(tree))
    create_store(folder).close()
    settings = Settings(root_place=root, lockout_tries=10_000, max_wrong_codes_per_h=100_000, slow_query_ms=1,
                        max_photos_per_h=100_000, max_letters_per_h=100_000, sse_heartbeat_s=1)  # fmt: skip
    city = open_city(folder, settings, ManualClock(START))
    write_tree(city, tree)
    made = Planted(city, {place_id: parent for place_id, (parent, _, _) in tree.items()})
    for place_id, (_, level, box) in tree.items():
        if level == "community":
            plant_community(made, draw, place_id, box)
    plant_load(made, draw)
    add_users(made, draw, root)
    plant_secrets(made)
    fill_pools(made)
    return made


def write_tree(city: OpenCity, tree: Mapping[str, tuple[str | None, str, shapely.Polygon]]) -> None:
    """Write the places, and a body in each."""
    rows, bodies = [], []
    for place_id, (parent, level, box) in tree.items():
        west, south, east, north = box.bounds
        rows.append({
            "place_id": place_id, "tree_id": "admin", "code": place_id[6:], "level": level,
            "name": f"地方{place_id[-3:]}",
            "parent_id": parent, "valid_from": date(2020, 1, 1), "valid_to": None, "area_m2": box.area * 1e10,
            "label_lon": box.centroid.x, "label_lat": box.centroid.y, "geometry": shapely.to_wkb(box), "west": west,
            "south": south, "east": east, "north": north,
        })  # fmt: skip
        bodies.append((f"org:{place_id[6:]}", place_id, level))
    with city.engine.records.writing() as writing:
        writing.put("tree", [{"tree_id": "admin", "title_zh": "行政", "title_en": "Administrative",
                              "levels": ["district", "street", "community"]}])  # fmt: skip
        writing.put("place", rows)
        renumber(writing, city.planner.raw, "admin")
        writing.put("category", read_categories().rows())
    city.planner.refresh()


def plant_community(made: Planted, draw: Random, place_id: str, box: shapely.Polygon) -> None:
    """Plant a community: its body, a building with people, two letters, a photo, a finding."""
    city, code, tell = made.city, place_id[6:], Teller(made, place_id)
    lon, lat = round(box.centroid.x + draw.random() / 100, 6), round(box.centroid.y + draw.random() / 100, 6)
    ids = {
        kind: f"{kind[0]}-{code}-{digits(draw, 6)}"
        for kind in ("building", "dwelling_id", "household_id", "person_id")
    }
    since = date(2020, 1, 1)
    n_residents = int(tell("n_residents", "7" + digits(draw, 8)))
    where = {"building_id": ids["building"]}
    with city.engine.records.writing() as writing:
        writing.put("organisation", [{"org_id": f"org:{code}", "name": f"居委会{code[-3:]}", "kind": "community",
                                      "place_id": place_id, "capacity_n": 20,
                                      "duty_phone": tell("duty_phone", f"010-{digits(draw, 8)}")}])  # fmt: skip
        writing.add("building", [where | {"name": "一号楼",
                                          "lon": lon, "lat": lat, "west": lon, "south": lat, "east": lon,
                                          "north": lat, "attributes": {"n_residents": n_residents}}])  # fmt: skip
        writing.add("dwelling", [where | {"dwelling_id": tell("dwelling_id", ids["dwelling_id"]),
                                          "unit_no": "1", "floor_no": 3,
                                          "room_no": tell("room_no", "R" + digits(draw, 7))}])  # fmt: skip
        writing.add("household", [where | {"household_id": tell("household_id", ids["household_id"]), "kind": "family",
                                           "n_persons": 1, "cell_key": 7}])  # fmt: skip
        writing.add("occupancy", [where | {"household_id": ids["household_id"], "dwelling_id": ids["dwelling_id"],
                                           "valid_from": since}])  # fmt: skip
        writing.add("person", [where | {"person_id": tell("person_id", ids["person_id"]), "sex": "2",
                                        "birth_year": 1961,
                                        "household_id": ids["household_id"], "cell_key": 9}])  # fmt: skip
        writing.add("person_identity", [{"person_id": ids["person_id"], "name": tell("person_name", rare(draw)),
                                         "phone": tell("person_phone", "137" + digits(draw, 8)),
                                         "id_number": tell("person_id_number", "11010519" + digits(draw, 10))}
                                       ])  # fmt: skip
        stand(writing, city.planner.places, "building", [Standing(ids["building"], lon, lat, None, since)])
        stand(
            writing,
            city.planner.places,
            "organisation",
            [Standing(f"org:{code}", None, None, place_id, since)],
        )
        writing.add("finding", [{"finding_id": f"f-{code}", "rule_id": "r", "entity": "building", "is_open": True,
                                 "object_id": ids["building"], "place_id": place_id, "severity": "notice",
                                 "words_zh": "看", "words_en": "look", "found_at": START, "load_id": "load-1",
                                 "facts": {"姓名": tell("finding", rare(draw)),
                                           "电话": tell("finding", "136" + digits(draw, 8))}}])  # fmt: skip
    plant_letters(made, draw, tell, lon, lat, ids["building"])


def plant_letters(
    made: Planted, draw: Random, tell: "Teller", lon: float, lat: float, building_id: str
) -> None:
    """Plant a letter with everything in it that went on, and one of a writer who is not to be named."""
    city, code = made.city, (tell.place_id or "")[6:]
    body = (f"{tell('words', rare(draw, 7))}，电话{tell('text_phone', '139' + digits(draw, 8))}，身份证"
            f"{tell('text_id_number', '110105195' + digits(draw, 1) + '0101' + digits(draw, 4))}，"
            f"车{tell('text_plate', '京A' + digits(draw, 2) + 'QX' + digits(draw, 1))}。")  # fmt: skip
    kept = cleaned(photo_of(draw, tell("exif", f"GPS-{rare(draw)}-{digits(draw, 6)}")), 60)
    file_id = city.engine.files.keep(kept.content)
    made.canaries.append(Canary("photo", tell.place_id, kept.content[-200:-100]))
    # Not where the house stands: buildings are on the open map, who wrote from where is not.
    point = (tell("point", repr(round(lon - 0.00123, 6))), tell("point", repr(round(lat - 0.00123, 6))))
    homes = [f"home-{code}-{digits(draw, 6)}" for _ in range(2)]
    with city.engine.records.writing() as writing:
        writing.add("dwelling", [{"dwelling_id": home, "building_id": building_id, "unit_no": "1", "floor_no": n,
                                  "room_no": f"{n}02"} for n, home in enumerate(homes, 4)])  # fmt: skip
    opened = city.letters.open_case(
        Letter(body, f"key-{code}-1-{digits(draw, 6)}", lon=float(point[0]), lat=float(point[1]),
               address_note=tell("address_note", rare(draw)), name=tell("name", rare(draw)),
               phone=tell("phone", "135" + digits(draw, 8)), file_ids=(file_id,),
               dwelling_id=homes[0])
    )  # fmt: skip
    hidden = city.letters.open_case(
        Letter("路灯不亮", f"key-{code}-2-{digits(draw, 6)}", lon=lon, lat=lat, is_anonymous=True,
               name=tell("anonymous_name", rare(draw)), phone=tell("phone", "134" + digits(draw, 8)),
               dwelling_id=homes[1])
    )  # fmt: skip
    for each, home in zip((opened, hidden), homes, strict=True):
        tell("case_id", each.case_id)
        made.canaries.append(Canary("home", tell.place_id, home.encode(), each.case_id.encode()))
    org_id = f"org:{code}"
    dispatcher = Scope("u:disp", None, "V3", "dispatcher", "org:centre")
    worker = Scope("u:grid", tell.place_id, "V2", "grid_worker", org_id)
    key = f"step-{code}-{digits(draw, 6)}"
    city.log.take(dispatcher, opened.case_id, "dispatch", 1, f"{key}-1", {"org_id": org_id}, None)
    city.log.take(worker, opened.case_id, "sign", 2, f"{key}-2", None, None)
    city.log.take(worker, opened.case_id, "handle", 3, f"{key}-3", {"is_contact": True},
                  {"note": tell("note", rare(draw, 6))})  # fmt: skip
    tell("secret", opened.follow_code)
    made.follow_code = opened.follow_code
    made.pools.setdefault("file_id", []).append(file_id)


def photo_of(draw: Random, words: str) -> bytes:
    """Return a photo that says where it was taken and by whom."""
    picture = Image.frombytes("RGB", (64, 48), draw.randbytes(64 * 48 * 3))
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = words, words
    exif.get_ifd(0x8825)[29] = words
    told = BytesIO()
    picture.save(told, "JPEG", exif=exif, comment=words.encode())
    return told.getvalue()


def plant_load(made: Planted, draw: Random) -> None:
    """Plant a load whose rejected row names somebody."""
    tell = Teller(made, None)
    name, phone = tell("source", rare(draw)), tell("source", "133" + digits(draw, 8))
    with made.city.engine.records.writing() as writing:
        writing.add("load", [{"load_id": "load-1", "kind": "csv", "file_name": "rows.csv", "file_hash": "h",
                              "map_hash": "m", "state": "done", "n_read": 1, "n_written": 0, "n_unchanged": 0,
                              "n_rejected": 1, "n_done_rows": 1, "started_at": START, "finished_at": START,
                              "load_seq": 1}])  # fmt: skip
        writing.add("reject", [{"load_id": "load-1", "row_no": 1, "source_key": phone, "reason_code": "no_key",
                                "reason_zh": f"“{phone}”不是编码", "reason_en": f"{phone} is no code",
                                "raw": {"姓名": name, "联系电话": phone, "备注": f"找{phone}"}}])  # fmt: skip


def add_users(made: Planted, draw: Random, root: str) -> None:
    """Add an account of every role, with lenses and places as they are drawn; every lens is there."""
    below = [place_id for place_id, parent in made.parents.items() if parent is not None]
    bodies = [p for p in below if len(p) == max(map(len, below))]
    lenses: list[Lens] = ["V1", "V2", "V3"]
    # One of the whole city with everything: else nobody is there whom the most is not kept from.
    lenses = [draw.choice(lenses), "V3", *draw.choices(lenses, k=3), *draw.sample(lenses, 3)]
    made.users.append(User("", "public", "V1", None))
    for role, lens in zip(WHOLE_CITY + OF_PLACES, lenses, strict=True):
        place_id = None if role in WHOLE_CITY else draw.choice(below)
        name = f"{role}.{digits(draw, 4)}"
        add_user(
            made.city, new_user(name, PASSWORD, role, role, lens, place_id, f"org:{draw.choice(bodies)[6:]}")
        )
        made.users.append(User(name, role, lens, place_id, is_stated=lens == "V3"))
    # And one with the same lens who says nothing of what for.
    add_user(made.city, new_user("silent", PASSWORD, "", "dispatcher", "V3", None, f"org:{bodies[0][6:]}"))
    made.users.append(User("silent", "dispatcher", "V3", None))


def plant_secrets(made: Planted) -> None:
    """Everything that the store keeps secret is a canary as it stands there."""
    records, planner = made.city.engine.records, made.city.planner
    for entity, column in (("case_step", "idempotency_key"), ("user_account", "password_hash"),
                           ("case_contact", "follow_code_hash"), ("city_fact", "told")):  # fmt: skip
        for row in records.read(planner.system(entity), Query(entity, limit=1000)).rows:
            if row[column] and len(str(row[column])) >= 8:
                Teller(made, None)("secret", str(row[column]))
    Teller(made, None)("secret", PASSWORD)


def fill_pools(made: Planted) -> None:
    """Read the ids of this city: a parameter that has the name of a key column is asked with its values."""
    records, planner = made.city.engine.records, made.city.planner
    homes = {canary.told.decode() for canary in made.canaries if canary.kind == "home"}
    for entity in ENTITIES.values():
        allowed = planner.raw(entity.name)
        for row in records.read(allowed, Query(entity.name, limit=200)).rows:
            for column in (*entity.key, "case_no", "owner_org_id"):
                # Nobody asks with a home of a case: what is asked with may come back.
                if isinstance(row.get(column), str) and row[column] not in homes:
                    values = made.pools.setdefault(column, [])
                    if row[column] not in values:
                        values.append(row[column])
    places, bodies = list(made.parents), made.pools["org_id"]
    made.pools |= {"place": places, "parent": places, "at_place": places, "owner": bodies, "owner_org_id": bodies,
                   "lon": ["116.05"], "lat": ["40.1"], "entity": list(ENTITIES), "from": ["2026-03-01"],
                   "to": ["2026-03-02"], "X-Follow-Code": ["WRONGCODE"], "code": ["WRONGCODE"],
                   "at": ["2026-03-02", "2026-03-02T00:59:00Z"], "box": ["116,40,116.4,40.2"],
                   "by": ["place_id", "state", "kind"]}  # fmt: skip


class Teller:
    """Notes what is planted where, and gives it back."""

    def __init__(self, made: Planted, place_id: str | None) -> None:
        self._made, self.place_id = made, place_id

    def __call__(self, kind: str, told: str) -> str:
        """Plant a string."""
        self._made.canaries.append(Canary(kind, self.place_id, told.encode()))
        return told
