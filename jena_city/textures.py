"""Pictures of textures: found beside the city model and nowhere else, looked at, and made no larger than is shown of them."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import numpy as np
from PIL import Image

from .appearance import Appearance
from .model import CityModel
from .problems import Progress, Report, no_progress, one_line

LONGEST = 2048  # pixels along the longer side of a picture that is kept
MOST = 100_000_000  # pixels of all pictures of a project together: of more, all are made smaller
HUGE = 100_000_000  # pixels of a picture that is not even opened
LARGEST = 200_000_000  # bytes of such a file
QUALITY = 88
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP")
_KEPT = ("JPEG", "PNG")  # as they come, where they need not be made smaller
_NAMED = 5  # of what is wrong are named
SENTENCES = {
    "texture-missing": "{n} of {total} pictures of textures are not there: {names}; what they lie on is shown without",
    "texture-refused": "{n} of {total} pictures of textures refused, as their names lead out of the file's folder: {names}",
    "texture-damaged": "{n} of {total} pictures of textures cannot be read: {names}; what they lie on is shown without",
    "texture-huge": "{n} of {total} pictures of textures left out, as they are larger than any texture: {names}",
}


class _Refused(Exception):
    """A name that leads elsewhere."""


@dataclass
class _Job:
    """One picture of one file. size : columns and rows as it is there."""

    path: Path
    size: tuple[int, int]
    made: tuple[bytes, tuple[int, int]] = (b"", (0, 0))


@dataclass
class _File:
    """What is asked for by one city model. jobs : by the name of the texture; wrong : names by code."""

    folder: Path
    report: Report
    file: Path
    looks: list[tuple[CityModel, Appearance]]
    jobs: dict[str, _Job] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)


def load(models: Sequence[CityModel], paths: Sequence[Path], progress: Progress = no_progress) -> None:
    """Give the textures of models, each read of one file, their pictures; what cannot be had is listed in the models' reports.

    A picture is at most 2048 pixels long, and all together have at most 100 million pixels: otherwise they are made smaller.
    """
    files = []
    for model, path in zip(models, paths, strict=True):
        looks = [(one, one.appearance) for one in (model, model.surroundings) if one is not None and one.appearance is not None]
        if looks:
            files.append(_File(path.parent, model.report, path, looks))
            _find(files[-1])
    found = {job.path: job for one in files for job in one.jobs.values()}
    pixels = sum(int(np.prod(_within(job.size, LONGEST, 1.0))) for job in found.values())
    factor = min(1.0, (MOST / pixels) ** 0.5) if pixels else 1.0
    for number, job in enumerate(found.values()):
        progress(number / len(found), "textures")
        job.made = _read(job, factor)
    for one in files:
        _hand_over(one, found)
        total = len(one.jobs) + sum(len(names) for code, names in one.wrong.items() if code != "texture-damaged")
        for code, names in one.wrong.items():
            listed = ", ".join(one_line(name, 60) for name in names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
            sentence = SENTENCES[code].format(n=len(names), total=total, names=listed)
            one.report.add(code, one.file, "", sentence)
    if factor < 1.0:
        percent = round(100 * factor)
        files[0].report.add(
            "textures-reduced",
            files[0].file,
            "",
            f"the pictures of textures were made smaller, to {percent} % of their length: together they are too large",
        )


def _find(one: _File) -> None:
    """Where the pictures lie that surfaces of these models have, and how large they are."""
    listed: dict[Path, dict[str, Path]] = {}
    for _, look in one.looks:
        for number in np.unique(look.surface_texture[look.surface_texture >= 0]):
            name = look.textures[number].name
            if name in one.jobs or any(name in names for names in one.wrong.values()):
                continue
            code = ""
            try:
                path = found_at(one.folder, name, listed)
                if path is None:
                    code = "texture-missing"
                elif path.stat().st_size > LARGEST or (path.stat().st_size and np.prod(size := _size(path)) > HUGE):
                    code = "texture-huge"
                elif not path.stat().st_size:
                    code = "texture-damaged"
                else:
                    one.jobs[name] = _Job(path, size)
            except _Refused:
                code = "texture-refused"
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                code = "texture-damaged"
            if code:
                one.wrong.setdefault(code, []).append(name)


def found_at(folder: Path, name: str, listed: dict[Path, dict[str, Path]]) -> Path | None:
    """The file of a picture by the name that a city model in this folder gives it, in whatever case, with blanks or underscores; None
    where it is not there. Raises an exception for a name that leads out of the folder.

    listed : what folders hold, filled here, so that each is looked through once.
    """
    for spelling in dict.fromkeys((name, unquote(name))):
        place = PurePosixPath(spelling.replace("\\", "/"))
        if ".." in place.parts or place.is_absolute() or re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", spelling) or "\0" in spelling:
            raise _Refused(name)
        path = folder / place
        if not path.is_file():
            if path.parent not in listed:
                there = sorted(path.parent.iterdir(), reverse=True) if path.parent.is_dir() else ()
                listed[path.parent] = {_plain(one.name): one for one in there}
            path = listed[path.parent].get(_plain(place.name), path)
        if path.is_file():
            if not path.resolve().is_relative_to(folder.resolve()):  # a link to elsewhere
                raise _Refused(name)
            return path
    return None


def _plain(name: str) -> str:
    return name.casefold().replace(" ", "_")


def world_file(folder: Path, name: str, listed: dict[Path, dict[str, Path]]) -> tuple[float, ...] | None:
    """The six numbers of the world file beside a picture; None where there is none, or it is none. listed : see
    `found_at`."""
    stem, _, ending = name.rpartition(".")
    for other in (f"{ending[:1]}{ending[-1:]}w", f"{ending}w", "wld"):
        try:
            path = found_at(folder, f"{stem}.{other}", listed)
            if path is not None and path.stat().st_size < 10_000:
                numbers = [float(word) for word in path.read_text(encoding="ascii").split()]
                return tuple(numbers) if len(numbers) == 6 else None
        except (_Refused, OSError, ValueError):
            return None
    return None


def _size(path: Path) -> tuple[int, int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path, formats=_FORMATS) as image:
            return image.size


def _within(size: tuple[int, int], longest: int, factor: float) -> tuple[int, int]:
    """A size made smaller until it is no longer than that, and then by a factor."""
    scale = min(1.0, longest / max(size)) * factor
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _read(job: _Job, factor: float) -> tuple[bytes, tuple[int, int]]:
    """A picture as it is kept; b"" for one that is damaged."""
    target = _within(job.size, LONGEST, factor)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(job.path, formats=_FORMATS) as image:
                kind = image.format
                image.draft("RGB", (2 * target[0], 2 * target[1]))
                image.load()
                if kind in _KEPT and target == job.size:
                    return job.path.read_bytes(), target
                clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
                smaller = image.convert("RGBA" if clear else "RGB").resize(target, Image.Resampling.BOX, reducing_gap=2.0)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return b"", (0, 0)
    packed = io.BytesIO()
    if clear:
        smaller.save(packed, "PNG")
    else:
        smaller.save(packed, "JPEG", quality=QUALITY)
    return packed.getvalue(), target


def _hand_over(one: _File, found: dict[Path, _Job]) -> None:
    damaged: dict[str, None] = {}
    for model, look in one.looks:
        there = []
        for number, texture in enumerate(look.textures):
            job = one.jobs.get(texture.name)
            made, size = found[job.path].made if job is not None else (b"", (0, 0))
            if job is not None and not made:
                damaged[texture.name] = None
            if made and job is not None and texture.in_pixels:
                _in_shares(model, look, number, job.size)
            if not made and texture.name not in one.wrong.get("texture-missing", ()):
                size = (1, 1)
            there.append(replace(texture, image=made, size=size, in_pixels=texture.in_pixels and not made))
        have = np.array([bool(texture.image) for texture in there], bool)
        look.surface_texture[~np.append(have, False)[look.surface_texture]] = -1
        look.textures = there
    if damaged:
        one.wrong.setdefault("texture-damaged", []).extend(damaged)


def _in_shares(model: CityModel, look: Appearance, number: int, size: tuple[int, int]) -> None:
    """Coordinates in pixels of a picture of that size (columns, rows) as shares of it."""
    on = look.surface_texture == number
    points = np.repeat(on[model.ring_surface], np.diff(model.ring_start))
    uv = look.uv[points].astype(np.float64)
    look.uv[points] = np.column_stack([(uv[:, 0] + 0.5) / size[0], 1 - (uv[:, 1] + 0.5) / size[1]])


def have_come(model: CityModel, folders: Iterable[Path]) -> bool:
    """Whether a picture that was not found when a model was read is in one of these folders now."""
    looks = [one.appearance for one in (model, model.surroundings) if one is not None and one.appearance is not None]
    missing = {texture.name for look in looks for texture in look.textures if texture.size == (0, 0)}
    listed: dict[Path, dict[str, Path]] = {}
    for folder in folders if missing else ():
        for name in missing:
            with suppress(_Refused, OSError, ValueError):
                if found_at(folder, name, listed) is not None:
                    return True
    return False


def without(model: CityModel) -> CityModel:
    """A model that shows nothing of its colours and textures."""
    around = replace(model.surroundings, appearance=None) if model.surroundings is not None else None
    return replace(model, appearance=None, surroundings=around)
