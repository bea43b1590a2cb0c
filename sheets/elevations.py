"""Seen from the side, along a line on the ground: Geländeschnitt (what the line cuts, and what stands behind) and Straßenabwicklung.

The view goes to the left of the line: what lies at its beginning is on the left of the sheet. A line with corners is rolled out, each
stretch seen square. Heights are those of the project's height system, to the same scale as lengths.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.palette import lightened
from ..jena_city.problems import InputProblem
from . import typeface
from .bodies import Body, bodies, triangles
from .drawing import BOLD, FINE, INK, MEDIUM, QUIET, Drawing, Group, Style
from .paper import SMALL
from .plans import Legend, stroke, swatch

CUT, GROUND, OLD_GROUND, SKY_ROOM, BELOW = "#3a3a3a", "#d8cfc2", "#8a5a2b", 8.0, 3.0
STEP = 0.5  # metres between heights of the ground
_AXIS = 14.0  # metres kept free on the left for the heights' scale at 1:500 are 28 mm: enough at all scales with the margin of the frame


@dataclass(frozen=True, eq=False)
class Seen:
    """A body as it is seen. shape : in (along, height) metres. away : metres from the line. cut : whether the line goes through it."""

    body: Body
    shape: Any
    away: float
    cut: bool


@dataclass(frozen=True, eq=False)
class View:
    """along (n,), ground (n,) : the terrain beneath the line, metres. low, high : what is drawn. corners : along, of the line."""

    applied: Applied
    length: float
    along: FloatArray
    ground: FloatArray
    seen: list[Seen] = field(default_factory=list)
    low: float = 0.0
    high: float = 10.0
    corners: tuple[float, ...] = ()
    is_section: bool = True

    @property
    def size(self) -> tuple[float, float]:
        """Metres that must be on the sheet."""
        return self.length + 2 * _AXIS, self.high - self.low


def view(applied: Applied, line: shapely.LineString, depth: float, *, cut: bool, where: str) -> View:
    """What is seen from a line (scene coordinates), up to depth metres beyond it. cut : draw what the line goes through, too. Raises
    InputProblem where there is nothing to see."""
    corners = np.asarray(line.coords)[:, :2]
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    seen: list[Seen] = []
    for k in range(len(lengths)):
        seen += _stretch(applied, corners[k], corners[k + 1], float(starts[k]), depth, cut)
    along = np.unique(np.concatenate([np.arange(0.0, starts[-1], STEP), starts]))
    terrain = applied.site.terrain
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    ground = terrain.height_at(points) if terrain is not None else np.full(len(along), np.nan)
    if not np.isfinite(ground).any() and not seen:
        raise InputProblem(where, "the line meets neither ground nor buildings", "Give points inside the data, in the project's CRS")
    if not np.isfinite(ground).any():
        ground = np.full(len(along), min(one.body.base for one in seen))
    known = np.isfinite(ground)
    ground = np.interp(along, along[known], ground[known])
    tops = [float(one.shape.bounds[3]) for one in seen]
    return View(
        applied,
        float(starts[-1]),
        along,
        ground,
        sorted(seen, key=lambda one: (one.cut, -one.away)),
        math.floor(float(ground.min()) - BELOW),
        math.ceil(max([float(ground.max()), *tops]) + SKY_ROOM),
        tuple(starts[1:-1].tolist()),
        cut,
    )


def _stretch(applied: Applied, start: FloatArray, end: FloatArray, offset: float, depth: float, cut: bool) -> list[Seen]:
    way = end - start
    length = float(np.hypot(*way))
    ahead = way / length
    left = np.array([-ahead[1], ahead[0]])
    strip = shapely.Polygon([start, end, end + left * depth, start + left * depth])
    axis = shapely.LineString([start, end])
    west, south, east, north = strip.union(axis.buffer(0.1)).bounds
    found = []
    for body in bodies(applied, (west, south, east, north)):
        is_cut = cut and body.shape.intersects(axis)
        if not is_cut and not body.shape.intersects(strip):
            continue
        corners = triangles(applied, body)
        if not len(corners):
            continue
        across = (corners[:, :, :2] - start) @ left
        flat = np.stack([(corners[:, :, :2] - start) @ ahead, corners[:, :, 2]], axis=2)
        if is_cut:
            shape = _section(flat, across, body.base)
            if not shape.is_empty:
                found.append(Seen(body, _moved(shape, offset), 0.0, True))
        beyond = across.max(axis=1) > 1e-6
        silhouette = _silhouette(flat[beyond]) if not is_cut or beyond.any() else shapely.Polygon()
        inside = silhouette.intersection(shapely.box(0.0, -1e5, length, 1e5))
        if not inside.is_empty:
            away = max(float(np.min(across)), 0.0)
            found.append(Seen(body, _moved(inside, offset), away if not is_cut else 0.01, False))
    return found


def _moved(shape: Any, by: float) -> Any:
    return shapely.transform(shape, lambda xy: xy + [by, 0.0])


def _silhouette(flat: FloatArray) -> Any:
    """The union of triangles (t, 3, 2)."""
    area = np.abs(np.cross(flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]))
    shapes = shapely.polygons(flat[area > 1e-6])
    return shapely.union_all(shapes, grid_size=1e-4) if len(shapes) else shapely.Polygon()


def _section(flat: FloatArray, across: FloatArray, base: float) -> Any:
    """What a vertical plane (across = 0) cuts out of triangles: the area below their highest points, down to the base."""
    pieces = []
    for one, other, third in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        # triangles with one corner on one side and two on the other
        alone = (across[:, one] > 0) != (across[:, other] > 0)
        alone &= (across[:, other] > 0) == (across[:, third] > 0)
        if alone.any():
            a, b, c = across[alone, one], across[alone, other], across[alone, third]
            to_b = flat[alone, one] + (flat[alone, other] - flat[alone, one]) * (a / (a - b))[:, None]
            to_c = flat[alone, one] + (flat[alone, third] - flat[alone, one]) * (a / (a - c))[:, None]
            pieces.append(np.stack([to_b, to_c], axis=1))
    if not pieces:
        return shapely.Polygon()
    lines = np.concatenate(pieces)
    lines = np.where((lines[:, 0, 0] > lines[:, 1, 0])[:, None, None], lines[:, ::-1], lines)
    lines = lines[lines[:, 1, 0] - lines[:, 0, 0] > 1e-4]
    areas = [shapely.Polygon([(u0, base), (u1, base), (u1, max(z1, base)), (u0, max(z0, base))]) for (u0, z0), (u1, z1) in lines.tolist()]
    areas = [area for area in areas if area.area > 1e-6]
    return shapely.union_all(areas, grid_size=1e-4).buffer(0.005, join_style="mitre") if areas else shapely.Polygon()


def draw(page: Drawing, seen: View, box: tuple[float, float, float, float], scale: int) -> tuple[Legend, list[str]]:
    """Draw a view into a field of the sheet, mm."""
    factor = 1000.0 / scale
    x0, y0 = (box[0] + box[2] - seen.length * factor) / 2, (box[1] + box[3] - (seen.high - seen.low) * factor) / 2

    def paper(points: Any) -> FloatArray:
        return np.asarray(points, float)[:, :2] * factor + [x0, y0 - seen.low * factor]

    def placed(shape: Any) -> Any:
        return shapely.transform(shape, paper)

    kind = "Geländeschnitt" if seen.is_section else "Straßenabwicklung"
    cut_count = sum(one.cut for one in seen.seen)
    words = f"{kind} über {number(seen.length)} m: {cut_count} Gebäude geschnitten, {len(seen.seen) - cut_count} in Ansicht."
    figure = page.group("figure", words, clip=box)
    colour = seen.applied.variant.colour
    _levels(figure, seen, paper, factor)
    for one in (one for one in seen.seen if not one.cut):
        _elevation(figure, seen, one, placed, colour)
    top = np.column_stack([seen.along, seen.ground])
    earth = np.concatenate([top, [[seen.length, seen.low], [0.0, seen.low]]])
    new = _new_ground(seen)
    figure.area(placed(shapely.Polygon(earth).buffer(0)), Style(fill=GROUND))
    for one in (one for one in seen.seen if one.cut):
        style = (
            Style(fill=lightened(colour, 0.1), line=colour, width=BOLD) if one.body.is_block else Style(fill=CUT, line=INK, width=MEDIUM)
        )
        figure.area(placed(one.shape), style)
    figure.line(paper(top), Style(line=INK, width=BOLD))
    for line, is_old in new:
        figure.line(paper(line), Style(line=OLD_GROUND if is_old else colour, width=MEDIUM, dash=(2.0, 1.0) if is_old else ()))
    for corner in seen.corners:
        figure.line(paper([(corner, seen.low), (corner, seen.high)]), Style(line=QUIET, width=FINE, dash=(1.0, 1.0)))
    _tops(page.group("text", clip=box), seen, paper)
    legend: Legend = [(stroke(Style(line=INK, width=BOLD)), "Gelände")]
    if any(is_old for _, is_old in new):
        legend.append((stroke(Style(line=OLD_GROUND, width=MEDIUM, dash=(2.0, 1.0))), "Gelände im Bestand unter dem Vorhaben"))
    if any(one.cut and not one.body.is_block for one in seen.seen):
        legend.append((swatch(Style(fill=CUT, line=INK)), "Gebäude im Bestand, geschnitten"))
    if any(not one.cut and not one.body.is_block for one in seen.seen):
        legend.append((swatch(Style(fill="#e3dfd8", line="#6c6660")), "Gebäude im Bestand, Ansicht"))
    if any(one.body.is_block for one in seen.seen):
        legend.append((swatch(Style(fill=lightened(colour, 0.45), line=colour)), f"Vorhaben ({seen.applied.variant.name})"))
    datum = seen.applied.site.origin.height_system or "NHN"
    return legend, [f"Höhen in Metern ({datum}), nicht überhöht. Blick nach links der Schnittlinie."]


def _levels(figure: Group, seen: View, paper: Any, factor: float) -> None:
    """Height lines across, with their numbers on the left."""
    step = next(one for one in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0) if one * factor >= 6.0)
    for level in np.arange(math.ceil(seen.low / step) * step, seen.high, step):
        ends = paper([(0.0, level), (seen.length, level)])
        figure.line([ends[0] - [2.0, 0.0], ends[1]], Style(line="#dedad4", width=FINE))
        figure.text(float(ends[0][0]) - 3.0, float(ends[0][1]) - 0.8, number(level), SMALL, anchor="right", colour=QUIET)


def _elevation(figure: Group, seen: View, one: Seen, placed: Any, colour: str) -> None:
    """A body seen, lighter the farther it is; of a block its storeys."""
    far = min(one.away / 80.0, 1.0)
    if not one.body.is_block:
        fill = lightened("#d2cdc4", 0.25 + 0.55 * far)
        figure.area(placed(one.shape), Style(fill=fill, line=lightened("#6c6660", 0.5 * far), width=FINE))
        return
    figure.area(placed(one.shape), Style(fill=lightened(colour, 0.4 + 0.3 * far), line=colour, width=MEDIUM))
    block = seen.applied.variant.blocks[one.body.block]
    west, _, east, top = one.shape.bounds
    levels = [one.body.base + block.plinth + block.ground_floor_height + k * block.storey_height for k in range(block.storeys)]
    for level in levels:
        if level < top - 0.2:
            figure.lines(placed(shapely.LineString([(west, level), (east, level)]).intersection(one.shape)), Style(line=colour, width=FINE))


def _new_ground(seen: View) -> list[tuple[list[tuple[float, float]], bool]]:
    """Where the line cuts a block: the level it stands on, and the ground that was there."""
    found: list[tuple[list[tuple[float, float]], bool]] = []
    for one in seen.seen:
        if one.cut and one.body.is_block:
            west, _, east, _ = one.shape.bounds
            inside = (seen.along >= west) & (seen.along <= east)
            old = [
                (west, float(np.interp(west, seen.along, seen.ground))),
                *zip(seen.along[inside].tolist(), seen.ground[inside].tolist(), strict=True),
            ]
            found.append(([*old, (east, float(np.interp(east, seen.along, seen.ground)))], True))
            found.append(([(west, one.body.base), (east, one.body.base)], False))
    return found


def _tops(labels: Group, seen: View, paper: Any) -> None:
    """The heights of blocks above them, and their names; one that would lie on another goes above it."""
    taken: list[Any] = []
    done: set[int] = set()
    for one in sorted(seen.seen, key=lambda one: one.away):
        if not one.body.is_block or one.body.block in done:
            continue
        done.add(one.body.block)
        west, _, east, top = one.shape.bounds
        x, y = (float(value) for value in paper([((west + east) / 2, top)])[0])
        lines = [f"OK {number(one.body.top, 2)}", seen.applied.variant.blocks[one.body.block].name]
        half = max(typeface.width(line, SMALL, file=labels.design.font) for line in lines) / 2 + 0.5
        foot = y + 1.4
        while any(shapely.box(x - half, foot - 0.5, x + half, foot + 5.2).intersects(other) for other in taken):
            foot += 0.5
        taken.append(shapely.box(x - half, foot - 0.5, x + half, foot + 5.2))
        if foot > y + 2.5:
            labels.line([(x, y), (x, foot - 0.6)], Style(line=QUIET, width=FINE))
        labels.text(x, foot, lines[0], SMALL, anchor="middle")
        labels.text(x, foot + 2.8, lines[1], SMALL, anchor="middle", colour=QUIET)
