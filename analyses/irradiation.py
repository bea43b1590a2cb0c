"""What reaches surfaces in a year: from the sun, from the sky, and back from what they face."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from ..jena_city.applied import TERRAIN
from ..jena_city.arrays import FloatArray
from ..jena_city.origin import Origin
from ..jena_city.problems import Progress, no_progress, stretch
from ..jena_city.triangulate import triangle_normals
from . import sensors, sky, sky_edges, sun, visibility, weather
from .foliage import Leaves
from .kernels import kernel
from .obstacles import Obstacles
from .rays import morton_order, spread
from .visibility import GRAZING, OFFSET, Bits
from .weather import Suns, Weather

GROUND, FACADE = 0.2, 0.3  # reflectances where nothing else is said
_PIECE = 16384  # sensors at a time: bounds the memory
_BOUNCES = 2048  # sensors whose reflections are asked for at a time
_CELL = 4.0  # metres: how large pieces of what reflects are that get one value, up to _CLOSE metres away; four times as large up to
_CLOSE = 40.0  # four times as far, and so on
_COARSEST = 3
OF_REFLECTIONS = 2500.0  # rays that they take, for each sensor: to what it sees, and from there to sun and sky
_KERNEL = 4096
_FINEST, _SIDE, _NUMBERS = 8192, 2**20, 2**41  # pieces of a triangle's side, cells of the ground's side, and numbers that name a piece
_COARSER, _STRIPS = 2.0, 6  # of what light is reflected: times as large fields of the sun's path, and strips of the sky taken together


@dataclass(frozen=True)
class Year:
    """The light of a year at a place, in one season, or in two: with leaves, and without.

    suns : all (s,) of the year. directions : (s, 3) in the scene's axes. weights : (k, s) what each brings in each season, kWh/m² on a
    plane that faces it. skies : (k, 180, 15) kWh/m² sr. level : kWh/m² on open level ground. label : what year it is, in German. rough :
    (q, 3) directions and (k, q) kWh/m², sun and sky in a few hundred pieces, for what is only reflected. crowns : what they let through in
    each season (k,), those that shed their leaves and those that keep them; None: trees are not there.
    """

    suns: Suns
    directions: FloatArray
    weights: FloatArray
    skies: FloatArray
    level: float
    label: str
    around: sky_edges.Around
    rough: tuple[FloatArray, FloatArray]
    crowns: tuple[FloatArray, FloatArray] | None = None

    @classmethod
    def of(cls, year: Weather, origin: Origin, leaves: Leaves | None = None) -> Year:
        """The year at the origin: its suns in fields of the sun's path, its skies after Perez added up. leaves : None where there are no
        trees."""
        latitude, longitude = origin.latitude, origin.longitude
        seasonal = leaves is not None and leaves.bare != leaves.in_leaf
        green = leaves.green(year.times) if leaves is not None and seasonal else None
        seasons = [year] if green is None else [year.only(green), year.only(~green)]
        parts = [weather.suns_at(one, latitude, longitude) for one in seasons]
        each = weather.Suns(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("azimuth", "elevation", "weight")))
        season = np.repeat(np.arange(len(parts)), [len(one) for one in parts])
        around, place = sky_edges.Around.of(origin), sun.position(year.times, latitude, longitude)
        outside = weather.extraterrestrial(year.times)
        skies = np.stack([sky.cumulative(place.azimuth, place.elevation, one.direct, one.diffuse, outside, one.hours) for one in seasons])

        def gathered(coarser: float) -> tuple[Suns, FloatArray, FloatArray]:
            field = weather.fields(each, latitude, coarser)
            whole = weather.together(each, field)
            rows = [np.bincount(field, np.where(season == k, each.weight, 0.0)) for k in range(len(parts))]
            return whole, origin.direction(whole.azimuth, whole.elevation), np.stack(rows)

        suns, directions, weights = gathered(1.0)
        level = float((skies.sum(axis=0) * sky.cells().level).sum() + suns.weight @ np.sin(np.radians(suns.elevation)))
        _, few, brought = gathered(_COARSER)
        patches, of_sky = _patches(skies, around)
        rough = np.concatenate([few, patches]), np.concatenate([brought, of_sky], axis=1)
        crowns = None
        if leaves is not None:
            shares = [leaves.in_leaf, leaves.bare] if seasonal else [leaves.bare]
            crowns = np.array(shares), np.full(len(seasons), leaves.in_leaf)
        return cls(suns, directions, weights, skies, level, year.label, around, rough, crowns)

    def open(self, normals: FloatArray) -> FloatArray:
        """(n,) kWh/m² on planes with these normals (n, 3) where nothing stands, nor reflects."""
        beam = np.maximum(normals @ self.directions.T, 0) @ self.suns.weight
        cells = sky.cells()
        flat, up = np.cos(np.radians(cells.elevation)), np.sin(np.radians(cells.elevation))
        level = self.around.level
        towards = np.stack([level[:, None, 0] * flat, level[:, None, 1] * flat, up], axis=-1).reshape(-1, 3)
        return np.asarray(beam + np.maximum(normals @ towards.T, 0) @ (self.skies.sum(axis=0) * cells.solid_angle).ravel())

    def best(self) -> float:
        """kWh/m² on the plane that gets most."""
        tilts, turns = np.radians(np.arange(0, 91, 5)), np.radians(np.arange(0, 360, 15))
        tilt, turn = (one.ravel() for one in np.meshgrid(tilts, turns))
        planes = np.column_stack([np.sin(tilt) * np.sin(turn), np.sin(tilt) * np.cos(turn), np.cos(tilt)])
        return float(self.open(planes).max())


def _patches(skies: FloatArray, around: sky_edges.Around) -> tuple[FloatArray, FloatArray]:
    """(240, 3), (k, 240) directions of the scene, unit, and what skies (k, 180, 15) bring from there to a plane that faces it: pieces of
    12° each way, in their middle."""
    cells = sky.cells()
    flat, up = np.cos(np.radians(cells.elevation)), np.sin(np.radians(cells.elevation))
    each = np.stack([around.level[:, None, 0] * flat, around.level[:, None, 1] * flat, up], axis=-1)
    bands = np.arange(0, sky.BANDS, 2)

    def added(values: FloatArray) -> FloatArray:
        strips = values.reshape(sky.LINES // _STRIPS, _STRIPS, sky.BANDS, -1).sum(axis=1)
        return np.asarray(np.add.reduceat(strips, bands, axis=1).reshape(sky.LINES // _STRIPS * len(bands), -1))

    middle = added(each * (skies.sum(axis=0) * cells.solid_angle)[..., None])
    length = np.linalg.norm(middle, axis=1)
    whole = added((skies * cells.solid_angle).transpose(1, 2, 0))
    # As long as the middle: what open planes get of the pieces is then what they get of the whole sky.
    share = length / np.maximum(whole.sum(axis=1), 1e-12)
    return middle / np.maximum(length, 1e-12)[:, None], (whole * share[:, None]).T


def lit(bits: Bits, normals: FloatArray | None, directions: FloatArray, weights: FloatArray) -> FloatArray:
    """(n, q) sums of weights (q, s) over the directions (s, 3) that are open, times the cosine to the surface; without normals, that to
    level ground. bits : see `visibility.open_to`."""
    count = bits.shape[1]
    upright = np.tile([0.0, 0.0, 1.0], (count, 1)) if normals is None else np.ascontiguousarray(normals, np.float64)
    found = np.zeros((count, len(weights)))
    rows, ways = np.ascontiguousarray(weights, np.float64), np.ascontiguousarray(directions, np.float64)

    def work(begin: int) -> None:
        _lit(bits, upright, ways, rows, begin, min(begin + _KERNEL, count), found)

    spread(work, range(0, count, _KERNEL))
    return found


@kernel(error_model="numpy")
def _lit(bits: Any, normals: Any, directions: Any, weights: Any, begin: int, end: int, found: Any) -> None:  # pragma: no cover - compiled
    for byte in range(bits.shape[0]):
        for sensor in range(begin, end):
            value = bits[byte, sensor]
            if value == 0:
                continue
            for bit in range(min(8, directions.shape[0] - 8 * byte)):
                if value >> bit & 1:
                    way = directions[8 * byte + bit]
                    cosine = normals[sensor, 0] * way[0] + normals[sensor, 1] * way[1] + normals[sensor, 2] * way[2]
                    if cosine > 0:
                        for k in range(weights.shape[0]):
                            found[sensor, k] += cosine * weights[k, 8 * byte + bit]


def _through(left: FloatArray, year: Year) -> FloatArray:
    """(n,) what arrives of what comes past houses, past the trees that keep their leaves too, and past all trees (3, n, k), or only past
    houses (1, n, k). Of several crowns in a row the densest counts."""
    if year.crowns is None:
        return np.asarray(left[0].sum(axis=1))
    shedding, evergreen = year.crowns
    free, past_green, past_all = left
    return np.asarray((past_all + (past_green - past_all) * shedding + (free - past_green) * evergreen).sum(axis=1))


def _lit_past(
    places: FloatArray, normals: FloatArray | None, bits: Bits, town: Obstacles, year: Year, directions: FloatArray, weights: FloatArray
) -> FloatArray:
    """(n,) kWh/m² of the directions (q, 3) with weights (k, q) that houses leave open."""
    left = [lit(bits, normals, directions, weights)]
    for rays in town.with_crowns if year.crowns is not None else ():
        bits = visibility.open_to(places, normals, directions, rays.second, among=bits)
        left.append(lit(bits, normals, directions, weights))
    return _through(np.stack(left), year)


def direct(places: FloatArray, normals: FloatArray | None, town: Obstacles, year: Year, progress: Progress = no_progress) -> FloatArray:
    """(n,) kWh/m² that the sun itself brings to surfaces at places (n, 3) with normals (n, 3); None: level ground."""
    found = np.empty(len(places))
    for begin in range(0, len(places), _PIECE):
        part = slice(begin, begin + _PIECE)
        said = stretch(progress, begin / len(places), min(begin + _PIECE, len(places)) / len(places))
        facing = None if normals is None else normals[part]
        bits = town.open_to(places[part], facing, year.directions, said)
        found[part] = _lit_past(places[part], facing, bits, town, year, year.directions, year.weights)
    return found


def diffuse(places: FloatArray, normals: FloatArray | None, town: Obstacles, year: Year, progress: Progress = no_progress) -> FloatArray:
    """(n,) kWh/m² that the sky brings."""
    crowns = town.with_crowns if year.crowns is not None else ()
    return _through(sky_edges.past(places, normals, town, year.around, year.skies, crowns, progress), year)


def roughly(places: FloatArray, normals: FloatArray, town: Obstacles, year: Year) -> FloatArray:
    """(n,) kWh/m² that sun and sky bring, with some hundred rays: for what only gives a part of it back."""
    directions, weights = year.rough
    order = morton_order(places)
    found = np.empty(len(places))
    bits = visibility.open_to(places[order], normals[order], directions, town.rays)
    found[order] = _lit_past(places[order], normals[order], bits, town, year, directions, weights)
    return found


def _all_around() -> tuple[FloatArray, FloatArray]:
    """(290, 3), (290,) the middles of Tregenza's patches, above and below the horizon, and their solid angles."""
    ways, size = [], []
    for band, count in enumerate((30, 30, 24, 24, 18, 12, 6, 1)):
        low, high = np.radians(12 * band), np.radians(12 * band + 12 if band < 7 else 90)
        up, turn = (low + high) / 2 if count > 1 else np.pi / 2, np.arange(count) * 2 * np.pi / count
        ways.append(np.column_stack([np.cos(up) * np.sin(turn), np.cos(up) * np.cos(turn), np.full(count, np.sin(up))]))
        size.append(np.full(count, 2 * np.pi * (np.sin(high) - np.sin(low)) / count))
    above = np.concatenate(ways)
    return np.concatenate([above, above * (1, 1, -1)]), np.tile(np.concatenate(size), 2)


@dataclass
class Reflections:
    """What a town gives back of the light of a year, once: each piece of some 4 m of its surfaces as bright as what falls on it from
    sun and sky. Pieces are reckoned when they are first seen, and remembered."""

    town: Obstacles
    year: Year
    ground: float = GROUND
    facade: float = FACADE
    _known: dict[tuple[int, int], float] = field(default_factory=dict)

    def received(self, places: FloatArray, normals: FloatArray | None, progress: Progress = no_progress) -> FloatArray:
        """(n,) kWh/m² that surfaces get so. places (n, 3), normals (n, 3); None: level ground."""
        ways, size = _all_around()
        found = np.zeros(len(places))
        for begin in range(0, len(places), _BOUNCES):
            part = slice(begin, begin + _BOUNCES)
            upright = np.tile([0.0, 0.0, 1.0], (len(places[part]), 1)) if normals is None else normals[part]
            cosine = visibility.cosines(upright, ways)
            way, who = np.nonzero(cosine.T > GRAZING)
            start = (places[part] + (0 if normals is None else OFFSET) * upright)[who]
            hits = self.town.rays.first_hit(start, ways[way], presorted=True)
            seen = np.flatnonzero(hits.triangle >= 0)
            brought = np.zeros(len(who))
            end = start[seen] + hits.distance[seen, None] * ways[way[seen]]
            brought[seen] = self._given_back(hits.triangle[seen], end, ways[way[seen]], hits.distance[seen])
            lost = np.flatnonzero((hits.triangle < 0) & (ways[way, 2] < 0))  # beyond the ground that is known
            brought[lost] = self.ground * self.year.level
            found[part] = np.bincount(who, brought * cosine[who, way] * size[way] / np.pi, minlength=len(upright))
            progress(min(begin + _BOUNCES, len(places)) / len(places), "reflections")
        return found

    def _given_back(self, triangle: Any, end: FloatArray, way: FloatArray, distance: FloatArray) -> FloatArray:
        """(m,) kWh/m² that leave what is hit at its ends (m, 3), some metres (m,) away."""
        if not len(triangle):
            return np.zeros(0)
        occluders = self.town.occluders
        soil = occluders.kind[triangle] == TERRAIN
        coarse = np.clip(np.floor(np.log(np.maximum(distance, 1.0) / _CLOSE) / np.log(4.0)) + 1, 0, _COARSEST).astype(np.int64)
        place, facing = np.empty_like(end), np.tile([0.0, 0.0, 1.0], (len(end), 1))
        owner, piece = np.empty((2, len(end)), np.int64)
        place[soil], owner[soil], piece[soil] = self._ground_pieces(end[soil], coarse[soil])
        wall = np.flatnonzero(~soil)
        corners = occluders.triangles[triangle[wall]]
        normal = triangle_normals(occluders.vertices, corners)
        normal = normal / np.linalg.norm(normal, axis=1)[:, None]
        back = np.einsum("ij,ij->i", normal, way[wall]) > 0
        facing[wall] = np.where(back[:, None], -normal, normal)
        place[wall], piece[wall] = _pieces(occluders.vertices[corners], end[wall], _CELL * 4.0 ** coarse[wall])
        owner[wall] = 2 * triangle[wall] + back
        _, short = np.unique(owner, return_inverse=True)
        _, first, which = np.unique(short * _NUMBERS + piece, return_index=True, return_inverse=True)
        names = list(zip(owner[first].tolist(), piece[first].tolist(), strict=True))
        fresh = [k for k, name in enumerate(names) if name not in self._known]
        if fresh:
            new = first[np.array(fresh)]
            values = roughly(place[new], facing[new], self.town, self.year)
            self._known.update({names[k]: float(value) for k, value in zip(fresh, values, strict=True)})
        fallen = np.array([self._known[name] for name in names])[which.reshape(-1)]
        return np.asarray(np.where(soil, self.ground, self.facade) * fallen)

    def _ground_pieces(self, end: FloatArray, coarse: Any) -> tuple[FloatArray, Any, Any]:
        """Places (m, 3) that stand for the ground hit at (m, 3), 5 cm above it, and their names: the size in centimetres, which is below 0,
        and a number. Where the middle of a large piece lies inside a building a smaller one is taken."""
        place, owner, piece = end.copy(), np.empty(len(end), np.int64), np.empty(len(end), np.int64)
        left = np.arange(len(end))
        smallest = _CELL / 8
        for turn in range(3):
            size = (_CELL * 4.0**coarse, np.full(len(end), _CELL), np.full(len(end), smallest))[turn][left]
            cell = np.floor(end[left, :2] / size[:, None]).astype(np.int64)
            name = (cell[:, 0] + _SIDE // 2) * _SIDE + cell[:, 1] + _SIDE // 2
            middle = (cell + 0.5) * size[:, None]
            covered = np.zeros(len(left), bool)
            if turn < 2:
                sizes, which = np.unique(size, return_inverse=True)
                _, first, back = np.unique(which * _NUMBERS + name, return_index=True, return_inverse=True)
                covered = (sensors.inside(self._footprints, middle[first]) & (sizes[which[first]] > smallest))[back]
            good = ~covered
            place[left[good], :2] = middle[good]
            owner[left[good]], piece[left[good]] = -(100 * size[good]).astype(np.int64), name[good]
            left = left[covered]
        terrain = self.town.applied.site.terrain
        assert terrain is not None
        height = terrain.height_at(place[:, :2])
        place[:, 2] = np.where(np.isfinite(height), height, end[:, 2]) + sensors.ABOVE_GROUND
        return place, owner, piece

    @cached_property
    def _footprints(self) -> list[Any]:
        return [shape for shape in self.town.applied.footprints if not shapely.is_empty(shape)]


def _pieces(corners: FloatArray, end: FloatArray, size: FloatArray) -> tuple[FloatArray, Any]:
    """The middles (m, 3) of the small triangles that the points lie in when their triangles (m, 3, 3) are cut evenly, to a size (m,) in
    metres, and their numbers."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    u, v, w = b - a, c - a, end - a
    uu, uv, vv = (np.einsum("ij,ij->i", *pair) for pair in ((u, u), (u, v), (v, v)))
    wu, wv = np.einsum("ij,ij->i", w, u), np.einsum("ij,ij->i", w, v)
    area = np.maximum(uu * vv - uv**2, 1e-12)
    s, t = (vv * wu - uv * wv) / area, (uu * wv - uv * wu) / area
    longest = np.sqrt(np.maximum(np.maximum(uu, vv), np.einsum("ij,ij->i", c - b, c - b)))
    count = np.clip(np.ceil(longest / size), 1, _FINEST).astype(np.int64)
    i, j = (np.clip(np.floor(one * count), 0, count - 1).astype(np.int64) for one in (s, t))
    over = np.maximum(i + j - (count - 1), 0)
    i = np.maximum(i - over, 0)
    j = np.minimum(j, count - 1 - i)
    upper = (s * count - i + t * count - j > 1) & (i + j < count - 1)
    shift = np.where(upper, 2 / 3, 1 / 3)
    place = a + ((i + shift) / count)[:, None] * u + ((j + shift) / count)[:, None] * v
    return place, ((count * _FINEST + i) * _FINEST + j) * 2 + upper
