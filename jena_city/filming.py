"""What a film is made of: for each frame a moment and a view, eased, with a rest at both ends; the words that go with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from .arrays import FloatArray
from .problems import InputProblem
from .project import FilmEntry, View

REST = 3.0  # seconds that a film stands still at its beginning and its end
AHEAD = 14.0  # metres before a walker that the camera looks at
EASE = 2.0  # seconds in which a movement gathers and loses its speed


@dataclass(frozen=True)
class Shot:
    """One picture of a film. time : clock time. view : what of the preset's is replaced; None: as it is."""

    time: str
    view: View | None


def shots(film: FilmEntry, azimuth: float) -> tuple[list[Shot], list[int]]:
    """The pictures of a film, each once, and for each frame the number of its picture. azimuth : of the preset's camera, degrees.

    Raises InputProblem for a walk without a path, for a day that ends before it begins, and for the shadow of a day without sun.
    """
    moving = max(round(film.seconds * film.fps), 2)
    if film.kind == "shadow":
        found = _day(film, moving)
    elif film.kind == "fly-around":
        turns = azimuth + 360.0 * eased(moving, film.fps)
        base = (film.view or View()).model_dump(exclude_none=True)
        found = [Shot(film.time, View(**{**base, "azimuth": round(float(turn), 4)})) for turn in turns]
    else:
        found = _walk(film, moving)
    rest = round(REST * film.fps)
    unique: dict[Shot, int] = {}
    order = [unique.setdefault(shot, len(unique)) for shot in found]
    return list(unique), [order[0]] * rest + order + [order[-1]] * rest


def eased(frames: int, fps: int) -> FloatArray:
    """(frames,) from 0 to 1 at an even pace that is gathered and lost in EASE seconds, without a jerk."""
    moment = np.linspace(0.0, 1.0, frames)
    share = min(EASE * fps / max(frames - 1, 1), 0.5)
    pace = np.minimum(np.minimum(moment, 1.0 - moment) / share, 1.0)
    pace = pace * pace * (3.0 - 2.0 * pace)
    way = np.concatenate([[0.0], np.cumsum((pace[1:] + pace[:-1]) / 2)])
    return np.asarray(way / way[-1])


def _day(film: FilmEntry, frames: int) -> list[Shot]:
    start, end = (_minutes(clock) for clock in (film.start, film.end))
    if film.weather != "clear":
        raise InputProblem(
            f"film {film.name}", "under an overcast sky there is no shadow to film", "Take weather out, or make another kind of film"
        )
    if end <= start:
        raise InputProblem(f"film {film.name}", f"it ends at {film.end}, before it begins at {film.start}", "Give an end after the start")
    return [Shot(_clock(minute), film.view) for minute in np.linspace(start, end, frames)]


def _walk(film: FilmEntry, frames: int) -> list[Shot]:
    if len(film.path) < 2:
        raise InputProblem(
            f"film {film.name}", "a walk needs a path of at least two points", "Add path = [[x, y], [x, y]] in the project's CRS"
        )
    line = shapely.LineString(film.path)
    # A person turns before the corner and rounds it: the eye follows the path smoothed over some metres.
    along = eased(frames, film.fps) * line.length
    points = [_smoothed(line, at) for at in along]
    found = []
    for at, here in zip(along, points, strict=True):
        ahead = _smoothed(line, min(at + AHEAD, line.length))
        way = ahead - here
        if np.hypot(*way) < 1.0:  # at the end: on in the last direction
            way = _smoothed(line, line.length) - _smoothed(line, max(line.length - AHEAD, 0.0))
        way = way / np.hypot(*way)
        target = here + way * AHEAD
        azimuth = math.degrees(math.atan2(way[0], way[1]))
        view = View(
            azimuth=round(azimuth, 4), target=(round(float(target[0]), 3), round(float(target[1]), 3)), distance=AHEAD,
            focal_length=film.view.focal_length if film.view else None,
        )  # fmt: skip
        found.append(Shot(film.time, view))
    return found


def _smoothed(line: shapely.LineString, at: float) -> FloatArray:
    places = np.clip(at + np.linspace(-6.0, 6.0, 9), 0.0, line.length)
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, places)).mean(axis=0))


def _minutes(clock: str) -> float:
    hours, minutes = clock.split(":")
    return 60.0 * int(hours) + int(minutes)


def _clock(minute: float) -> str:
    whole = min(round(minute), 24 * 60 - 1)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def subtitles(film: FilmEntry, title: str, pictures: list[Shot], order: list[int], language: str = "de") -> str:
    """WebVTT: for a shadow film the clock, each full hour anew; else what is to be seen, all the time: the title, which is German, in
    other languages ("en", "plain") what happens."""
    length = len(order) / film.fps
    clock = "{}" if language == "en" else "{} Uhr"
    cues: list[tuple[float, str]] = [(0.0, title if language == "de" else _what_happens(film)[language])]
    if film.kind == "shadow":
        cues = []
        last = ""
        for number, picture in enumerate(order):
            hour = pictures[picture].time[:2]
            if hour != last:
                cues.append((number / film.fps, clock.format(pictures[picture].time)))
                last = hour
    ends = [start for start, _ in cues[1:]] + [length]
    body = [f"{_stamp(start)} --> {_stamp(end)}\n{words}" for (start, words), end in zip(cues, ends, strict=True)]
    return "WEBVTT\n\n" + "\n\n".join(body) + "\n"


def _stamp(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds // 60 % 60):02d}:{seconds % 60:06.3f}"


def in_words(film: FilmEntry, title: str, picture: str) -> str:
    """A film for those who cannot see it. picture : the text of its first picture."""
    what = {
        "shadow": f"Die Kamera steht still; die Schatten wandern von {film.start} bis {film.end} Uhr.",
        "fly-around": "Die Kamera fliegt einmal im Kreis um das Plangebiet.",
        "walk": "Die Kamera geht in Augenhöhe den gezeichneten Weg entlang.",
    }[film.kind]
    return f"Film, {title}. {what} Erstes Bild: {picture}"


def in_other_words(film: FilmEntry, pictures: Mapping[str, str]) -> dict[str, str]:
    """The same in English and plain German, without the title. pictures : the texts of its first picture, by language."""
    what = _what_happens(film)
    before = {"en": f"Film. {what['en']} First picture: ", "plain": f"{what['plain']} Am Anfang sehen Sie das: "}
    return {language: words + pictures[language] for language, words in before.items() if language in pictures}


def _what_happens(film: FilmEntry) -> dict[str, str]:
    english = {
        "shadow": f"The camera stands still; the shadows move from {film.start} to {film.end}.",
        "fly-around": "The camera flies once around the plan area.",
        "walk": "The camera walks along the path that was drawn, at eye level.",
    }[film.kind]
    plain = {
        "shadow": f"Der Film zeigt die Schatten von {film.start} bis {film.end} Uhr.",
        "fly-around": "Der Film zeigt alles von oben, einmal rundherum.",
        "walk": "Der Film zeigt einen Spaziergang.",
    }[film.kind]
    return {"en": english, "plain": plain}
