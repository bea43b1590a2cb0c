"""A shadow study as a page for the Begründung: a small plan for each date and hour, shadows of today and what the proposal adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.palette import lightened
from ..jena_city.result import Grid
from . import plans
from .drawing import FINE, MEDIUM, Drawing, Style
from .paper import SMALL
from .plans import Content, Legend, Place, swatch

OLD, NEW, LESS = "#9aa1ab", "#33415c", "#f2c14e"
_GAP, _HEAD = 4.0, 5.0  # mm between the small plans, and above each


@dataclass(frozen=True, eq=False)
class Moment:
    """words : date, time and its basis. elevation : of the sun, degrees. shadow : polygons in scene coordinates, with the proposal;
    before : of today; None of the Bestand itself."""

    words: str
    elevation: float
    shadow: Any
    before: Any


def polygons(grid: Grid, dark: np.ndarray[Any, Any]) -> Any:
    """The area of the cells of a grid (rows × columns, bool, first row south) that are dark, scene coordinates."""
    import rasterio.features  # takes a tenth of a second to be loaded, and every command comes by here
    from rasterio.transform import Affine

    transform = Affine(grid.step, 0.0, grid.x, 0.0, grid.step, grid.y)
    found = rasterio.features.shapes(dark.astype(np.uint8), mask=dark, transform=transform)
    shapes = [shapely.geometry.shape(one) for one, value in found if value]
    return shapely.union_all(np.array(shapes, object)).simplify(grid.step * 0.75) if shapes else shapely.Polygon()


def panels(field: tuple[float, float, float, float], columns: int, rows: int) -> list[tuple[float, float, float, float]]:
    """The places of the small plans, from the upper left, mm."""
    x0, y0, x1, y1 = field
    wide = (x1 - x0 - (columns + 1) * _GAP) / columns
    high = (y1 - y0 - (rows + 1) * _GAP - rows * _HEAD) / rows
    found = []
    for k in range(columns * rows):
        left = x0 + _GAP + (k % columns) * (wide + _GAP)
        top = y1 - _GAP - (k // columns) * (high + _GAP + _HEAD) - _HEAD
        found.append((left, top - high, left + wide, top))
    return found


def room_beside(columns: int, rows: int) -> tuple[float, float]:
    """mm beside and above the small plans."""
    return (columns + 1) * _GAP, (rows + 1) * _GAP + rows * _HEAD


def draw(
    page: Drawing, applied: Applied, moments: Sequence[Moment], columns: int, field: tuple[float, float, float, float], place: Place
) -> tuple[Legend, list[str]]:
    """Draw the moments in rows of `columns`. place : window and scale of each small plan."""
    rows = -(-len(moments) // columns)
    colour = applied.variant.colour
    for moment, room in zip(moments, panels(field, columns, rows), strict=False):
        at = Place(place.window, room, place.scale)
        (left, low), (right, high) = at.points([place.window[:2], place.window[2:]]).tolist()
        box = (left, low, right, high)  # what was computed, and no more
        content = Content.of(applied, at)
        share = _said(moment)
        figure = page.group("figure", f"Schatten am {moment.words}. {share}", clip=box)
        figure.box(*box, Style(fill="#fbfaf7"))
        plans.ground(figure, content, quiet=True)
        fresh = moment.shadow if moment.before is None else shapely.difference(moment.shadow, moment.before)
        figure.area(at(moment.shadow if moment.before is None else moment.before), Style(fill=OLD, opacity=0.55))
        if moment.before is not None:
            figure.area(at(fresh), Style(fill=NEW, opacity=0.75))
            figure.area(at(shapely.difference(moment.before, moment.shadow)), Style(fill=LESS, opacity=0.8))
        for body in content.bodies:
            fill = lightened(colour, 0.35) if body.is_block else "#e4e1dc"
            figure.area(at(body.shape), Style(fill=fill, line=colour if body.is_block else "#7a756f", width=FINE))
        plans.outline_plan_areas(figure, content)
        frame = page.group("decoration")
        frame.box(*box, Style(line="#55585c", width=FINE))
        words = page.group("text")
        words.text(box[0], box[3] + 1.3, moment.words, SMALL, bold=True)
        words.text(
            box[2],
            box[3] + 1.3,
            f"Sonne {moment.elevation:.0f}°" if moment.elevation > 0 else "Sonne unter dem Horizont",
            SMALL,
            anchor="right",
        )
    legend: Legend = [(swatch(Style(fill=OLD, opacity=0.55)), "Schatten im Bestand")]
    if any(moment.before is not None for moment in moments):
        legend += [
            (swatch(Style(fill=NEW, opacity=0.75)), "Schatten, der durch das Vorhaben hinzukommt"),
            (swatch(Style(fill=LESS, opacity=0.8)), "Fläche, die besonnt wird, wo heute Schatten liegt"),
        ]
    legend.append((swatch(Style(fill="#e4e1dc", line="#7a756f")), "Gebäude im Bestand"))
    if applied.variant.blocks:
        legend.append((swatch(Style(fill=lightened(colour, 0.35), line=colour, width=MEDIUM)), f"Vorhaben ({applied.variant.name})"))
    return legend, []


def _said(moment: Moment) -> str:
    if moment.before is None:
        return f"Verschattet sind {moment.shadow.area:.0f} m²."
    fresh = shapely.difference(moment.shadow, moment.before).area
    return f"Das Vorhaben verschattet {fresh:.0f} m² zusätzlich."
