"""The city, its place trees, and which place a point lies in."""

from datetime import date
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Path, Query

from huitian.api import place_pages
from huitian.api.asking import AtParameter, CursorParameter, TreeParameter, moment_of, refused
from huitian.api.city import City
from huitian.api.problems import problems
from huitian.api.reader import AnyReader, TheCity
from huitian.api.wire.places import City as CityShown
from huitian.api.wire.places import Located, PlaceList, PlacePage, PublicPlaceList
from huitian.clock import day_of
from huitian.errors import UnknownPlace
from huitian.model.place import Level

router = APIRouter(tags=["places"])
RULE = "deepest, then smallest area, then lowest code"
Limit = Annotated[int, Query(ge=1, le=5000, description="At most this many.")]
Words = Annotated[str | None, Query(max_length=60, description="Part of a name, an English name or a code.")]
Longitude = Annotated[
    float, Query(ge=-180, le=180, allow_inf_nan=False, description="Degrees east.", examples=[116.41])
]
Latitude = Annotated[
    float, Query(ge=-90, le=90, allow_inf_nan=False, description="Degrees north.", examples=[40.06])
]
PlaceId = Annotated[str, Path(max_length=100, description="The place.", examples=["admin:110199001"])]


@router.get("/v1/city", responses=problems(is_open=True))
def read_city(city: TheCity) -> CityShown:
    """Tells which city this is.

    Names, place trees with their editions, the box of the map and the present instant of the city's clock.
    """
    return place_pages.city_shown(city)


@router.get("/v1/places", responses=problems(UnknownPlace, is_open=True))
def list_places(
    city: TheCity, reader: AnyReader, tree: TreeParameter = None, at: AtParameter = None,
    parent: Annotated[str | None, Query(max_length=100, description="Only places directly below this one.")] = None,
    level: Annotated[Level | None, Query(description="Only this level.")] = None,
    q: Words = None, cursor: CursorParameter = None, limit: Limit = 1000,
) -> PlaceList:  # fmt: skip
    """Lists places of one edition of a tree, in order of rank, by pages.

    The edition is the one in force at ``at``. A reader of a subtree gets that subtree.
    """
    day = day_of_reading(city, at)
    return place_pages.places_of(city.planner, reader.scope, tree, parent, level, q, day, cursor, limit)


@router.get("/v1/places/{place_id}", responses=problems(UnknownPlace, is_open=True))
def read_place(
    city: TheCity, reader: AnyReader, place_id: PlaceId,
    at: AtParameter = None,
) -> PlacePage:  # fmt: skip
    """Shows a place: its path, what is directly below, what it came from, and what stands in it.

    Where the place is not in the edition of that day, its rank and depth are those of the last edition it was in.
    """
    return place_pages.place_page(city.planner, reader.scope, place_id, moment_of(at, city.clock))


@router.get("/v1/locate", responses=problems(is_open=True))
def locate_point(
    city: TheCity, lon: Longitude, lat: Latitude,
    tree: TreeParameter = None, at: AtParameter = None,
) -> Located:  # fmt: skip
    """Tells which place a point lies in.

    A point on a border belongs to every place it touches; the deepest wins, then the smallest area, then the
    lowest code. A point that no outline holds has no place.
    """
    places = city.planner.places
    tree_id = tree or places.default_tree
    if tree_id is None or tree_id not in places.trees:
        raise refused("tree", "没有这棵地方树", "there is no such tree")
    held_by = places.locate(np.array([lon]), np.array([lat]), tree_id, day_of_reading(city, at))[0]
    path = [] if held_by is None else [place_pages.step_of(p) for p in places.path(held_by)]
    return Located(held_by, path, RULE if held_by else "none")


@router.get("/v1/public/places", responses=problems(is_open=True))
def list_public_places(
    city: TheCity, q: Words = None, limit: Annotated[int, Query(ge=1, le=100, description="At most this many.")] = 20,
) -> PublicPlaceList:  # fmt: skip
    """Finds places that a resident can name in a letter.

    Needs nobody to be signed in. Without words: the streets and communities of the default tree.
    """
    return place_pages.public_places(city.planner, q or "", limit)


def day_of_reading(city: City, at: str | None) -> date:
    """Return the Asia/Shanghai day of a reading."""
    return day_of(city.planner.instant_of(moment_of(at, city.clock)))
