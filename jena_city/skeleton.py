"""Straight skeleton of a polygon: the faces under which a roof of one pitch lies over any outline.

All edges move inward at one speed; where the moving outline loses an edge or touches itself, faces end. The outline is followed from one
such moment to the next. What happens at one moment happens together: corners that meet become one node, and around a node where several
parts of the outline touch, what comes in is joined anew with what goes out. So squares, crosses and courtyards, where everything happens
at once, come out as they are drawn. The result is checked; where it fails, the outline is stirred by less than anybody builds and
followed again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import shapely

from .arrays import FloatArray, IntArray

_EXACT = 1e-6  # metres, and share of the area, by which a result may be off
_HAIR = 2e-4  # metres: narrower parts of a face are none


class _Try(NamedTuple):
    """How the outline is followed, in metres: moves closer than `at_once` happen together, points closer than `near` are one, corners are
    stirred by up to `stir`."""

    at_once: float
    near: float
    stir: float


_TRIES = (
    _Try(1e-8, 1e-7, 0),
    _Try(1e-6, 1e-5, 0),
    _Try(1e-4, 1e-3, 0),
    _Try(1e-10, 1e-9, 0),
    *(_Try(1e-8, 1e-7, stir) for stir in (1e-6, 1e-5, 1e-4)),
)


class NoSkeleton(Exception):
    """The moving outline could not be followed to its end."""


@dataclass(frozen=True)
class Skeleton:
    """points (N, 3): x, y and the distance to the edges the point belongs to, metres; first the corners of the outline, ring by ring.

    faces : for each edge of the outline, in that order (edge k from corner k to the next of its ring), a ring of indices into points that
    begins with the edge, counter-clockwise. The face of a gable edge stands upright, its points lie above the edge, up to where it begins
    to move.
    """

    points: FloatArray
    faces: list[IntArray]


def straight_skeleton(outline: shapely.Polygon, gables: Mapping[int, float] = MappingProxyType({})) -> Skeleton:
    """The straight skeleton of a valid polygon, courtyards included, metres.

    outline : outer ring counter-clockwise, holes clockwise (`shapely.geometry.polygon.orient`). gables : numbers of edges that do not
    move before the others have moved so far (metres; inf: never); none of them may continue a moving edge in a straight line. Raises
    NoSkeleton where no try succeeds.
    """
    rings = [np.asarray(ring.coords)[:-1, :2] for ring in (outline.exterior, *outline.interiors)]
    middle = np.asarray(outline.envelope.centroid.coords)[0]
    local = [ring - middle for ring in rings]
    second: Skeleton | None = None
    for way in _TRIES:
        moved = local
        if way.stir:
            chance = np.random.default_rng(len(local[0]))
            moved = [ring + chance.uniform(-way.stir, way.stir, ring.shape) for ring in local]
        try:
            found = _Wavefront(moved, gables, way).followed()
        except NoSkeleton:
            continue
        found.points[: sum(map(len, local)), :2] = np.concatenate(local)
        if _holds(found, local, gables, max(_EXACT, way.near, 10 * way.stir)):
            found.points[:, :2] += middle
            if not _slit(found, gables):
                return found
            second = second or found
    if second is None:
        raise NoSkeleton
    return second


def _holds(found: Skeleton, rings: list[FloatArray], gables: Mapping[int, float], exact: float) -> bool:
    """Whether the faces are what they are to be: simple, each in the plane that rises from its edge, and together the outline."""
    points = found.points.tolist()
    total = expected = 0.0
    for face in found.faces:
        edge = int(face[0]), int(face[1])
        (ax, ay, _), (bx, by, _) = points[edge[0]], points[edge[1]]
        length = math.hypot(bx - ax, by - ay)
        dx, dy = (bx - ax) / length, (by - ay) / length
        still = gables.get(edge[0], 0.0)
        double = 0.0
        before, there, turns, onward = 0.0, 0.0, 0, True
        for x, y, t in map(points.__getitem__, face.tolist()):
            along, off = (x - ax) * dx + (y - ay) * dy, (y - ay) * dx - (x - ax) * dy
            if t < -exact or abs(off - max(t - still, 0.0)) > exact * (1 + t):
                return False
            double += before * off - along * there
            if (along < before - exact) if onward else (along > before + exact):
                onward, turns = not onward, turns + 1
            before, there = along, off
        simple = turns <= 2 or (len(gables) > 0 and _simple([points[index] for index in face.tolist()], double / 2, exact))
        if not simple or double < -exact:
            return False
        total += double / 2
    for ring in rings:
        following = np.roll(ring, -1, axis=0)
        expected += float(np.sum(ring[:, 0] * following[:, 1] - ring[:, 1] * following[:, 0])) / 2
    return abs(total - expected) <= _EXACT * max(1.0, expected)


def _simple(face: list[list[float]], area: float, exact: float) -> bool:
    """Whether a face crosses itself nowhere; beside a gable that is not at right angles it need not be monotone."""
    return bool(abs(shapely.Polygon([(x, y) for x, y, _ in face]).buffer(0).area - area) <= exact * (1 + area))


def _slit(found: Skeleton, gables: Mapping[int, float]) -> bool:
    """Whether a face has a part without width: what nearly happened at once was followed apart, and triangles would go astray in it."""
    points = found.points.tolist()
    for edge, face in enumerate(found.faces):
        if edge in gables:
            continue
        ring: list[list[float]] = []
        for point in map(points.__getitem__, face.tolist()):
            if not ring or math.dist(point, ring[-1]) > _HAIR:
                ring.append(point)
        for k, (x, y, _) in enumerate(ring):
            ax, ay = ring[k - 1][0] - x, ring[k - 1][1] - y
            bx, by = ring[(k + 1) % len(ring)][0] - x, ring[(k + 1) % len(ring)][1] - y
            if ax * bx + ay * by > 0 and abs(ax * by - ay * bx) < _HAIR * max(math.hypot(ax, ay), math.hypot(bx, by)):
                return True
    return False


class _Vertex:
    """A corner of the moving outline: where it was at time `t`, how fast it goes, the segments before and behind it."""

    __slots__ = ("after", "alive", "before", "blunt", "node", "t", "vx", "vy", "x", "y")
    before: _Segment
    after: _Segment
    blunt: bool
    x: float
    y: float
    t: float
    vx: float
    vy: float

    def __init__(self, node: int) -> None:
        self.node = node
        self.alive = True

    def at(self, t: float) -> tuple[float, float]:
        passed = t - self.t
        return self.x + self.vx * passed, self.y + self.vy * passed


class _Segment:
    """A piece of an edge of the moving outline, between two corners."""

    __slots__ = ("alive", "edge", "end", "start")
    start: _Vertex
    end: _Vertex

    def __init__(self, edge: int) -> None:
        self.edge = edge
        self.alive = True


_Event = tuple[float, int, _Segment | None, _Vertex, _Vertex | None, int]


class _Wavefront:
    """The moving outline, the nodes it has left behind, and the arcs between them."""

    def __init__(self, rings: list[FloatArray], gables: Mapping[int, float], way: _Try) -> None:
        self.way = way
        self.points: list[tuple[float, float, float]] = [(x, y, 0.0) for ring in rings for x, y in ring.tolist()]
        self.base: list[tuple[int, int]] = []  # the corners of each edge
        self.arcs: list[dict[int, list[int]]] = []  # of each face: from a point on to others, counter-clockwise
        self.lines: list[tuple[float, float, float, float]] = []  # of each edge: direction, offset of its line at time 0, speed
        self.pieces: list[list[_Segment]] = []  # of each edge
        self.events: list[_Event] = []
        self.number = 0
        self.waiting = sorted((until, edge) for edge, until in gables.items() if until < math.inf)
        # No point is farther from the edges than half the outline is narrow; along gables the ridge may rise.
        sides = np.ptp(np.concatenate(rings), axis=0)
        self.latest = 1.0 + float(sides.sum() if gables else sides.min() / 2)
        corners: list[_Vertex] = []
        for ring in rings:
            first, count = len(self.base), len(ring)
            made = [_Vertex(first + k) for k in range(count)]
            corners += made
            for k in range(count):
                edge, following = first + k, first + (k + 1) % count
                (ax, ay, _), (bx, by, _) = self.points[edge], self.points[following]
                length = math.hypot(bx - ax, by - ay)
                if length == 0.0:
                    raise NoSkeleton
                dx, dy = (bx - ax) / length, (by - ay) / length
                self.lines.append((dx, dy, dx * ay - dy * ax, 0.0 if edge in gables else 1.0))
                segment = _Segment(edge)
                segment.start, segment.end = made[k], made[(k + 1) % count]
                segment.start.after = segment.end.before = segment
                self.pieces.append([segment])
                self.base.append((edge, following))
                self.arcs.append({})
        for corner in corners:
            x, y, _ = self.points[corner.node]
            self._set_off(corner, x, y, 0.0)
        for corner in corners:
            self._will_shrink(corner.after, 0.0)
            self._will_hit(corner, 0.0)

    # --- motion, and what is going to happen -------------------------------------------------------------------------------

    def _set_off(self, vertex: _Vertex, x: float, y: float, t: float) -> None:
        """How a corner moves from now on: it stays on the lines of both its edges."""
        ax, ay, ac, aw = self.lines[vertex.before.edge]
        bx, by, bc, bw = self.lines[vertex.after.edge]
        turn, straight = ax * by - ay * bx, ax * bx + ay * by
        vertex.blunt = turn < 0.0 or (turn < 1e-6 and straight > 0.0)
        if aw == bw == 1.0:
            scale = 1.0 / (1.0 + straight) if straight > -1.0 + 1e-14 else 0.0
            vertex.vx, vertex.vy = -(ay + by) * scale, (ax + bx) * scale
        elif abs(turn) > 1e-9:
            vertex.vx, vertex.vy = (aw * bx - bw * ax) / turn, (aw * by - bw * ay) / turn
        else:
            raise NoSkeleton
        if abs(turn) > 1e-3:  # exactly where the lines cross, so that errors do not grow
            p, q = ac + aw * t, bc + bw * t
            x, y = (p * bx - q * ax) / turn, (p * by - q * ay) / turn
        vertex.x, vertex.y, vertex.t = x, y, t

    def _will_shrink(self, segment: _Segment, now: float) -> None:
        """Note when a segment will have shrunk to nothing."""
        a, b = segment.start, segment.end
        dx, dy, _, _ = self.lines[segment.edge]
        rate = (a.vx - b.vx) * dx + (a.vy - b.vy) * dy
        if rate > 1e-12:
            (px, py), (qx, qy) = a.at(now), b.at(now)
            when = now + max((qx - px) * dx + (qy - py) * dy, 0.0) / rate
            if when <= self.latest:
                self.number += 1
                heappush(self.events, (when, self.number, segment, a, b, -1))

    def _will_hit(self, vertex: _Vertex, now: float, only: int | None = None) -> None:
        """Note when an inner corner (or one in a straight line) will reach the lines of other edges, or of one only."""
        if not vertex.blunt:
            return
        one, other = vertex.before.edge, vertex.after.edge
        x, y = vertex.at(now)
        vx, vy = vertex.vx, vertex.vy
        left, near = self.latest - now, self.way.near
        for edge, (dx, dy, offset, speed) in enumerate(self.lines) if only is None else ((only, self.lines[only]),):
            rate = speed - dx * vy + dy * vx
            if rate > 1e-9:
                gap = dx * y - dy * x - offset - speed * now
                if near < gap <= left * rate and edge != one and edge != other:
                    self.number += 1
                    heappush(self.events, (now + gap / rate, self.number, None, vertex, None, edge))

    # --- following it ------------------------------------------------------------------------------------------------------

    def followed(self) -> Skeleton:
        """Move the outline until nothing is left of it."""
        for _ in range(20 * len(self.base) + 20):
            if self.waiting and (not self.events or self.waiting[0][0] <= self.events[0][0]):
                self._set_in_motion(*self.waiting.pop(0))
                continue
            if not self.events:
                break
            now = self.events[0][0]
            meeting = _Groups()
            cuts: dict[_Segment, list[tuple[float, _Vertex]]] = {}
            while self.events and self.events[0][0] <= now + self.way.at_once:
                when, _, segment, vertex, other, edge = heappop(self.events)
                if segment is not None:
                    if segment.alive and segment.start is vertex and segment.end is other:
                        meeting.join(vertex, other)
                elif vertex.alive:
                    self._touch(vertex, edge, when, meeting, cuts)
            if meeting.of:
                self._happen(now, meeting, cuts)
        if any(piece.alive for pieces in self.pieces for piece in pieces):
            raise NoSkeleton
        return Skeleton(np.array(self.points), [self._face(edge) for edge in range(len(self.base))])

    def _touch(self, vertex: _Vertex, edge: int, when: float, meeting: _Groups, cuts: dict[_Segment, list[tuple[float, _Vertex]]]) -> None:
        """A corner has come to the line of an edge: does it meet a piece of that edge, and where?"""
        dx, dy, offset, speed = self.lines[edge]
        x, y = vertex.at(when)
        near = self.way.near + 1e-9 * (abs(vertex.vx) + abs(vertex.vy))
        for piece in self.pieces[edge]:
            if not piece.alive or piece.start is vertex or piece.end is vertex:
                continue
            if abs(dx * y - dy * x - offset - speed * when) > 10 * near:
                return  # the edge has been set in motion since
            (px, py), (qx, qy) = piece.start.at(when), piece.end.at(when)
            along, length = (x - px) * dx + (y - py) * dy, (qx - px) * dx + (qy - py) * dy
            if along < -near or along > length + near:
                continue
            if along <= near:
                meeting.join(vertex, piece.start)
            elif along >= length - near:
                meeting.join(vertex, piece.end)
            else:
                meeting.join(vertex, vertex)
                there = cuts.setdefault(piece, [])
                for place, before in there:
                    if abs(place - along) <= near:
                        meeting.join(vertex, before)
                        return
                there.append((along, vertex))

    def _happen(self, now: float, meeting: _Groups, cuts: dict[_Segment, list[tuple[float, _Vertex]]]) -> None:
        """What meets at one moment becomes nodes; the outline goes on from them."""
        pairs: dict[_Vertex, list[tuple[_Segment, _Segment]]] = {}  # of each group: what comes in to the node, and what then goes out
        for piece, there in cuts.items():
            there.sort(key=lambda cut: cut[0])
            rest = piece
            for _, vertex in there:
                going = _Segment(piece.edge)
                going.end = rest.end
                going.end.before = going
                self.pieces[piece.edge].append(going)
                pairs.setdefault(meeting.root(vertex), []).append((rest, going))
                rest = going
        made: list[_Vertex] = []
        for root, members in meeting.groups().items():
            node = self._node(now, members)
            here = pairs.setdefault(root, [])
            for vertex in members:
                self._arc(vertex.node, node, vertex.before.edge, vertex.after.edge)
                vertex.alive = False
                if meeting.root(vertex.after.end) is root:
                    vertex.after.alive = False
            for vertex in members:
                if vertex.before.alive:
                    here.append((vertex.before, self._past(vertex, len(members))))
            for coming, leaving in self._joined_anew(here):
                if coming is leaving:  # around nothing
                    coming.alive = False
                    continue
                vertex = _Vertex(node)
                vertex.before, vertex.after = coming, leaving
                coming.end = leaving.start = vertex
                made.append(vertex)
        self._go_on(now, made)

    def _set_in_motion(self, now: float, edge: int) -> None:
        """A gable edge begins to move, with new corners at its ends."""
        dx, dy, offset, _ = self.lines[edge]
        self.lines[edge] = (dx, dy, offset - now, 1.0)
        made: dict[_Vertex, _Vertex] = {}
        for piece in self.pieces[edge]:
            if not piece.alive:
                continue
            for old in (piece.start, piece.end):
                if old not in made:
                    self.points.append((*old.at(now), now))
                    made[old] = new = _Vertex(len(self.points) - 1)
                    self._arc(old.node, new.node, old.before.edge, old.after.edge)
                    old.alive = False
                    new.before, new.after = old.before, old.after
                    new.before.end = new.after.start = new
        self._go_on(now, list(made.values()))
        for pieces in self.pieces:
            for piece in pieces:
                if piece.alive and piece.start.t < now:
                    self._will_hit(piece.start, now, edge)

    def _past(self, vertex: _Vertex, most: int) -> _Segment:
        """The first segment behind a corner that has not shrunk to nothing."""
        for _ in range(most):
            if vertex.after.alive:
                return vertex.after
            vertex = vertex.after.end
        raise NoSkeleton  # corners met that cannot have met

    def _joined_anew(self, ways: list[tuple[_Segment, _Segment]]) -> list[tuple[_Segment, _Segment]]:
        """Around a node where several parts of the outline touch: each segment that leaves, with the one that now comes before it.

        Between what comes in and what goes out on one way lies what is outside. In the order of these wedges around the node, the inside
        lies between what goes out on one way and what comes in on the next.
        """
        if len(ways) > 2:
            wedges = []
            for number, (coming, leaving) in enumerate(ways):
                (ax, ay, _, _), (bx, by, _, _) = self.lines[coming.edge], self.lines[leaving.edge]
                begin = math.atan2(-ay, -ax)
                wedges.append((math.remainder(begin + (math.atan2(by, bx) - begin) % math.tau / 2, math.tau), number))
            ways = [ways[number] for _, number in sorted(wedges)]
        return [(ways[(k + 1) % len(ways)][0], leaving) for k, (_, leaving) in enumerate(ways)]

    def _go_on(self, now: float, made: list[_Vertex]) -> None:
        """Let new corners move; where only two segments are left of a part of the outline they lie on each other, as a level ridge."""
        moving = []
        for vertex in made:
            if not vertex.alive:
                continue
            if vertex.after.start is not vertex or vertex.before.end is not vertex:
                raise NoSkeleton  # corners met that cannot have met
            other = vertex.after.end
            if other.after is vertex.before:
                if other in made:
                    self._arc(other.node, vertex.node, vertex.after.edge, vertex.before.edge)
                else:
                    self._arc(other.node, vertex.node, other.before.edge, other.after.edge)
                vertex.alive = other.alive = vertex.after.alive = vertex.before.alive = False
                continue
            x, y, _ = self.points[vertex.node]
            self._set_off(vertex, x, y, now)
            moving.append(vertex)
        for vertex in moving:
            self._will_shrink(vertex.after, now)
            if vertex.before.start not in moving:
                self._will_shrink(vertex.before, now)
            self._will_hit(vertex, now)

    # --- nodes, arcs, faces ------------------------------------------------------------------------------------------------

    def _node(self, now: float, members: list[_Vertex]) -> int:
        """A point where corners meet; slow ones know better where that is."""
        total = x = y = 0.0
        for vertex in members:
            weight = 1.0 / (1e-6 + vertex.vx * vertex.vx + vertex.vy * vertex.vy)
            px, py = vertex.at(now)
            x, y, total = x + weight * px, y + weight * py, total + weight
        self.points.append((x / total, y / total, now))
        return len(self.points) - 1

    def _arc(self, a: int, b: int, up: int, down: int) -> None:
        """The way of a corner from a to b is a border of two faces: one goes around it that way, the other one back."""
        self.arcs[up].setdefault(a, []).append(b)
        self.arcs[down].setdefault(b, []).append(a)

    def _face(self, edge: int) -> IntArray:
        first, at = self.base[edge]
        ring, arcs = [first, at], self.arcs[edge]
        while at != first:
            onward = arcs.get(at)
            if not onward:
                raise NoSkeleton
            at = onward.pop()
            ring.append(at)
        if any(arcs.values()):
            raise NoSkeleton
        return np.array(ring[:-1], np.int32)


class _Groups:
    """Corners that meet: each leads to another of its group, one of them to itself."""

    def __init__(self) -> None:
        self.of: dict[_Vertex, _Vertex] = {}

    def root(self, vertex: _Vertex) -> _Vertex:
        """The one that stands for the group; a corner in no group stands for itself."""
        while (above := self.of.get(vertex, vertex)) is not vertex:
            vertex = above
        return vertex

    def join(self, one: _Vertex, other: _Vertex) -> None:
        a, b = self.root(one), self.root(other)
        self.of[b] = self.of[a] = a

    def groups(self) -> dict[_Vertex, list[_Vertex]]:
        found: dict[_Vertex, list[_Vertex]] = {}
        for vertex in self.of:
            found.setdefault(self.root(vertex), []).append(vertex)
        return found
