"""The planar subdivision: superblocks between main roads, cut into communities, estates and grids.

Every level is a set of faces of one noded plane graph on whole micro-degrees, so that the parts of a place tile
it exactly. Cutting halves a block across its longer side until each piece has its size, as towns do it (the
recursive splitting of Y. Parish and P. Müller, SIGGRAPH 2001).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from huitian.simulate.draws import generator
from huitian.simulate.outline import Land
from huitian.simulate.plane import Floats, Geometry, Ints, area_m2, to_metres, to_micro

STREET_SEEDS_KM = (
    (-4.2, -1.6), (-1.3, 2.6), (-1.4, -1.4), (4.7, 0.6), (1.6, 2.0), (1.7, -1.7), (-4.6, 1.7),
)  # fmt: skip
"""Where the seven streets lie; the order is that of ``division.STREETS``."""

COMMUNITY_M2, ESTATE_M2, GRID_M2 = 620_000.0, 200_000.0, 120_000.0
SLIVER_M2 = 160_000.0
OVERSHOOT_M = 2.5
FAR_M = 30_000.0


@dataclass(frozen=True, slots=True)
class Subdivision:
    """The faces of the district, one row a grid.

    Attributes:
        grids: Polygons in whole micro-degrees.
        estate: Index of the estate of each grid.
        community: Index of the community of each grid.
        street: Index of the street of each grid, as in ``STREET_SEEDS_KM``.
        secondary: Lines between communities, in metres.
        residential: Lines between estates, in metres.
    """

    grids: npt.NDArray[np.object_]
    estate: Ints
    community: Ints
    street: Ints
    secondary: npt.NDArray[np.object_]
    residential: npt.NDArray[np.object_]

    def merged(self, labels: Ints) -> npt.NDArray[np.object_]:
        """Return the union of the grids of each label, 0 … n−1, in micro-degrees."""
        n = int(labels.max()) + 1
        return np.array([shapely.coverage_union_all(self.grids[labels == i]) for i in range(n)], dtype=object)


def _superblocks(land: Land) -> npt.NDArray[np.object_]:
    """Return the blocks between main roads and river, small leftovers joined to the neighbour they touch most."""
    lines = [land.outline.exterior, land.river, *(line for _, line in land.main_roads)]
    noded = shapely.union_all(shapely.set_precision(np.array(lines, dtype=object), 0.01), grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    faces = faces[shapely.contains(land.outline.buffer(1.0), faces)]
    blocks = sorted(faces.tolist(), key=lambda face: float(face.area))
    while blocks and blocks[0].area < SLIVER_M2:
        small, *blocks = blocks
        shared = shapely.length(shapely.intersection(np.array(blocks, dtype=object), small))
        at = int(np.argmax(shared))
        blocks[at] = shapely.coverage_union(blocks[at], small)
        blocks.sort(key=lambda face: float(face.area))
    order = np.lexsort(
        (shapely.get_x(shapely.centroid(blocks)), -shapely.get_y(shapely.centroid(blocks)).round(-2))
    )
    return np.array(blocks, dtype=object)[order]


def _half(blocks: npt.NDArray[np.object_], shares: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return for each block a bent cut (n, 3, 2) and a far polygon on one side of it (n, 5, 2)."""
    n = len(blocks)
    corners = shapely.get_coordinates(shapely.oriented_envelope(blocks)).reshape(n, 5, 2)
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 1]
    is_first = (np.hypot(*first.T) >= np.hypot(*second.T))[:, None]
    along, across = np.where(is_first, first, second), np.where(is_first, second, first)
    origin = corners[:, 0] + 0.5 * across
    share = np.clip(shares + rng.uniform(-0.05, 0.05, n), 0.2, 0.8)[:, None]
    middle = origin + along * share
    unit = along / np.hypot(*along.T)[:, None]
    side = np.column_stack([-unit[:, 1], unit[:, 0]])
    bend = np.tan(np.radians(rng.uniform(-4.0, 4.0, (n, 2))))
    head = middle + FAR_M * (side + unit * bend[:, :1])
    tail = middle - FAR_M * (side + unit * bend[:, 1:])
    cut = np.stack([head, middle, tail], axis=1)
    far = np.concatenate([cut, (tail - unit * FAR_M)[:, None], (head - unit * FAR_M)[:, None]], axis=1)
    return cut, far


def _cut(
    blocks: npt.NDArray[np.object_], n_pieces: Ints, rng: np.random.Generator
) -> tuple[npt.NDArray[np.object_], Ints, npt.NDArray[np.object_]]:
    """Cut each block into about that many pieces; return pieces, index of their block, and the cuts."""
    done: list[tuple[Geometry, int]] = []
    cuts: list[Geometry] = []
    polygons, origin, wanted = blocks, np.arange(len(blocks)), n_pieces.copy()
    while len(polygons):
        is_done = wanted <= 1
        done += list(zip(polygons[is_done], origin[is_done].tolist(), strict=True))
        polygons, origin, wanted = polygons[~is_done], origin[~is_done], wanted[~is_done]
        if not len(polygons):
            break
        low = wanted // 2
        lines, far = _half(polygons, low / wanted, rng)
        side = shapely.polygons(far)
        here, there = shapely.intersection(polygons, side), shapely.difference(polygons, side)
        cuts += list(shapely.intersection(shapely.linestrings(lines), polygons))
        polygons, index = shapely.get_parts(np.concatenate([here, there]), return_index=True)
        is_area = shapely.get_dimensions(polygons) == 2
        polygons, index = polygons[is_area], index[is_area]
        pieces = np.concatenate([low, wanted - low])[index]
        whole = np.concatenate([shapely.area(here), shapely.area(there)])[index]
        # A concave block can fall into several parts: each gets its share of the pieces, tiny ones none.
        wanted = np.maximum(1, np.rint(pieces * shapely.area(polygons) / whole)).astype(np.int64)
        origin = np.concatenate([origin, origin])[index]
    pieces_of = np.array([piece for piece, _ in done], dtype=object)
    return pieces_of, np.array([at for _, at in done]), np.array(cuts, dtype=object)


def _overshot(cuts: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the cuts a little longer at both ends, so that after snapping they still cross what they end on."""
    out = []
    for line in shapely.get_parts(cuts):
        xy = shapely.get_coordinates(line)
        if len(xy) < 2:
            continue
        head, tail = xy[0] - xy[1], xy[-1] - xy[-2]
        xy[0] += head / np.hypot(*head) * OVERSHOOT_M
        xy[-1] += tail / np.hypot(*tail) * OVERSHOOT_M
        out.append(shapely.LineString(xy))
    return np.array(out, dtype=object)


def _pieces_n(polygons: npt.NDArray[np.object_], size_m2: float, least: int = 1) -> Ints:
    n: Ints = np.maximum(least, np.rint(shapely.area(polygons) / size_m2)).astype(np.int64)
    return n


def _neighbours(faces: npt.NDArray[np.object_]) -> dict[int, dict[int, float]]:
    """Return for each face the length in units that it shares with each face beside it."""
    xy, index = shapely.get_coordinates(faces, return_index=True)
    starts, ends = xy[:-1], xy[1:]
    keep = index[:-1] == index[1:]
    edges: dict[tuple[tuple[float, ...], ...], int] = {}
    shared: dict[int, dict[int, float]] = {i: {} for i in range(len(faces))}
    for a, b, i in zip(
        map(tuple, starts[keep].tolist()), map(tuple, ends[keep].tolist()), index[:-1][keep], strict=True
    ):
        other = edges.setdefault((min(a, b), max(a, b)), int(i))
        if other != i:
            length = float(np.hypot(a[0] - b[0], a[1] - b[1]))
            shared[int(i)][other] = shared[int(i)].get(other, 0.0) + length
            shared[other][int(i)] = shared[other].get(int(i), 0.0) + length
    return shared


def _parts(members: Ints, shared: dict[int, dict[int, float]]) -> list[list[int]]:
    """Return the connected parts of some faces, the one with the most faces first."""
    left, parts = set(members.tolist()), []
    while left:
        queue = [min(left)]
        left.discard(queue[0])
        for face in queue:
            near = sorted(left & shared[face].keys())
            left.difference_update(near)
            queue += near
        parts.append(queue)
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _mend(
    levels: Ints, areas: Floats, shared: dict[int, dict[int, float]], least_m2: tuple[float, ...]
) -> None:
    """Give every loose or too small part to the neighbour it touches most, in place, finest level first.

    Args:
        levels: One row a level from fine to coarse, one column a face: labels.
        areas: Area of each face in m².
        shared: Length of the border between faces.
        least_m2: Smallest area of a place of each level.
    """
    for at, least in enumerate(least_m2):
        for label in np.unique(levels[at]).tolist():
            parts = _parts(np.flatnonzero(levels[at] == label), shared)
            for n, part in enumerate(parts):
                if n == 0 and areas[part].sum() >= least:
                    continue
                inside = set(part)
                border: dict[int, float] = {}
                for face in part:
                    for other, length in shared[face].items():
                        if other not in inside:
                            # A neighbour with the same parent is worth more: the mend stays low in the tree.
                            is_kin = at + 1 < len(levels) and levels[at + 1][other] == levels[at + 1][face]
                            border[other] = border.get(other, 0.0) + length * (10.0 if is_kin else 1.0)
                best = max(border, key=lambda other: (border[other], -other))
                levels[at:, part] = levels[at:, best][:, None]


def _numbered(labels: Ints) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def subdivide(seed: int, land: Land) -> Subdivision:
    """Return the faces of the district: about 100 communities, 320 estates and 530 grids."""
    rng = generator(seed, "subdivision")
    blocks = _superblocks(land)
    centres = shapely.get_coordinates(shapely.point_on_surface(blocks))
    seeds = np.array(STREET_SEEDS_KM) * 1000.0
    block_street = np.argmin(((centres[:, None] - seeds[None]) ** 2).sum(axis=2), axis=1)
    communities, block_of, community_cuts = _cut(blocks, _pieces_n(blocks, COMMUNITY_M2), rng)
    estates, community_of, estate_cuts = _cut(communities, _pieces_n(communities, ESTATE_M2, 2), rng)
    grids, estate_of, grid_cuts = _cut(estates, _pieces_n(estates, GRID_M2), rng)

    rings = shapely.boundary(blocks)
    lines = [rings, _overshot(community_cuts), _overshot(estate_cuts), _overshot(grid_cuts)]
    snapped = to_micro(np.concatenate(lines))
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(snapped, grid_size=1.0)]))
    inner = to_metres(shapely.point_on_surface(faces))
    faces, inner = faces[shapely.contains(land.outline, inner)], inner[shapely.contains(land.outline, inner)]
    order = np.lexsort((shapely.get_x(inner), shapely.get_y(inner)))
    faces, inner = faces[order], inner[order]

    nearest = shapely.STRtree(grids).nearest(inner)
    estate = estate_of[nearest]
    community = community_of[estate]
    levels = np.stack([nearest, estate, community, block_street[block_of[community]]]).astype(np.int64)
    areas, shared = np.asarray(area_m2(faces)), _neighbours(faces)
    _mend(levels, areas, shared, (12_000.0, 40_000.0, 200_000.0, 1e6))

    grid = _numbered(levels[0])
    first = np.unique(grid, return_index=True)[1]
    merged = np.array([shapely.coverage_union_all(faces[grid == i]) for i in range(len(first))], dtype=object)
    return Subdivision(
        grids=merged,
        estate=_numbered(levels[1][first]),
        community=_numbered(levels[2][first]),
        street=levels[3][first],
        secondary=community_cuts,
        residential=estate_cuts,
    )
