"""Junctions with lights and roundabouts, how far along the streets they are, and what they add to the noise of a road: D_K,KT.

The addition belongs to the roads that meet at a junction (RLS-19, 3.3.7: x is the distance of a piece of road to the next point where
source lines cross or meet): a parallel street beside it, in which nobody stops, has none. A road goes on where its line is cut, and
straight on over a junction without lights; into side streets it does not turn.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from ...jena_city.arrays import FloatArray, IntArray
from ...jena_city.site import Features
from . import rls19
from .traffic import Traffic

MEETING = 1.0  # metres within which the lines of two streets meet
NEAR_PIECE = 20.0  # metres of a piece of road that is near a junction: the addition changes along it
STRAIGHT_ON = math.cos(math.radians(45.0))  # turns that are sharper lead into another road
LOOK = 5.0  # metres from its end at which a street's direction is taken
Entry = tuple[int, float, float]
"""Where a junction is come to from a street: number of its line, metres along this, metres from there to the junction."""


@dataclass(frozen=True, eq=False)
class Junctions:
    """The junctions of a site: where source lines meet (n, 2), by kind of `rls19.JUNCTIONS`; the lines (l,) of streets, their rows (l,) in
    the traffic, and how far junctions of each kind are along them."""

    places: dict[str, FloatArray]
    lines: npt.NDArray[np.object_]
    row: IntArray
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.places.values()))

    def away(self, segments: FloatArray, row: IntArray) -> dict[str, FloatArray]:
        """Metres (s,) along the road from the middles of its pieces (s, 6) to the nearest junction of each kind, infinite where there is
        none in reach. row : (s,) of each in the traffic."""
        middle = (segments[:, :2] + segments[:, 3:5]) / 2
        found = {}
        for kind in rls19.JUNCTIONS:
            found[kind] = np.full(len(segments), np.inf)
            for number, along, off in self.entries.get(kind, []):
                line = self.lines[number]
                mine = np.flatnonzero(row == self.row[number])
                points = shapely.points(middle[mine])
                mine, points = mine[on := shapely.dwithin(line, points, MEETING)], points[on]
                apart = np.abs(shapely.line_locate_point(line, points) - along)
                if line.is_closed:
                    apart = np.minimum(apart, line.length - apart)
                found[kind][mine] = np.minimum(found[kind][mine], off + apart)
        return found


def junctions(streets: Features, traffic: Traffic) -> Junctions:
    """The junctions that streets name (column `junction`): with "signals" the ends of a street where others begin or pass, with
    "roundabout" the places where others come to the ring."""
    given = shapely.force_2d(streets.geometry[traffic.street])
    lines, row = shapely.get_parts(given, return_index=True)
    usable = (shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(lines)
    lines, row = lines[usable], row[usable].astype(np.int64)
    said = np.asarray(streets.columns.get("junction", np.full(len(streets), "")))[traffic.street][row]
    found = Junctions({kind: np.zeros((0, 2)) for kind in rls19.JUNCTIONS}, lines, row)
    if not np.isin(said, list(rls19.JUNCTIONS)).any():
        return found
    meeting = _Meeting(lines)
    end, met = meeting.others
    own, ring = np.tile(np.arange(len(lines)), 2), said == "roundabout"
    # A street that passes goes on to both sides, and where two lines alone end is no junction.
    arms = np.bincount(end, weights=1.0 + meeting.passes, minlength=len(own))
    found.places["signals"] = _apart(meeting.ends[(said[own] == "signals") & (arms >= 2)])
    found.places["roundabout"] = _apart(meeting.ends[np.unique(end[ring[met] & ~ring[own[end]]])])
    for kind, places in found.places.items():
        found.entries[kind] = list(meeting.entries(places))
    return found


class _Meeting:
    """Which lines (l,) meet where: their first ends, then their last ones, (2 l, 2)."""

    def __init__(self, lines: npt.NDArray[np.object_]) -> None:
        self.lines, self.tree, self.length = lines, shapely.STRtree(lines), shapely.length(lines)
        self.ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, k)) for k in (0, -1)])
        inner = [
            shapely.get_coordinates(shapely.line_interpolate_point(lines, sign * np.minimum(LOOK, self.length / 2))) for sign in (1, -1)
        ]
        inward = np.concatenate(inner) - self.ends
        self.inward = inward / np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-9)
        end, met = self.tree.query(shapely.points(self.ends), predicate="dwithin", distance=MEETING)
        other = met != end % len(lines)
        self.others = end[other], met[other]
        near = np.stack([self._near(k) for k in (0, 1)])
        self.passes = ~near.any(axis=0)
        self.onward = self._onward(near)

    def _near(self, which: int) -> npt.NDArray[np.bool_]:
        """Which of `others` have their first (0) or last (1) end there."""
        end, met = self.others
        return np.asarray(np.hypot(*(self.ends[end] - self.ends[met + which * len(self.lines)]).T) <= MEETING)

    def _onward(self, near: npt.NDArray[np.bool_]) -> dict[int, list[int]]:
        """Ends at which the road of an end goes on."""
        end, met = self.others
        found: dict[int, list[int]] = {}
        alone = np.bincount(end, weights=np.where(self.passes, 2, near.sum(axis=0)), minlength=len(self.ends)) == 1
        for which in (0, 1):
            there = met[near[which]] + which * len(self.lines)
            for here, beyond in zip(end[near[which]].tolist(), there.tolist(), strict=True):
                if alone[here] or -self.inward[here] @ self.inward[beyond] >= STRAIGHT_ON:
                    found.setdefault(here, []).append(beyond)
        return found

    def entries(self, places: FloatArray) -> Iterator[Entry]:
        """From where lines come to the nearest of some places (n, 2), as far as that adds to their noise: the shortest way first."""
        place, line = self.tree.query(shapely.points(places), predicate="dwithin", distance=MEETING)
        along = shapely.line_locate_point(self.lines[line], shapely.points(places[place]))
        waiting = [(0.0, number, at) for number, at in zip(line.tolist(), along.tolist(), strict=True)]
        heapq.heapify(waiting)
        known: dict[int, list[tuple[float, float]]] = {}
        while waiting:
            off, number, at = heapq.heappop(waiting)
            before = known.setdefault(number, [])
            if any(less + abs(place - at) <= off for place, less in before):
                continue
            before.append((at, off))
            yield number, at, off
            for end, place_of_end in ((number, 0.0), (number + len(self.lines), float(self.length[number]))):
                reached = off + abs(place_of_end - at)
                if reached < rls19.JUNCTION_REACH:
                    for beyond in self.onward.get(end, []):
                        line_beyond = beyond % len(self.lines)
                        start = 0.0 if beyond < len(self.lines) else float(self.length[line_beyond])
                        heapq.heappush(waiting, (reached, line_beyond, start))


def _apart(points: FloatArray) -> FloatArray:
    """Points without those that lie within MEETING of one before."""
    kept: list[FloatArray] = []
    for point in points:
        if all(np.hypot(*(point - one)) > MEETING for one in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


def cut_near(known: Junctions, segments: FloatArray, row: IntArray) -> tuple[FloatArray, IntArray]:
    """Pieces of road (s, 6), those near a junction cut to NEAR_PIECE at most, and which of the old ones each is. row : (s,) in the
    traffic."""
    number = np.ones(len(segments), np.int64)
    length = np.hypot(*(segments[:, 3:5] - segments[:, :2]).T)
    nearest = np.min([*known.away(segments, row).values()], axis=0) - length / 2
    near = nearest < rls19.JUNCTION_REACH
    number[near] = np.maximum(np.ceil(length[near] / NEAR_PIECE), 1).astype(np.int64)
    of = np.repeat(np.arange(len(segments)), number)
    step = np.arange(len(of)) - np.repeat(np.cumsum(number) - number, number)
    a, along = segments[of, :3], segments[of, 3:] - segments[of, :3]
    share = np.stack([step, step + 1]) / number[of]
    return np.hstack([a + share[0][:, None] * along, a + share[1][:, None] * along]), of


def at_junctions(known: Junctions, segments: FloatArray, row: IntArray) -> FloatArray:
    """D_K,KT of each piece (s,), dB: of its middle, and of the junction that adds most. row : (s,) in the traffic."""
    return np.asarray(np.max([rls19.junction_addition(kind, away) for kind, away in known.away(segments, row).items()], axis=0))
