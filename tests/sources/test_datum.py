"""GCJ-02 and BD-09: known points, and exact inverses everywhere in China."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.sources.datum import from_wgs84, gcj02_of, to_wgs84

KNOWN = (
    # WGS-84 lon, lat → GCJ-02 lon, lat: published test points of googollee/eviltransform.
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
)
LON = st.floats(74, 134, allow_nan=False)
LAT = st.floats(18, 53, allow_nan=False)


def pair(lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([lon]), np.array([lat])


@pytest.mark.parametrize(("wgs", "gcj"), KNOWN)
def test_known_points(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    lon, lat = gcj02_of(*pair(*wgs))
    # Those points were made on another ellipsoid (6 378 137 m): the shift differs by 17 millionths of itself.
    assert abs(lon[0] - gcj[0]) < 2e-7
    assert abs(lat[0] - gcj[1]) < 2e-7


@given(LON, LAT, st.sampled_from(["gcj02", "bd09", "wgs84", "cgcs2000"]))
def test_there_and_back_again(lon: float, lat: float, datum: str) -> None:
    there = from_wgs84(*pair(lon, lat), datum)
    back_lon, back_lat = to_wgs84(*there, datum)
    assert abs(back_lon[0] - lon) < 1e-9
    assert abs(back_lat[0] - lat) < 1e-9


def test_the_shift_in_beijing_is_half_a_kilometre() -> None:
    lon, lat = from_wgs84(*pair(116.35, 40.07), "gcj02")
    assert 400 < np.hypot((lon[0] - 116.35) * 85_200, (lat[0] - 40.07) * 111_000) < 700
    lon_bd, lat_bd = from_wgs84(*pair(116.35, 40.07), "bd09")
    assert abs(lon_bd[0] - lon[0] - 0.0065) < 5e-4
    assert abs(lat_bd[0] - lat[0] - 0.006) < 5e-4


def test_outside_china_nothing_is_shifted_and_nan_stays() -> None:
    lon, lat = to_wgs84(np.array([2.35, np.nan]), np.array([48.85, 40.0]), "gcj02")
    assert (lon[0], lat[0]) == (2.35, 48.85)
    assert np.isnan(lon[1])
