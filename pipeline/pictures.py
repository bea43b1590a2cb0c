"""Pictures of a project."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import shapely
from PIL import Image

from ..jena_city import cameras
from ..jena_city.described import mark
from ..jena_city.files import hash_file, slug
from ..jena_city.lettering import number as in_german
from ..jena_city.problems import InputProblem, Problem, Progress
from ..jena_city.project import PictureEntry
from ..jena_city.variant import NULL_VARIANT
from ..scene import job as scene_job
from .opening import photo_file, solved_photo
from .work import Work


def render(work: Work, pictures: Sequence[PictureEntry], progress: Progress) -> None:
    """The pictures that are not there yet, all in one child process that reports as each is finished."""
    due: dict[Path, tuple[str, PictureEntry]] = {}
    for picture in pictures:
        path = work.out / "pictures" / f"{slug(picture.name)}.png"
        key = hash_of(work, picture)
        if not work.is_made(f"picture {picture.name}", key):
            due[path] = (key, picture)
    if not due:
        return

    def finished(path: Path) -> None:
        key, picture = due[path]
        own = picture not in work.project.file.pictures
        files = [path, path.with_suffix(".json")]
        work.remember(f"picture {picture.name}", key, "picture", files, variant=picture.variant, preset=picture.preset, own=own)

    wanted = [job_of(work, path, key, picture) for path, (key, picture) in due.items()]
    for _key, picture in due.values():
        _look_around(work, picture)
    zone = work.project.whole.place.time_zone
    work.take(scene_job.Job(str(work.data), work.variant_files, zone, pictures=wanted), progress, finished)


def _look_around(work: Work, picture: PictureEntry) -> None:
    """Note where the named camera of a picture, or that of its photo, stands in a house or block: it will see nothing but walls."""
    camera, photo = work.project.camera(picture), work.project.photo(picture)
    if camera is not None:
        named, eye = camera.name, cameras.eye_and_target(camera, work.site)[0]
    elif photo is not None:
        named, eye = photo.name, solved_photo(work.project, work.site, photo)[0].eye
    else:
        return
    for name in _shown_in(work, picture):
        found = cameras.inside(work.applied[name], eye)
        if found:
            sentence = f"the camera {named} stands inside {found}, in the variant {name}"
            work.problems.append(Problem("camera-inside", str(work.project.path), picture.name, sentence))


def _shown_in(work: Work, picture: PictureEntry) -> list[str]:
    """The variants in a picture."""
    layout = work.project.preset(picture).layout
    return (
        list(work.variants)
        if layout == "variants"
        else [*dict.fromkeys(([NULL_VARIANT.id] if layout != "single" else []) + [picture.variant])]
    )


def hash_of(work: Work, picture: PictureEntry) -> str:
    result = _result_of(work, picture)
    shown = hash_file(result) if result else ""
    preset = work.project.preset(picture).model_dump(mode="json")
    title = work.project.file.project.name
    work.known(picture.variant)
    parts = list(work.variants) if work.project.preset(picture).layout == "variants" else [NULL_VARIANT.id, picture.variant]
    camera = found.model_dump(mode="json") if (found := work.project.camera(picture)) else {}
    if photo := work.project.photo(picture):
        camera = photo.model_dump(mode="json") | {"hash": hash_file(photo_file(work.project, photo))}
    marked = [mark([work.variants[one]]) for one in parts]
    asked = picture.model_dump(mode="json", exclude={"set"}), preset, camera, shown, title, marked, work.looks_hash, _about(work, picture)
    return work.key(parts, "picture", *asked, *work.design_key)


def _about(work: Work, picture: PictureEntry) -> str:
    """Hash of the blocks of all variants, where a camera goes by them: all variants are seen from one place."""
    if picture.camera or picture.photo:
        return ""
    if work.site.plan_box is not None and work.project.preset(picture).camera.kind not in ("eye", "panorama"):
        return ""
    outlines = [block.footprint for variant in work.variants.values() for block in variant.blocks]
    return hashlib.sha256(b"".join(shapely.to_wkb(outlines).tolist())).hexdigest()


def job_of(work: Work, path: Path, key: str, picture: PictureEntry) -> scene_job.Picture:
    preset = work.project.preset(picture)
    own = {name: value for name in ("width", "height", "samples") if (value := getattr(picture, name)) is not None}
    photo, date, time = {}, str(picture.date), picture.time
    if entry := work.project.photo(picture):
        found, day, time = solved_photo(work.project, work.site, entry)
        error = f"{in_german(found.pixels, 1)} Pixel ({in_german(found.metres, 2)} m)"
        photo = {
            "file": str(photo_file(work.project, entry)),
            "size": list(found.size),
            "eye": found.eye.tolist(),
            "rotation": found.rotation.tolist(),
            "focal": found.focal,
            "pixels": found.pixels,
            "metres": found.metres,
            "words": f"Kamera aus {len(found.errors)} Punkten im Foto, Abweichung {error}",
        }
        date = str(day)
    return scene_job.Picture(
        out=str(path),
        title=picture.title or work.project.file.project.name,
        variant=picture.variant,
        preset=preset.model_copy(update=own).model_dump(mode="json"),
        date=date,
        time=time,
        basis=picture.basis,
        view=picture.view.model_dump(exclude_none=True) if picture.view else {},
        camera=camera.model_dump(mode="json") if (camera := work.project.camera(picture)) else {},
        photo=photo,
        design=work.project.design.model_dump(),
        trees=picture.trees,
        season=picture.season,
        weather=picture.weather,
        captioned=work.project.captioned(picture),
        page=asdict(page) if (page := work.project.page(picture)) else {},
        result=str(_result_of(work, picture) or ""),
        inputs=key,
    )


def _result_of(work: Work, picture: PictureEntry) -> Path | None:
    """The result that a picture shows; it must be one of the picture's variant."""
    if not picture.result:
        if work.project.preset(picture).look == "map":
            raise InputProblem(
                f"{work.project.path}, picture {picture.name}",
                "its preset shows a result, none is named",
                "Name one: result = …, or --result",
            )
        return None
    found = {path.stem: path for path in work.result_files(picture.variant)}
    if picture.result not in found:
        where = f"{work.project.path}, picture {picture.name}"
        known = ", ".join(sorted(found)) or "none yet: run the analyses first"
        raise InputProblem(where, f"there is no result {picture.result} of the variant {picture.variant}", f"Known: {known}")
    return found[picture.result]


def has_inputs(path: Path, key: str) -> bool:
    """Whether a picture is there, whole, and was made of these inputs."""
    try:
        with Image.open(path) as image:
            return bool(image.info.get("Inputs") == key)
    except (OSError, SyntaxError):
        return False


def is_there(asked: scene_job.Picture) -> bool:
    """Whether a picture is there as it is asked for, and the file beside it where it has one."""
    return has_inputs(Path(asked.out), asked.inputs) and (asked.of_a_film or bool(words_of(Path(asked.out))))


def words_of(path: Path) -> str:
    """The file beside a picture, "" where there is none."""
    beside = path.with_suffix(".json")
    return beside.read_text(encoding="utf-8") if beside.is_file() else ""
