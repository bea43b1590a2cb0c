"""The camera that took a photo, found from points that are known in the photo and in the town."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from .arrays import FloatArray
from .problems import InputProblem
from .project import PhotoEntry

LEAST = 4
CLICK = 2.0  # pixels that a click is off, in a photo 2000 pixels wide
WORST = 0.012  # share of the photo's width by which the best camera may miss the points
_DISTANCES, _TURNS, _LENSES = (15.0, 50.0, 150.0, 450.0), 16, (0.75, 1.3)
_KNOWN_LENS = 0.03  # how exactly a stated focal length is taken
_LOOSE = 0.06  # share of the distance to the points by which the camera's place may be uncertain


@dataclass(frozen=True)
class Solved:
    """eye (3,), scene coordinates. rotation (3, 3) : columns right, up and back of the camera. focal : pixels of the photo. errors (n,) :
    pixels by which the camera misses each point; metres : the same at the points' distance, root of the mean square. loose : metres by
    which the eye's place is uncertain when clicks are."""

    eye: FloatArray
    rotation: FloatArray
    focal: float
    size: tuple[int, int]
    errors: FloatArray
    metres: float
    loose: float

    @property
    def pixels(self) -> float:
        return float(np.sqrt((self.errors**2).mean()))


def taken(entry: PhotoEntry, path: Path) -> tuple[tuple[int, int], dt.date, str, float | None]:
    """Size in pixels, day, clock time and focal length (None where nobody says) of a photo. Raises InputProblem."""
    size, moment, film = told(path)
    if moment is None and (entry.date is None or not entry.time):
        raise InputProblem(f"photo {entry.name}", "the file does not say when it was taken", "State its date and time")
    day = entry.date or (moment.date() if moment else dt.date.min)
    return size, day, entry.time or (f"{moment:%H:%M}" if moment else ""), entry.focal_length or film


def told(path: Path) -> tuple[tuple[int, int], dt.datetime | None, float | None]:
    """What a photo itself says: its size in pixels, upright; when it was taken and its focal length, None where it does not say. Raises
    InputProblem."""
    try:
        with Image.open(path) as image:
            size = image.size
            marks = image.getexif()
            more = marks.get_ifd(ExifTags.IFD.Exif)
    except (OSError, SyntaxError, ValueError) as error:
        raise InputProblem(path, "the photo cannot be read", "Name a JPEG, PNG or TIFF file") from error
    if marks.get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8):
        size = size[1], size[0]
    said = str(more.get(ExifTags.Base.DateTimeOriginal) or marks.get(ExifTags.Base.DateTime) or "")
    try:
        moment = dt.datetime.strptime(said.strip("\x00 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        moment = None
    film = more.get(ExifTags.Base.FocalLengthIn35mmFilm)
    return size, moment, float(film) if film else None


def solved(where: str, pixels: FloatArray, places: FloatArray, size: tuple[int, int], focal: float | None) -> Solved:
    """The camera of a photo. pixels (n, 2) : from the left and the top. places (n, 3) : the same points in the scene, metres. size : of the
    photo. focal : mm on 36 mm, None where it is to be found. Raises InputProblem where the points do not say it or contradict another."""
    _must_serve(where, pixels, places, size)
    best = _fitted(pixels, places, size, focal)
    if best is None or best.pixels > WORST * size[0]:
        raise InputProblem(where, doubt(pixels, places, size, focal, best), "Click that point again, or take it out")
    away = float(np.median(np.linalg.norm(places - best.eye, axis=1)))
    if not best.loose < _LOOSE * away:
        what = f"the points do not fix the camera: its place is uncertain by {best.loose:.0f} m"
        raise InputProblem(where, what, "Add points at other heights and distances, or state the focal length")
    return best


def _must_serve(where: str, pixels: FloatArray, places: FloatArray, size: tuple[int, int]) -> None:
    if len(pixels) < LEAST:
        raise InputProblem(where, f"it has {len(pixels)} points, a camera needs {LEAST} to 6", "Click more points in photo and town")
    inside = ((pixels >= 0) & (pixels <= size)).all(axis=1)
    if not inside.all():
        raise InputProblem(where, f"point {int(np.argmin(inside)) + 1} lies outside the photo", f"Its pixels go to {size[0]}, {size[1]}")
    for one in range(len(pixels)):
        for other in range(one):
            if np.linalg.norm(pixels[one] - pixels[other]) < 3.0 or np.linalg.norm(places[one] - places[other]) < 0.05:
                raise InputProblem(where, f"points {other + 1} and {one + 1} are the same", "Take one of them out")
    for points in (pixels, places):
        spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        if spread[1] < 0.03 * spread[0]:
            raise InputProblem(where, "its points lie on one line", "Add one beside the line, or above it")


def doubt(pixels: FloatArray, places: FloatArray, size: tuple[int, int], focal: float | None, best: Solved | None) -> str:
    """Which point does not go with the others: without it, the rest agree best."""
    if best is None:
        return "no camera sees the points as they are clicked"
    worst = int(np.argmax(best.errors))
    if len(pixels) > LEAST + 1:
        rest = []
        for out in range(len(pixels)):
            found = _fitted(np.delete(pixels, out, axis=0), np.delete(places, out, axis=0), size, focal)
            rest.append(found.pixels if found else math.inf)
        worst = int(np.argmin(rest))
    return f"the points contradict each other, point {worst + 1} most: the best camera misses them by {best.pixels:.0f} pixels"


def _fitted(pixels: FloatArray, places: FloatArray, size: tuple[int, int], focal: float | None) -> Solved | None:
    """The best of cameras begun all around the points; None where none has them all before it."""
    from scipy import optimize  # takes half a second, which only photos are worth

    middle, reach = places.mean(axis=0), max(float(np.linalg.norm(places - places.mean(axis=0), axis=1).max()), 1.0)
    click = CLICK * size[0] / 2000
    known = focal * size[0] / 36.0 if focal else None

    def residuals(given: Any) -> FloatArray:
        seen, depth = _projected(given, places, size)
        wrong = ((seen - pixels) / click).ravel()
        behind = np.maximum(1.0 - depth, 0.0) * 100.0
        lens = [math.log(given[6] / known) / _KNOWN_LENS] if known else []
        return np.concatenate([wrong, behind, lens])

    found: list[Any] = []
    for distance in _DISTANCES:
        for turn in np.arange(_TURNS) * 2 * math.pi / _TURNS:
            eye = middle + [*((reach + distance) * np.array([math.sin(turn), math.cos(turn)])), 3.0]
            towards = middle - eye
            for lens in (known / size[0],) if known else _LENSES:
                pitch = math.atan2(towards[2], float(np.hypot(*towards[:2])))
                start = [*eye, math.atan2(towards[0], towards[1]), pitch, 0.0, lens * size[0]]
                found.append((float((residuals(start) ** 2).clip(max=1e6).sum()), start))
    found.sort(key=lambda one: one[0])
    best = None
    for _, start in found[:14]:
        scale = [10.0, 10.0, 10.0, 0.3, 0.3, 0.1, start[6]]
        low = [-np.inf] * 4 + [-1.5, -0.7, 0.25 * size[0]]
        high = [np.inf] * 4 + [1.5, 0.7, 8.0 * size[0]]
        fit = optimize.least_squares(residuals, np.clip(start, low, high), x_scale=scale, bounds=(low, high), max_nfev=200)
        if best is None or fit.cost < best.cost:
            best = fit
    if best is None or not (_projected(best.x, places, size)[1] > 0.3).all():
        return None
    seen, depth = _projected(best.x, places, size)
    errors = np.linalg.norm(seen - pixels, axis=1)
    metres = float(np.sqrt(((errors * depth / best.x[6]) ** 2).mean()))
    try:
        spread = np.linalg.inv(best.jac.T @ best.jac)
        loose = float(np.sqrt(np.trace(spread[:3, :3])))
    except np.linalg.LinAlgError:
        loose = math.inf
    return Solved(best.x[:3], _turned(*best.x[3:6]), float(best.x[6]), size, errors, metres, loose)


def _turned(azimuth: float, pitch: float, roll: float) -> FloatArray:
    """Columns right, up and back of a camera looking towards an azimuth (from +y, clockwise) and up by pitch, turned by roll; radians."""
    ahead = np.array([math.sin(azimuth) * math.cos(pitch), math.cos(azimuth) * math.cos(pitch), math.sin(pitch)])
    right = np.array([math.cos(azimuth), -math.sin(azimuth), 0.0])
    up = np.cross(right, ahead)
    return np.column_stack([right * math.cos(roll) + up * math.sin(roll), up * math.cos(roll) - right * math.sin(roll), -ahead])


def _projected(given: Sequence[float], places: FloatArray, size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Where a camera sees points: pixels (n, 2) and how far ahead they are (n,), metres."""
    local = (places - np.asarray(given[:3])) @ _turned(given[3], given[4], given[5])
    depth = -local[:, 2]
    along = given[6] * local[:, :2] / np.maximum(depth, 0.3)[:, None]
    return np.column_stack([size[0] / 2 + along[:, 0], size[1] / 2 - along[:, 1]]), depth
