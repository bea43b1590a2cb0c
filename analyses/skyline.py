"""What is seen all around from a viewpoint: a panorama with the sky line, what can be seen and how large it is, before and after."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from pydantic import Field

from ..jena_city import marks
from ..jena_city.applied import BLOCK, BUILDING, TERRAIN
from ..jena_city.arrays import FloatArray
from ..jena_city.files import slug, write_text, written_beside
from ..jena_city.lettering import INK, Caption, captioned, font, side_by_side
from ..jena_city.lettering import number as said
from ..jena_city.problems import Progress, no_progress
from ..jena_city.result import Result
from ..jena_city.triangulate import triangle_normals
from .horizon_map import SKY, SKY_CHANGE
from .looking import Eyes, Looking, eyes, name_of, of_trees
from .obstacles import Obstacles

NOTHING, TREE = -1, -2
LOW, HIGH = -20.0, 70.0  # degrees of elevation that a panorama shows
_NOTHINGLOW, _NOTHINGHIGH = np.array([226, 236, 244.0]), np.array([150, 186, 220.0])
_HOUSE, _GROUND, _OTHER, _HAZE, _LEAF = (
    np.array([222, 214, 203.0]),
    np.array([186, 196, 164.0]),
    np.array([170, 170, 170.0]),
    np.array([214, 224, 232.0]),
    np.array([126, 152, 100.0]),
)
_HAZY = 2500.0  # metres at which about two thirds of a colour are haze
_LIGHT = np.array([-0.45, -0.55, 0.70])  # from where faces are shaded
_MOST_EYES = 12  # samples of paths and areas that get a picture


class Skyline(Looking):
    """Settings of the analysis `skyline`."""

    look_from: str = ""
    """Names of viewpoints, separated by semicolons; empty: all"""
    spacing: float = Field(default=50.0, gt=0.1, le=1000)
    """Metres between eyes on paths and in areas"""
    pixels: int = Field(default=2160, ge=360, le=14400)
    """Width of the panorama all around"""
    trees: bool = True
    """Whether the crowns of trees are drawn and hide what is behind them"""

    @property
    def stem(self) -> str:
        return "skyline"


@dataclass(frozen=True)
class Seen:
    """A panorama as arrays (rows, columns), row 0 on top, columns from north over east. distance : metres, inf for the sky. triangle : of
    the town's occluders, -1 for the sky, -2 for the crown of a tree. elevation (rows,), azimuth (columns,) : degrees, from true north."""

    distance: FloatArray
    triangle: npt.NDArray[np.int64]
    elevation: FloatArray
    azimuth: FloatArray

    @property
    def horizon(self) -> FloatArray:
        """(columns,) elevation in degrees up to which the sky is hidden, 0 at least."""
        hidden = self.triangle != NOTHING
        top = self.elevation[np.argmax(hidden, axis=0)] + 0.5 * abs(self.elevation[1] - self.elevation[0])
        return np.where(hidden.any(axis=0), np.maximum(top, 0.0), 0.0)

    @property
    def sky(self) -> float:
        """Share of the sky above the level that is left, percent, by solid angle; nothing hangs over the sky line."""
        return float(100 * (1 - np.sin(np.radians(self.horizon)).mean()))


def panorama(eye: FloatArray, town: Obstacles, pixels: int, *, trees: bool = False) -> Seen:
    """What is seen all around from a point (3,). pixels : columns; each is as wide as it is high."""
    step = 360.0 / pixels
    azimuth = (np.arange(pixels) + 0.5) * step
    elevation = np.arange(HIGH - step / 2, LOW, -step)
    towards = town.applied.site.origin.direction(np.tile(azimuth, len(elevation)), np.repeat(elevation, pixels))
    starts = np.repeat(eye[None], len(towards), axis=0)
    hits = town.rays.first_hit(starts, towards)
    distance, triangle = hits.distance, hits.triangle
    for crown in town.crowns if trees else ():
        if crown.box is not None:
            leaf = crown.first_hit(starts, towards).distance
            triangle = np.where(leaf < distance, TREE, triangle)
            distance = np.minimum(leaf, distance)
    shape = (len(elevation), pixels)
    return Seen(distance.reshape(shape), triangle.reshape(shape), elevation, azimuth)


def run_skyline(planned: Obstacles, settings: Skyline, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """The share of the sky that is left at each viewpoint. The pictures are written by `write_panoramas`."""
    looks = _eyes(planned, settings, base)
    count = len(looks.names) * (2 if base else 1)

    def sky(town: Obstacles, first: int) -> list[float]:
        found = []
        for number, eye in enumerate(looks.points):
            progress((first + number) / count, "panorama")
            found.append(panorama(eye, town, 720, trees=settings.trees).sky)
        return found

    now = sky(planned, 0)
    before = sky(base, len(looks.names)) if base else now
    applied = planned.applied
    rows = [{"vorher": f"{said(then, 1)} %" if base else ""} for then in before]
    support = marks.points(looks.points, looks.names, rows)

    def result(values: list[float]) -> Result:
        return Result(
            "skyline",
            "viewpoints",
            "Freier Himmel über den Standpunkten",
            "%",
            applied.variant.id,
            applied.site.origin,
            support,
            np.array(values, np.float32),
            np.ones(support.size, bool),
            SKY,
            f"Anteil am Raumwinkel über der Waagrechten · {of_trees(settings.trees)}",
            settings.model_dump(mode="json"),
        )

    made = [result(now)]
    if base:
        title = f"Freier Himmel über den Standpunkten: Änderung gegenüber {base.applied.variant.name}"
        made.append(made[0].subtract(result(before), name="viewpoints-change", title=title, classes=SKY_CHANGE))
    progress(1.0, "panorama")
    return made


def write_panoramas(planned: Obstacles, settings: Skyline, base: Path, *, town_before: Obstacles | None = None) -> list[Path]:
    """For each viewpoint the panorama (below it that of `town_before`), its depth as 16-bit PNG in decimetres (0: sky, 65535: farther),
    the sky line and what is seen as tables. base : path of the files without ending."""
    looks = _eyes(planned, settings, town_before)
    made: list[Path] = []
    for eye, name in list(zip(looks.points, looks.names, strict=True))[:_MOST_EYES]:
        stem = f"{base.name}-{slug(name)}"
        now = panorama(eye, planned, settings.pixels, trees=settings.trees)
        then = panorama(eye, town_before, settings.pixels, trees=settings.trees) if town_before is not None else None
        picture = _painted(now, planned)
        if then is not None and town_before is not None:
            names = (planned.applied.variant.name, town_before.applied.variant.name)
            picture = _below(picture, _painted(then, town_before), names)
        place = planned.applied.site.origin.to_world(eye)
        east, north, height = (said(float(value), digits) for value, digits in zip(place, (0, 0, 1), strict=True))
        facts = f"Blick rundum von {name}, E {east} N {north}, Auge {height} m · {of_trees(settings.trees)}"
        caption = Caption(f"Panorama: {name}", planned.applied.variant.name, facts, planned.applied.site.source)
        files = {ending: base.with_name(f"{stem}{ending}") for ending in (".png", "-depth.png", "-skyline.csv", "-seen.csv")}
        with written_beside(files[".png"]) as beside:
            captioned(picture, caption).save(beside, "PNG")
        depth = np.where(now.triangle != NOTHING, np.clip(now.distance * 10, 1, 65535), 0).astype(np.uint16)
        with written_beside(files["-depth.png"]) as beside:
            Image.fromarray(depth).save(beside, "PNG")
        write_text(files["-skyline.csv"], _line_table(now, planned, then))
        write_text(files["-seen.csv"], _seen_table(now, planned))
        made += files.values()
    return made


def _eyes(planned: Obstacles, settings: Skyline, base: Obstacles | None) -> Eyes:
    return eyes(settings.viewpoints, settings.look_from, settings.spacing, base or planned)


def _line_table(now: Seen, town: Obstacles, then: Seen | None) -> str:
    """The sky line, one row for each column of the picture."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["azimuth", "horizon", "distance_m", "what", *(["horizon_before"] if then is not None else [])])
    top = np.argmax(now.triangle != NOTHING, axis=0)
    columns = np.arange(len(now.azimuth))
    triangle, distance = now.triangle[top, columns], now.distance[top, columns]
    lines = [now.horizon] if then is None else [now.horizon, then.horizon]
    for column in columns.tolist():
        hidden = triangle[column] != NOTHING
        what = [f"{distance[column]:.1f}", _name(town, int(triangle[column]))] if hidden else ["", ""]
        writer.writerow([f"{now.azimuth[column]:.2f}", f"{lines[0][column]:.2f}", *what, *(f"{line[column]:.2f}" for line in lines[1:])])
    return out.getvalue()


def _seen_table(now: Seen, town: Obstacles) -> str:
    """Everything that is seen, the largest first: its solid angle in deg², and how near it comes."""
    step = 360.0 / len(now.azimuth)
    size = np.repeat(step**2 * np.cos(np.radians(now.elevation)), len(now.azimuth))
    group, index = np.unique(_things(now, town), return_inverse=True)
    index = index.reshape(-1)
    total = np.bincount(index, size)
    nearest = np.full(len(group), np.inf)
    np.minimum.at(nearest, index, now.distance.ravel())
    _, first = np.unique(index, return_index=True)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["what", "deg2", "nearest_m"])
    for k in np.argsort(-total, kind="stable").tolist():
        triangle = int(now.triangle.ravel()[first[k]])
        writer.writerow([_name(town, triangle), f"{total[k]:.2f}", f"{nearest[k]:.1f}" if triangle != NOTHING else ""])
    return out.getvalue()


def _name(town: Obstacles, triangle: int) -> str:
    return "Himmel" if triangle == NOTHING else "Bäume" if triangle == TREE else name_of(town, triangle)


def _things(now: Seen, town: Obstacles) -> npt.NDArray[np.int64]:
    """(pixels,) a number for each thing: a building with its parts, a block, the ground, other structures; NOTHING and TREE."""
    triangle = now.triangle.ravel()
    kind, row = town.occluders.kind[triangle].astype(np.int64), town.occluders.building[triangle].astype(np.int64)
    root = np.append(town.applied.site.city.building_root, 0)
    row = np.where(kind == BUILDING, root[np.where(kind == BUILDING, row, -1)], np.where(kind == BLOCK, -1 - row, 0))
    return np.where(triangle >= 0, kind * 10_000_000 + row, triangle)


def _painted(now: Seen, town: Obstacles) -> Image.Image:
    """Colours by what it is, shaded by its face, hazy with distance; a dark line where one thing stands before another."""
    triangle, rows, columns = now.triangle.ravel(), *now.triangle.shape
    hit = triangle >= 0
    share = np.repeat(np.clip(now.elevation / HIGH, 0, 1), columns)[:, None]
    colour = _NOTHINGLOW + (_NOTHINGHIGH - _NOTHINGLOW) * share
    which, index = np.unique(triangle[hit], return_inverse=True)
    normals = triangle_normals(town.occluders.vertices, town.occluders.triangles[which])
    normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
    light = 0.72 + 0.28 * np.abs(normals @ (_LIGHT / np.linalg.norm(_LIGHT)))
    kind = town.occluders.kind[which]
    own = np.array([int(town.applied.variant.colour[k : k + 2], 16) for k in (1, 3, 5)], np.float64)
    palette = {TERRAIN: _GROUND, BUILDING: _HOUSE, BLOCK: own}
    base = np.array([palette.get(int(one), _OTHER) for one in kind]).reshape(-1, 3)
    shaded = (base * light[:, None])[index.reshape(-1)]
    haze = np.where(kind == BLOCK, 0.0, 1.0)[index.reshape(-1)] * (1 - np.exp(-now.distance.ravel()[hit] / _HAZY))
    colour[hit] = shaded + (_HAZE - shaded) * haze[:, None]
    leaf = triangle == TREE
    shade = _LEAF * np.repeat(0.85 + 0.3 * np.clip(now.elevation / HIGH, 0, 1), columns)[leaf, None]
    colour[leaf] = shade + (_HAZE - shade) * (1 - np.exp(-now.distance.ravel()[leaf] / _HAZY))[:, None]
    things = _things(now, town).reshape(rows, columns)
    edge = np.zeros((rows, columns), bool)
    edge[1:] |= things[1:] != things[:-1]
    edge[:, 1:] |= things[:, 1:] != things[:, :-1]
    colour[edge.ravel()] *= 0.55
    image = Image.fromarray(colour.reshape(rows, columns, 3).clip(0, 255).astype(np.uint8))
    return _scaled(image, now)


def _scaled(image: Image.Image, now: Seen) -> Image.Image:
    """With the quarters of the sky and level sight marked."""
    draw = ImageDraw.Draw(image)
    size = max(10, image.width // 110)
    step = 360.0 / image.width
    level = round((HIGH - 0.0) / step)
    for x in range(0, image.width, max(image.width // 180, 4)):
        draw.line((x, level, x + 1, level), fill=(90, 90, 90))
    for quarter, word in enumerate(("N", "NO", "O", "SO", "S", "SW", "W", "NW")):
        x = round(quarter * 45 / step)
        draw.line((x, image.height - 2 * size, x, image.height), fill=INK, width=max(1, size // 8))
        anchor = "lb" if quarter == 0 else "mb"
        draw.text((x + (2 if quarter == 0 else 0), image.height - 2 * size), word, font=font(size), fill=INK, anchor=anchor)
    return image


def _below(first: Image.Image, second: Image.Image, names: tuple[str, str]) -> Image.Image:
    """Two pictures below each other, each with its name above it."""
    parts = [side_by_side([picture], [name]) for picture, name in zip((first, second), names, strict=True)]
    sheet = Image.new("RGB", (first.width, sum(part.height for part in parts)), (255, 255, 255))
    y = 0
    for part in parts:
        sheet.paste(part.crop((0, 0, first.width, part.height)), (0, y))
        y += part.height
    return sheet
