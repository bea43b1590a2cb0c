"""Films of a project."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace

from ..jena_city import filming
from ..jena_city.files import slug, write_text, written_beside
from ..jena_city.problems import Progress
from ..jena_city.project import FilmEntry, PictureEntry, View
from ..scene import job as scene_job
from . import pictures
from .work import Work


def film(work: Work, films: Sequence[FilmEntry], progress: Progress) -> None:
    """The films that are not there yet. Frames first, each kept as soon as it is whole, then encoded: a run that was stopped renders
    none of them again, and changed settings only those that they change."""
    for number, film in enumerate(films):
        part = lambda share, what, number=number: progress((number + share) / len(films), what)  # noqa: E731
        key = hash_of(work, film)
        if not work.is_made(f"film {film.name}", key):
            _film(work, film, key, part)


def _film(work: Work, film: FilmEntry, key: str, progress: Progress) -> None:
    folder = work.out / "films" / slug(film.name)
    frames, order = _frames(work, film)
    paths = [folder / f"{number + 1:05d}.png" for number in range(len(frames))]
    keys = [pictures.hash_of(work, entry) for entry in frames]
    due = [
        number
        for number, path in enumerate(paths)
        if not pictures.has_inputs(path, keys[number]) or (number == 0 and not pictures.words_of(path))
    ]
    zone = work.project.whole.place.time_zone
    if due:
        there = len(frames) - len(due)
        rendering: Progress = lambda share, _what: progress(  # noqa: E731
            0.95 * share, f"{film.name}: {there + int(share * len(due))} of {len(frames)} frames"
        )
        wanted = [replace(pictures.job_of(work, paths[number], keys[number], frames[number]), of_a_film=number > 0) for number in due]
        work.take(scene_job.Job(str(work.data), work.variant_files, zone, pictures=wanted), rendering, lambda _path: None)
    for half in folder.glob(".*.png"):  # of processes that were killed while they wrote
        half.unlink(missing_ok=True)
    targets = [folder.with_suffix(ending) for ending in (".mp4", ".webm")]
    encoded = [scene_job.Film([str(paths[number]) for number in order], str(target), film.fps) for target in targets]
    scene_job.run(scene_job.Job("", [], zone, films=encoded), lambda share, what: progress(0.95 + 0.05 * share, what))
    title = film.title or work.project.file.project.name
    shots, _ = filming.shots(film, _azimuth(work, film))
    poster, words, beside = (folder.with_suffix(ending) for ending in (".png", ".vtt", ".json"))
    with written_beside(poster) as copy:
        shutil.copyfile(paths[order[len(order) // 2]], copy)
    write_text(words, filming.subtitles(film, title, shots, order))
    said = json.loads(pictures.words_of(paths[0]))
    said |= {"title": title, "alternative_text": filming.in_words(film, title, said["alternative_text"]), "inputs": key}
    said |= {"film": film.model_dump(mode="json"), "seconds": len(order) / film.fps, "frames": len(order)}
    write_text(beside, json.dumps(said, ensure_ascii=False, indent=1))
    own = film not in work.project.file.films
    work.remember(f"film {film.name}", key, "film", [*targets, poster, words, beside], variant=film.variant, own=own)


def _azimuth(work: Work, film: FilmEntry) -> float:
    own = film.view.azimuth if film.view else None
    return own if own is not None else work.project.preset(_frame(work, film, film.time, film.view)).camera.azimuth


def _frames(work: Work, film: FilmEntry) -> tuple[list[PictureEntry], list[int]]:
    """Its pictures, each once, and which of them each frame shows."""
    shots, order = filming.shots(film, _azimuth(work, film))
    return [_frame(work, film, shot.time, shot.view) for shot in shots], order


def _frame(work: Work, film: FilmEntry, time: str, view: View | None) -> PictureEntry:
    own = {name: value for name in ("width", "height", "samples") if (value := getattr(film, name)) is not None}
    given = {"preset": film.preset_name, "variant": film.variant, "title": film.title, "date": film.date, "time": time, "view": view}
    given |= {"camera": film.camera, "season": film.season, "weather": film.weather}
    given["caption"] = True  # a film says what it shows, whatever its preset does
    return PictureEntry.model_validate({"name": film.name, **given, **own})


def hash_of(work: Work, film: FilmEntry) -> str:
    frames, order = _frames(work, film)
    return hashlib.sha256(
        "".join([*(pictures.hash_of(work, frame) for frame in frames), str(order), film.model_dump_json()]).encode()
    ).hexdigest()
