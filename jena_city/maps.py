"""A result on the ground, on points or on lines as a flat map: values in class colours, buildings in grey, legend, scale, north,
method and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw

from . import iso_bands, section_map
from .applied import Applied
from .arrays import FloatArray
from .files import written_beside
from .lettering import INK, Caption, captioned, font, legend, north_arrow, scale_bar
from .lettering import width as width_of
from .marks import Lines, Points
from .painting import dashes, fill, stroke
from .problems import InputProblem
from .result import Faces, Grid, Result, Section
from .vectors import RAILS

BUILDING, OUTLINE = (188, 190, 192), (132, 134, 136)
NOTHING = (232, 232, 232)
PIXELS = 1500  # of the longer side of a map, about
MOST_NAMES = 40  # of points that are written beside them
ROAD, RAIL = (84, 80, 78), (30, 30, 36)
PATHS = ("footway", "path", "cycleway", "pedestrian", "steps", "track", "bridleway")
PLAN, PLAN_DASHES = (40, 40, 40), (6.0, 3.0)  # metres of dash and gap
_Ways = tuple[list[Any], list[Any]]


@dataclass(frozen=True)
class _Frame:
    """What a map shows. x, y : scene coordinates of its lower left corner. width, height : pixels. scale : pixels a metre."""

    x: float
    y: float
    width: int
    height: int
    scale: float

    @classmethod
    def of(cls, support: Grid | Points | Lines) -> _Frame:
        return cls.of_grid(support) if isinstance(support, Grid) else cls.of_marks(support)

    @classmethod
    def of_grid(cls, grid: Grid) -> _Frame:
        factor = max(1, round(PIXELS / max(grid.columns, grid.rows)))
        return cls(grid.x, grid.y, grid.columns * factor, grid.rows * factor, factor / grid.step)

    @classmethod
    def of_marks(cls, marks: Points | Lines) -> _Frame:
        """All of them, with a twelfth more around, 100 m at least."""
        xy = (marks.vertices if isinstance(marks, Lines) else marks.points)[:, :2]
        low, high = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.zeros(2))
        extent = np.maximum((high - low) * 7 / 6, 100.0)
        extent = np.maximum(extent, extent.max() / 3)
        west, south = ((low + high) / 2 - extent / 2).tolist()
        scale = PIXELS / float(extent.max())
        return cls(west, south, round(extent[0] * scale), round(extent[1] * scale), scale)

    @property
    def box(self) -> Any:
        """What it shows, in scene coordinates."""
        return shapely.box(self.x, self.y, self.x + self.width / self.scale, self.y + self.height / self.scale)

    def pixels(self, xy: FloatArray) -> FloatArray:
        """Where places (n, 2) of the scene are in the picture."""
        return np.column_stack([(xy[:, 0] - self.x) * self.scale, self.height - (xy[:, 1] - self.y) * self.scale])


def _cells(result: Result, grid: Grid, frame: _Frame) -> Image.Image:
    """Values in class colours: cells as they are, or bands with a fine line between them where values change steadily."""
    if result.classes.smooth:
        return _bands(result, grid, frame)
    rgb = np.full((grid.size, 3), NOTHING, np.uint8)
    rgb[result.valid] = result.classes.rgb[result.classes.index(result.values[result.valid])]
    flat = Image.fromarray(rgb.reshape(grid.rows, grid.columns, 3)[::-1])
    return flat.resize((frame.width, frame.height), Image.Resampling.NEAREST)


def _bands(result: Result, grid: Grid, frame: _Frame) -> Image.Image:
    values, valid = result.values.reshape(grid.rows, grid.columns), result.valid.reshape(grid.rows, grid.columns)
    rgb = iso_bands.painted(values, valid, frame.width // grid.columns, result.classes, NOTHING)
    return Image.fromarray(np.ascontiguousarray(rgb[::-1]))


def _ways(applied: Applied, frame: _Frame) -> _Ways:
    """What a map of noise shows of streets that are no tunnels: the land they cover, as polygons, and the rails, as lines."""
    streets = applied.site.streets
    if streets is None or not len(streets):
        return [], []
    lines = shapely.intersection(streets.geometry, frame.box)
    kinds = streets.columns["class"].astype(str)
    seen = ~streets.columns.get("tunnel", np.zeros(len(lines), bool))
    rails, roads = seen & np.isin(kinds, RAILS), seen & ~np.isin(kinds, (*RAILS, *PATHS)) & (kinds != "")
    wide = streets.columns["width"].astype(float) / 2.0
    land = shapely.get_parts(shapely.union_all(shapely.buffer(lines[roads], wide[roads], cap_style="flat")))
    return [part for part in land if part.geom_type == "Polygon" and not part.is_empty], [
        part for line in lines[rails] for part in _strings(line)
    ]


def _draw_ways(image: Image.Image, ways: _Ways, frame: _Frame) -> None:
    """The edges of streets, and rails."""
    draw, size = ImageDraw.Draw(image), _size(image)
    for part in ways[0]:
        for ring in (part.exterior, *part.interiors):
            stroke(draw, ring, ROAD, max(1, size // 14), frame.pixels)
    for line in ways[1]:
        stroke(draw, line, RAIL, max(2, size // 8), frame.pixels)


def _name_streets(image: Image.Image, applied: Applied, frame: _Frame, size: int) -> None:
    """The name of each street once, along its longest straight piece, where it fits and hides no other name."""
    streets = applied.site.streets
    if streets is None or "name" not in streets.columns:
        return
    pieces: dict[str, tuple[float, FloatArray, FloatArray]] = {}
    for name, kind, line in zip(streets.columns["name"], streets.columns["class"], streets.geometry, strict=True):
        if not str(name).strip() or kind in RAILS or kind in PATHS:
            continue
        for part in _strings(shapely.simplify(shapely.intersection(line, frame.box), 2.0)):
            points = shapely.get_coordinates(part)
            for a, b in zip(points[:-1], points[1:], strict=True):
                long = float(np.hypot(*(b - a)))
                if long > pieces.get(str(name), (0.0,))[0]:
                    pieces[str(name)] = (long, a, b)
    taken: list[Any] = []
    for name, (long, a, b) in sorted(pieces.items(), key=lambda item: -item[1][0]):
        room, high = width_of(name, size), round(size * 1.3)
        if room > long * frame.scale * 0.9:
            continue
        if a[0] > b[0]:
            a, b = b, a
        angle = float(np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0])))
        words = Image.new("RGBA", (room + 8, high + 8), (255, 255, 255, 0))
        ImageDraw.Draw(words).text(
            (words.width / 2, words.height / 2), name, font=font(size), fill=INK, anchor="mm", stroke_width=2, stroke_fill=(255, 255, 255)
        )
        words = words.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        x, y = (frame.pixels(((a + b) / 2)[None])[0] - np.array(words.size) / 2).round().astype(int).tolist()
        place = shapely.box(x, y, x + words.width, y + words.height)
        if not any(place.intersects(other) for other in taken):
            image.paste(words, (x, y), words)
            taken.append(place)


def _strings(line: Any) -> list[Any]:
    return [part for part in shapely.get_parts(line) if part.geom_type == "LineString" and not part.is_empty]


def _draw_marks(draw: ImageDraw.ImageDraw, result: Result, marks: Points | Lines, frame: _Frame, size: int) -> None:
    """Lines and points in class colours on a dark ground, points with their names as long as there are few."""
    colours = [result.classes.colours[k] for k in result.classes.index(result.values)]
    wide = max(3, size // 4)
    for k in np.flatnonzero(result.valid).tolist():
        if isinstance(marks, Lines):
            line = shapely.LineString(marks.vertices[marks.start[k] : marks.start[k + 1], :2])
            for colour, width in ((INK, wide + 2), (colours[k], wide)):
                stroke(draw, line, colour, width, frame.pixels)
            continue
        x, y = frame.pixels(marks.points[k : k + 1, :2])[0].tolist()
        half = size * 0.45
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colours[k], outline=INK, width=2)
        if marks.size <= MOST_NAMES:
            words = str(marks.names[k])
            side = "lm" if x + size + width_of(words, size) < frame.width else "rm"
            at = x + size * 0.7 if side == "lm" else x - size * 0.7
            draw.text((at, y), words, font=font(size), fill=INK, anchor=side, stroke_width=2, stroke_fill=(255, 255, 255))


def picture(result: Result, applied: Applied) -> Image.Image:
    """The map alone: values, the houses there are, the variant's blocks outlined in its colour, the plan areas as a broken line; points and
    lines over all of it; a section as `section_map` draws it. Raises InputProblem for a result on façades and roofs."""
    if isinstance(result.support, Section):
        return section_map.picture(result)
    return _drawn(result, applied)[0]


def entries(result: Result, applied: Applied, ways: _Ways | None = None) -> list[tuple[str, str]]:
    """What the legend explains beside the classes: (colour, words). ways : as `_drawn` gives them, where it did."""
    if isinstance(result.support, Section):
        return section_map.ENTRIES
    nothing = "kein Wert (Gebäude im Bestand)" if "base" in result.inputs else "kein Wert"
    if ways is None:
        flat = None if isinstance(result.support, Faces) or not result.classes.smooth else result.support
        ways = _ways(applied, _Frame.of(flat)) if flat is not None else ([], [])
    seen = [(ROAD, "Straßenrand"), (RAIL, "Gleis")]
    others = [(_hex(BUILDING), "Gebäude"), *((_hex(colour), words) for (colour, words), there in zip(seen, ways, strict=True) if there)]
    others += [(_hex(NOTHING), nothing)] if isinstance(result.support, Grid) else []
    return [*others, (_hex(PLAN), "gestrichelt: Plangebiet")] if applied.site.plan_areas is not None else others


def _drawn(result: Result, applied: Applied) -> tuple[Image.Image, _Frame, _Ways]:
    """The map alone, what it shows, and the streets and rails on it."""
    support = result.support
    if isinstance(support, Faces):
        raise InputProblem(
            result.title, "values on façades and roofs cannot be drawn as a flat map", "Look at it in a picture of the scene"
        )
    frame = _Frame.of(support)
    image = _cells(result, support, frame) if isinstance(support, Grid) else Image.new("RGB", (frame.width, frame.height), NOTHING)
    ways: _Ways = _ways(applied, frame) if result.classes.smooth else ([], [])
    _draw_ways(image, ways, frame)
    draw = ImageDraw.Draw(image)
    box, pixels = frame.box, frame.pixels

    def polygons(shapes: Iterable[Any]) -> list[Any]:
        near = [shape for shape in shapes if shape is not None and shape.intersects(box)]
        return [part for shape in near for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]

    wide = max(2, image.width // 500)
    for polygon in polygons(applied.footprints):
        fill(image, polygon, BUILDING, pixels)
        for ring in (polygon.exterior, *polygon.interiors):
            stroke(draw, ring, OUTLINE, 1, pixels)
    for polygon in polygons(block.footprint for block in applied.variant.blocks):
        for ring in (polygon.exterior, *polygon.interiors):
            stroke(draw, ring, applied.variant.colour, wide, pixels)
    for polygon in polygons(applied.site.plan_areas.geometry if applied.site.plan_areas is not None else ()):
        for dash in dashes(polygon.exterior, *PLAN_DASHES):
            stroke(draw, dash, PLAN, wide, pixels)
    if result.classes.smooth:
        _name_streets(image, applied, frame, _size(image))
    if not isinstance(support, Grid):
        _draw_marks(draw, result, support, frame, _size(image))
    return image, frame, ways


def _size(image: Image.Image) -> int:
    """Pixels of the letters on and beside a map."""
    return max(14, image.width // 75)


def write(result: Result, path: str | PathLike[str], applied: Applied) -> None:
    """Write the map as PNG, with its legend beside it and a caption; a section as `section_map` does. Raises InputProblem for a result on
    façades and roofs."""
    if isinstance(result.support, Section):
        section_map.write(result, path, applied)
        return
    image, frame, ways = _drawn(result, applied)
    size = _size(image)
    side = legend(result.classes, result.title, result.unit, result.method, size, round(size * 19), entries(result, applied, ways))
    sheet = Image.new("RGB", (image.width + side.width, max(image.height, side.height + 6 * size)), (255, 255, 255))
    sheet.paste(image, (0, 0))
    sheet.paste(side, (image.width, 0))
    pen = ImageDraw.Draw(sheet)
    scale_bar(pen, image.width + size, sheet.height - size, frame.scale, side.width - 6 * size, size)
    north_arrow(pen, sheet.width - 2 * size, sheet.height - size, size)
    final = captioned(sheet, Caption(result.title, applied.variant.name, "", result.source), size=size)
    with written_beside(path) as beside:
        final.save(beside)  # optimize takes three times as long, for a hundredth of the size


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
