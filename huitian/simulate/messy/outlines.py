"""Outlines of the messy pile: streets in WGS-84, communities in GCJ-02 with one that crosses itself."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from huitian.model.place import Place
from huitian.simulate.city import DemoCity
from huitian.simulate.draws import Draws
from huitian.simulate.messy.ledger import FileLedger, Lots
from huitian.simulate.plane import Floats, Geometry

_A_M, _E2 = 6378245.0, 0.00669342162296594323


def to_gcj02(lonlat: Floats) -> Floats:
    """Return WGS-84 degrees as GCJ-02, by the polynomial that open converters have used since 2010."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    lat = np.radians(lonlat[:, 1])
    w2 = 1.0 - _E2 * np.sin(lat) ** 2
    d_lat = north * 180.0 / (_A_M * (1.0 - _E2) / (w2 * np.sqrt(w2)) * np.pi)
    d_lon = east * 180.0 / (_A_M / np.sqrt(w2) * np.cos(lat) * np.pi)
    return lonlat + np.column_stack([d_lon, d_lat])


def _feature(facts: dict[str, Any], shape: Geometry | None) -> dict[str, Any]:
    outline = None if shape is None else json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": facts, "geometry": outline}


def _write(path: Path, features: list[dict[str, Any]]) -> None:
    told = {"type": "FeatureCollection", "name": path.stem, "features": features}
    path.write_text(json.dumps(told, ensure_ascii=False) + "\n", "utf-8")


def _today(city: DemoCity, level: str) -> list[Place]:
    return [p for p in city.places if p.tree_id == "admin" and p.level == level and p.valid_to is None]


def _crossed(shape: Geometry) -> Geometry:
    """Return an outline with two corners in the wrong order, so that it crosses itself."""
    ring = shapely.get_coordinates(shape)[:-1]
    for step in range(2, len(ring) // 2):
        wrong = ring.copy()
        wrong[[1, 1 + step]] = wrong[[1 + step, 1]]
        found = shapely.Polygon(wrong)
        if not found.is_valid and "Self-intersection" in shapely.is_valid_reason(found):
            return found
    raise AssertionError("every outline can be crossed")


def write_district(directory: Path, city: DemoCity) -> FileLedger:
    """Write ``district.geojson``: the root, without a fault."""
    (root,) = _today(city, "district")
    facts = {"编码": root.code, "名称": root.name, "英文名": root.name_en}
    _write(directory / "district.geojson", [_feature(facts, shapely.from_wkb(root.geometry))])
    return FileLedger("district.geojson", "geojson", "maps/district.toml", "utf-8", "全区边界，WGS-84",
                      "Outline of the district, WGS-84", 1)  # fmt: skip


def write_streets(directory: Path, city: DemoCity) -> FileLedger:
    """Write ``streets.geojson``: streets of today in WGS-84, without a fault."""
    streets = _today(city, "street")
    features = [
        _feature(
            {"编码": s.code, "名称": s.name, "英文名": s.name_en, "上级编码": s.code[:6],
             "面积平方公里": round((s.area_m2 or 0) / 1e6, 2)},
            shapely.from_wkb(s.geometry),
        )
        for s in streets
    ]  # fmt: skip
    _write(directory / "streets.geojson", features)
    return FileLedger("streets.geojson", "geojson", "maps/streets.toml", "utf-8", "街道边界，WGS-84",
                      "Streets, WGS-84", len(features))  # fmt: skip


def _lots(city: DemoCity, n: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return which communities cross themselves, have no outline, stand twice, have a number for a code."""
    lots = Lots(Draws(city.seed, "messy communities"), n)
    return lots.draw(1), lots.draw(1), lots.draw(1), lots.draw(8)


def faulty_communities(city: DemoCity) -> list[str]:
    """Return the codes of the communities that a load of the pile refuses."""
    communities = _today(city, "community")
    return [communities[at].code for at in _lots(city, len(communities))[0]]


def write_communities(directory: Path, city: DemoCity) -> FileLedger:
    """Write ``communities.geojson``: communities of today in GCJ-02 with the faults of a hand-made map."""
    communities = _today(city, "community")
    crossed, outlineless, doubled, numeric = _lots(city, len(communities))
    ledger = FileLedger("communities.geojson", "geojson", "maps/communities.toml", "utf-8", "社区边界，GCJ-02",
                        "Communities, GCJ-02", 0)  # fmt: skip
    features = []
    for at, place in enumerate(communities):
        shape = shapely.transform(shapely.from_wkb(place.geometry), to_gcj02)
        shape = shapely.transform(shape, lambda lonlat: np.round(lonlat, 7))
        facts: dict[str, Any] = {"社区代码": place.code, "社区名称": place.name, "街道代码": place.code[:9]}
        if at in crossed:
            shape = _crossed(shape)
            ledger.rejected.setdefault("self_crossing", []).append(place.code)
        if at in outlineless:
            shape = None
            ledger.oddities.setdefault("no_outline", []).append(place.code)
        if at in numeric:
            facts["社区代码"] = int(place.code)
            ledger.oddities.setdefault("code_is_a_number", []).append(place.code)
        features.append(_feature(facts, shape))
        if at in doubled:
            features.append(_feature(facts, shape))
            ledger.rejected.setdefault("duplicate_key", []).append(place.code)
    _write(directory / "communities.geojson", features)
    ledger.n_rows = len(features)
    return ledger
