"""Ten thousand places below one, made by a load: all of them are listed by pages, and their figures beside them."""

from collections.abc import Iterator

import httpx
import pytest

from huitian.model.scope import Scope
from tests.api.serving import Served, problem, serving
from tests.ingest.towns import Town

N_PLACES = 10_000
ROOT = "admin:990101"
LONG = "云溪街道槐林雅居第二社区居民委员会联合党群服务中心" * 3
MAP = """
source_id = "streets"
entity = "place"
level = "street"
[columns]
code = "编码"
name = "名称"
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    town = Town(tmp_path_factory.mktemp("many"))
    rows = "".join(f"990101{n:06},{LONG[:54]}第{n:05}\n" for n in range(1, N_PLACES + 1))
    report = town.load("csv", "编码,名称\n" + rows, MAP, name="streets.csv")
    assert report.n_written == N_PLACES
    with serving(town.city) as served:
        yield served
    town.city.close()


@pytest.fixture
def reader(many: Served) -> Iterator[httpx.Client]:
    with many.client() as client:
        yield client


def test_every_place_is_listed_once_in_order_of_rank(reader: httpx.Client) -> None:
    seen: list[str] = []
    ranks: list[int] = []
    asked: dict[str, str | int] = {"parent": ROOT, "limit": 1000}
    while True:
        page = reader.get("/v1/places", params=asked).json()
        assert page["n_total"] == N_PLACES
        seen += [place["place_id"] for place in page["items"]]
        ranks += [place["rank"] for place in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert len(seen) == len(set(seen)) == N_PLACES
    assert ranks == sorted(ranks)
    assert all(len(place["name"]) == 60 for place in page["items"])


def test_a_cursor_belongs_to_its_question(reader: httpx.Client) -> None:
    first = reader.get("/v1/places", params={"parent": ROOT, "limit": 10}).json()
    asked = {"parent": ROOT, "limit": 20, "cursor": first["next_cursor"]}
    problem(reader.get("/v1/places", params=asked), 422, "invalid_input")
    problem(reader.get("/v1/places", params={"parent": ROOT, "cursor": "rubbish"}), 422, "invalid_input")


def test_a_place_tells_how_many_it_has_and_the_first_of_them(reader: httpx.Client) -> None:
    page = reader.get(f"/v1/places/{ROOT}").json()
    assert page["n_children"] == N_PLACES
    assert len(page["children"]) == 1000


def test_the_last_place_is_found_by_name(reader: httpx.Client) -> None:
    found = reader.get("/v1/places", params={"q": f"第{N_PLACES:05}", "limit": 3}).json()
    assert [place["rank"] for place in found["items"]] == [N_PLACES + 1]


def test_units_are_measured_beside_their_page(many: Served) -> None:
    indicators = many.city.indicators
    units = indicators.units(Scope("reader", None, "V1", "leader"), "buildings.total", ROOT)
    assert len(units) == N_PLACES
    assert {number.value for _, number in units} == {None}, "no building is loaded: unknown, not nought"
