"""Axonometry: the plan turned and undistorted, heights drawn upwards at the same scale, far things first.

Every length in plan and every height can be measured on it (Militärperspektive).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.model import Semantics
from ..jena_city.palette import lightened
from .bodies import Body, bodies, surfaces
from .drawing import FINE, MEDIUM, Drawing, Path, Style
from .plans import CROWN, LAND, SCOPE, Legend, Place, dot, plan_legend, swatch

ROOF, LIT, DARK, EDGE = "#f4f1ec", "#dcd7cf", "#b9b2a8", "#6c6660"
TALLEST = 60.0  # metres of room above the plan


def extent(applied: Applied, middle: FloatArray, wanted: tuple[float, float], turn: float) -> tuple[float, float]:
    """Metres (wide, high) of the drawing of a box around middle."""
    angle = math.radians(turn)
    wide = abs(wanted[0] * math.cos(angle)) + abs(wanted[1] * math.sin(angle))
    high = abs(wanted[0] * math.sin(angle)) + abs(wanted[1] * math.cos(angle))
    tops = [float(solid.vertices[:, 2].max(initial=base) - base) for solid, base in zip(applied.solids, applied.bases, strict=True)]
    return wide, high + min(max(tops, default=10.0), TALLEST)


def draw(page: Drawing, applied: Applied, place: Place, turn: float) -> tuple[Legend, list[str]]:
    """Draw all bodies in sight; turn : degrees clockwise."""
    west, south, east, north = place.window
    middle = np.array([(west + east) / 2, (south + north) / 2])
    angle = math.radians(turn)
    rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    reach = math.hypot(east - west, north - south) / 2 + 30.0
    around = (middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
    there = bodies(applied, around)
    level = _level(applied, there)

    def paper(points: Any) -> FloatArray:
        points = np.asarray(points, float)
        turned = (points[:, :2] - middle) @ rotation + middle
        if points.shape[1] == 3:
            turned = turned + np.column_stack([np.zeros(len(points)), points[:, 2] - level])
        return np.asarray(place.points(turned))

    figure = page.group(
        "figure",
        f"Axonometrie: {len(there)} Gebäude von schräg oben, um {turn:.0f}° gedreht, Grundriss unverzerrt; das Vorhaben farbig.",
        clip=place.field,
    )
    _ground(figure, applied, paper)
    things: list[tuple[float, Any]] = [(float((np.array(one.shape.centroid.coords[0]) @ rotation)[1]), one) for one in there]
    trees = _trees(applied, around)
    things += [(float((np.array(tree[:2]) @ rotation)[1]), tree) for tree in trees]
    for _, thing in sorted(things, key=lambda pair: -pair[0]):
        if isinstance(thing, Body):
            _body(figure, applied, thing, paper, rotation)
        else:
            _tree(figure, thing, paper, place.factor)
    colour = applied.variant.colour
    legend: Legend = [(swatch(Style(fill=LIT, line=EDGE)), "Gebäude im Bestand")]
    if any(body.is_block for body in there):
        legend.append((swatch(Style(fill=lightened(colour, 0.35), line=colour)), f"Vorhaben ({applied.variant.name})"))
    if trees:
        legend.append((dot(Style(fill=CROWN, line="#7d9366")), "Baum"))
    legend += plan_legend(applied)
    return legend, ["Grundriss und Höhen im selben Maßstab messbar."]


def _level(applied: Applied, there: list[Body]) -> float:
    """The height that is drawn where the plan has it: of the proposal, else of the middle of all."""
    chosen = [body.base for body in there if body.is_block] or [body.base for body in there if math.isfinite(body.base)]
    return float(np.median(chosen)) if chosen else 0.0


def _ground(figure: Any, applied: Applied, paper: Any) -> None:
    """Streets and water on the ground as it lies, so that houses on a slope stand on them."""
    site = applied.site
    terrain = site.terrain

    def lifted(polygon: Any) -> list[FloatArray]:
        rings = []
        for ring in (polygon.exterior, *polygon.interiors):
            flat = np.asarray(ring.segmentize(10.0).coords)[:-1, :2]
            heights = terrain.height_at(flat) if terrain is not None else np.zeros(len(flat))
            if not np.isfinite(heights).all():
                return []
            rings.append(paper(np.column_stack([flat, heights])))
        return rings

    layers: list[tuple[Any, str]] = []
    outlines: list[Path] = []
    if site.areas is not None:
        layers += [
            (shape, LAND[kind])
            for shape, kind in zip(site.areas.geometry, site.areas.columns["kind"], strict=True)
            if kind in ("water", "green")
        ]
    if site.streets is not None:
        widths = site.streets.columns["width"]
        layers += [
            (line.buffer(float(wide) / 2, cap_style="flat"), "#e6e3de")
            for line, wide in zip(site.streets.geometry, widths, strict=True)
            if np.isfinite(wide)
        ]
    for layer, style in ((site.plots, Style(line="#c2bdb5", width=FINE)), (site.plan_areas, SCOPE)):
        shapes = layer.geometry if layer is not None else ()
        parts = (part for shape in shapes for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon")
        outlines += [Path(tuple(rings), True, style) for part in parts if (rings := lifted(part))]
    for shape, colour in layers:
        for polygon in getattr(shape, "geoms", [shape]):
            if polygon.geom_type == "Polygon" and (rings := lifted(polygon)):
                figure.items.append(Path(tuple(rings), True, Style(fill=colour)))
    figure.items += outlines


def _trees(applied: Applied, around: tuple[float, float, float, float]) -> list[tuple[float, float, float, float, float]]:
    """(x, y, ground, height, crown) of the trees that stand there, metres."""
    trees, terrain = applied.trees, applied.site.terrain
    west, south, east, north = around
    x, y = trees.position.T if len(trees) else (np.zeros(0), np.zeros(0))
    inside = (x > west) & (x < east) & (y > south) & (y < north)
    ground = terrain.height_at(trees.position) if terrain is not None else np.zeros(len(trees))
    height = np.where(np.isfinite(trees.height), trees.height, 10.0)
    crown = np.where(np.isfinite(trees.crown), trees.crown, 6.0)
    rows = np.flatnonzero(inside & np.isfinite(ground))
    return [(float(x[k]), float(y[k]), float(ground[k]), float(height[k]), float(crown[k])) for k in rows]


def _tree(figure: Any, tree: tuple[float, float, float, float, float], paper: Any, factor: float) -> None:
    x, y, ground, height, crown = tree
    foot, middle = paper(np.array([(x, y, ground), (x, y, ground + max(height - crown / 2, crown / 2))]))
    figure.line([foot, middle], Style(line="#8d8377", width=MEDIUM))
    figure.circle(float(middle[0]), float(middle[1]), crown / 2 * factor, Style(fill=CROWN, line="#7d9366", width=FINE, opacity=0.9), 20)


def _body(figure: Any, applied: Applied, body: Body, paper: Any, rotation: FloatArray) -> None:
    colour = applied.variant.colour
    drawn = []
    for rings, kind in surfaces(applied, body):
        shapes = [paper(ring) for ring in rings]
        outer = shapes[0]
        if float(np.sum(outer[:, 0] * np.roll(outer[:, 1], -1) - np.roll(outer[:, 0], -1) * outer[:, 1])) <= 1e-6:  # seen from behind
            continue
        normal = _normal(rings[0])
        depth = float((rings[0][:, :2].mean(axis=0) @ rotation)[1])
        drawn.append((kind == Semantics.ROOF or normal[2] > 0.1, -depth, float(rings[0][:, 2].mean()), shapes, normal))
    for is_roof, _, _, shapes, normal in sorted(drawn, key=lambda one: one[:3]):
        to_the_left = float((normal[:2] @ rotation)[0]) < 0
        if body.is_block:
            fill = lightened(colour, 0.55 if is_roof else 0.15 if to_the_left else 0.35)
            style = Style(fill=fill, line=colour, width=MEDIUM)
        else:
            style = Style(fill=ROOF if is_roof else DARK if to_the_left else LIT, line=EDGE, width=FINE)
        figure.items.append(Path(tuple(shapes), True, style))


def _normal(ring: FloatArray) -> FloatArray:
    moved = ring - ring.mean(axis=0)
    found = np.cross(moved, np.roll(moved, -1, axis=0)).sum(axis=0)
    return np.asarray(found / max(float(np.linalg.norm(found)), 1e-12))
