"""The same points clicked in a photo and in the town: where a photo lies in a view, what was clicked, corners near the mouse."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from . import photo_camera
from .arrays import FloatArray, IntArray
from .files import hash_file, slug, written_beside
from .origin import Origin
from .problems import InputProblem

FOLDER = "photos"
MOST_ZOOM = 16.0
_SHARE = 0.45  # of the view that the photo takes

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in pixels of a view, y up."""


@dataclass(frozen=True)
class Pane:
    """A photo in a part of a view. box : that part. size : of the photo in its pixels. zoom : 1 where the whole photo just fits. middle :
    what of the photo is in the middle of the part, in its pixels from the left and the top; None: its own middle."""

    box: Box
    size: tuple[int, int]
    zoom: float = 1.0
    middle: tuple[float, float] | None = None

    @property
    def scale(self) -> float:
        """Pixels of the view to one of the photo."""
        left, bottom, right, top = self.box
        return self.zoom * min((right - left) / self.size[0], (top - bottom) / self.size[1])

    def _middles(self) -> tuple[float, float, float, float]:
        left, bottom, right, top = self.box
        own = self.middle or (self.size[0] / 2, self.size[1] / 2)
        return (left + right) / 2, (bottom + top) / 2, *own

    def holds(self, x: float, y: float) -> bool:
        """Whether a pixel of the view is in the part."""
        left, bottom, right, top = self.box
        return left <= x < right and bottom <= y < top

    def in_photo(self, x: float, y: float) -> tuple[float, float] | None:
        """The pixel of the photo, from the left and the top, at a pixel of the view; None beside the photo or the part."""
        u, v = self._unbound(x, y)
        return (u, v) if self.holds(x, y) and 0 <= u <= self.size[0] and 0 <= v <= self.size[1] else None

    def _unbound(self, x: float, y: float) -> tuple[float, float]:
        across, up, u, v = self._middles()
        return u + (x - across) / self.scale, v - (y - up) / self.scale

    def in_view(self, u: float, v: float) -> tuple[float, float]:
        """The pixel of the view at one of the photo; it may lie beside the part (see `holds`)."""
        across, up, own_u, own_v = self._middles()
        return across + (u - own_u) * self.scale, up - (v - own_v) * self.scale

    def zoomed(self, x: float, y: float, factor: float) -> Pane:
        """The photo larger or smaller, what lies under a pixel of the view staying there; smaller, as far as it then fills the part."""
        zoom = min(max(self.zoom * factor, 1.0), MOST_ZOOM)
        if zoom == 1.0:
            return replace(self, zoom=1.0, middle=None)
        held = self._unbound(x, y)
        now = replace(self, zoom=zoom)
        moved = now._unbound(x, y)
        _, _, u, v = self._middles()
        found = [u + held[0] - moved[0], v + held[1] - moved[1]]
        for axis in range(2) if factor < 1 else ():
            half = (self.box[axis + 2] - self.box[axis]) / now.scale / 2
            ends = sorted((half, self.size[axis] - half))
            found[axis] = min(max(found[axis], ends[0]), ends[1])
        return replace(now, middle=(found[0], found[1]))

    def seen(self) -> tuple[Box, Box]:
        """Where in the view the photo is seen, and which part of it, as shares of its width and height from the left and the bottom."""
        left, top = self.in_view(0, 0)
        right, bottom = self.in_view(*self.size)
        box = max(left, self.box[0]), max(bottom, self.box[1]), min(right, self.box[2]), min(top, self.box[3])
        wide, high = right - left, top - bottom
        shares = (box[0] - left) / wide, (box[1] - bottom) / high, (box[2] - left) / wide, (box[3] - bottom) / high
        return box, shares


def part_for(room: Box) -> Box:
    """The part of a view's free room that the photo takes: its right, of an upright room its lower side."""
    left, bottom, right, top = room
    if right - left >= top - bottom:
        return right - _SHARE * (right - left), bottom, right, top
    return left, bottom, right, bottom + _SHARE * (top - bottom)


@dataclass
class Clicks:
    """What was clicked by turns. pixels : in the photo, from the left and the top. places : in the scene, metres. One of the two may be one
    longer: its last has no partner yet."""

    pixels: list[tuple[float, float]] = field(default_factory=list)
    places: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def pairs(self) -> int:
        return min(len(self.pixels), len(self.places))

    def in_photo(self, pixel: Sequence[float]) -> None:
        """A click in the photo; a second one before the partner stands in place of the first."""
        if len(self.pixels) > len(self.places):
            self.pixels.pop()
        self.pixels.append((float(pixel[0]), float(pixel[1])))

    def in_town(self, place: Sequence[float]) -> None:
        """A click in the town, likewise."""
        if len(self.places) > len(self.pixels):
            self.places.pop()
        self.places.append((float(place[0]), float(place[1]), float(place[2])))

    def back(self) -> bool:
        """Take back the click that has no partner, else the last two; False where there is none."""
        more = len(self.pixels) - len(self.places)
        if more >= 0 and self.pixels:
            self.pixels.pop()
        if more <= 0 and self.places:
            self.places.pop()
            return True
        return more > 0

    def points(self, origin: Origin) -> list[dict[str, Any]]:
        """The pairs as the project file has them."""
        whole = list(zip(self.pixels, self.places, strict=False))
        world = np.asarray(origin.to_world(np.array([place[:2] for _, place in whole], float).reshape(-1, 2)))
        return [
            {"pixel": [round(u, 1), round(v, 1)], "place": [round(float(x), 3), round(float(y), 3)], "height": round(place[2], 3)}
            for ((u, v), place), (x, y) in zip(whole, world, strict=True)
        ]

    def solved(self, where: str, size: tuple[int, int], focal: float | None) -> photo_camera.Solved:
        """The camera that the pairs make. Raises InputProblem."""
        count = self.pairs
        pixels, places = np.array(self.pixels[:count], float).reshape(-1, 2), np.array(self.places[:count], float).reshape(-1, 3)
        return photo_camera.solved(where, pixels, places, size, focal)


def corners_near(points: FloatArray, matrix: FloatArray, view: tuple[int, int], at: tuple[float, float], reach: float) -> IntArray:
    """Which of points (n, 3) are seen within `reach` pixels of a pixel of the view, the nearest first, of equal ones the first.

    matrix (4, 4) : from the scene to what is seen, -1 to 1. view : width and height in pixels.
    """
    if not len(points):
        return np.zeros(0, np.intp)
    across, up, deep = (points @ matrix[row, :3] + matrix[row, 3] for row in (0, 1, 3))
    ahead = np.flatnonzero(deep > 1e-9)
    pixels = (np.column_stack([across[ahead], up[ahead]]) / deep[ahead, None] + 1.0) / 2.0 * view
    away = np.hypot(*(pixels - at).T)
    found = ahead[near := np.flatnonzero(away <= reach)]
    order = found[np.argsort(away[near], kind="stable")]
    _, first = np.unique(np.round(points[order], 3), axis=0, return_index=True)
    return np.asarray(order[np.sort(first)])


def upright(path: Path, most: int) -> npt.NDArray[np.uint8]:
    """(height, width, 4) the photo as it is held, no side longer than `most` pixels. Raises InputProblem."""
    try:
        with Image.open(path) as image:
            image.draft("RGB", (most, most))
            whole = ImageOps.exif_transpose(image).convert("RGB").convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputProblem(path, "the photo cannot be read", "Name a JPEG, PNG or TIFF file") from error
    whole.thumbnail((most, most), Image.Resampling.LANCZOS)
    return np.asarray(whole)


def home(path: Path, project: Path) -> str:
    """A photo's path relative to the project's folder; of one that lies elsewhere, that of its copy there (see `keep`)."""
    if path.resolve().is_relative_to(project.resolve()):
        return path.resolve().relative_to(project.resolve()).as_posix()
    return f"{FOLDER}/{slug(path.stem)}-{hash_file(path)[:8]}{path.suffix.lower()}"


def keep(path: Path, project: Path) -> None:
    """Copy a photo into the project's folder where it lies elsewhere. Raises InputProblem."""
    target = project / home(path, project)
    if not target.is_file():
        with written_beside(target) as beside:
            shutil.copyfile(path, beside)
