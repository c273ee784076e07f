"""Datums of Chinese maps: GCJ-02 and BD-09 to WGS-84 and back. They exist here and nowhere else inside.

Source of the formulas: GCJ-02 is not published; the forward polynomial is the one known since 2010 as
"wgtochina_lb" and used by every open implementation (coordtransform, eviltransform, PROJ discussions), on the
Krasovsky 1940 ellipsoid (a = 6 378 245 m, e² = 0.006 693 421 622 965 943). BD-09 over GCJ-02 is the formula that
Baidu's converter follows. Both are shifts of up to 800 m, and smooth, so the inverse is found exactly by
iteration instead of by the usual one-step approximation (which is off by up to 2 m).

CGCS2000 and WGS-84 differ by centimetres; they are the same here.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""What the option ``datum`` takes."""

Degrees = NDArray[np.float64]
Shift = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]

_A_M = 6378245.0
_E2 = 0.00669342162296594323
_X_PI = np.pi * 3000.0 / 180.0
_CLOSE_DEG = 1e-11
"""Where the iteration stops: a thousandth of a millimetre."""
_MOST_ROUNDS = 40


def to_wgs84(lon: Degrees, lat: Degrees, datum: str) -> tuple[Degrees, Degrees]:
    """Return coordinates of a datum as WGS-84.

    Args:
        lon: Degrees, one a point; NaN stays NaN.
        lat: Degrees, one a point.
        datum: One of ``DATUMS``.

    Returns:
        Longitudes and latitudes in degrees. Outside China GCJ-02 is WGS-84.
    """
    if datum == "gcj02":
        return _inverse(gcj02_of, lon, lat)
    if datum == "bd09":
        return _inverse(gcj02_of, *_inverse(_bd09_of_gcj02, lon, lat))
    return lon, lat


def from_wgs84(lon: Degrees, lat: Degrees, datum: str) -> tuple[Degrees, Degrees]:
    """Return WGS-84 coordinates in a datum; the inverse of ``to_wgs84``."""
    if datum == "gcj02":
        return gcj02_of(lon, lat)
    if datum == "bd09":
        return _bd09_of_gcj02(*gcj02_of(lon, lat))
    return lon, lat


def gcj02_of(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Return WGS-84 coordinates as GCJ-02; points outside the box of China are not shifted."""
    x, y = lon - 105.0, lat - 35.0
    wave = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    curve = 1.0 - _E2 * np.sin(phi) ** 2
    d_lat = np.degrees(north / (_A_M * (1.0 - _E2) / (curve * np.sqrt(curve))))
    d_lon = np.degrees(east / (_A_M / np.sqrt(curve) * np.cos(phi)))
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def _bd09_of_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _X_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _X_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _inverse(forward: Shift, lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Undo a shift: take off what it adds at the present guess, until the guess stands still."""
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(_MOST_ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        off_lon, off_lat = lon - there_lon, lat - there_lat
        guess_lon, guess_lat = guess_lon + off_lon, guess_lat + off_lat
        if np.max(np.nan_to_num(np.abs([off_lon, off_lat])), initial=0.0) <= _CLOSE_DEG:
            break
    return guess_lon, guess_lat
