"""The child process with a Blender in it: builds a town, saves the .blend, renders pictures. `job.py` starts it.

It talks in JSON lines on standard output: {"share", "what"}, {"finished"}, {"problem"}, {"done"}. bpy prints to descriptor 1 from
C, so that one is pointed at standard error before bpy is imported, and a copy is kept for the lines.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from ..jena_city import child
from .job import Job, Picture


def main(path: str) -> int:
    """Do the job in a file; returns the exit code (0 done, 2 not done)."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    job = Job(**{**content, "pictures": [Picture(**picture) for picture in content["pictures"]]})
    return child.answered(lambda say: _do(job, say))


def _do(job: Job, say: Any) -> None:
    from ..jena_city import store, variant_files
    from ..jena_city.applied import apply
    from ..jena_city.variant import NULL_VARIANT
    from . import builder, register, shapes

    register()
    site = store.load_site(Path(job.data))
    variants = [NULL_VARIANT, *(variant_files.read(path, site.origin) for path in job.variants)]
    say(share=0.05, what="building the scene")
    ready = shapes.town(site, [apply(site, variant) for variant in variants])
    if job.blend:
        builder.clear()
        town = builder.build(ready)
        for path in job.results:
            result = store.load_result(path)
            if result.support.size <= builder.MOST_VALUES:
                builder.show_result(result, Path(path).stem, town).hide_viewport = True
        _save(job, ready, town, say)
    looks = sorted({picture.preset["look"] for picture in job.pictures}, reverse=True)
    done = 0
    for look in looks:  # the model first; the map's look replaces the materials
        builder.clear()
        town = builder.build(ready)
        if look == "map":
            builder.to_map(town)
        for picture in (picture for picture in job.pictures if picture.preset["look"] == look):
            say(share=0.1 + 0.9 * done / len(job.pictures), what=f"rendering {Path(picture.out).stem}")
            _render(picture, site, town, {variant.id: variant.name for variant in variants}, job.time_zone, say)
            done += 1


def _save(job: Job, ready: Any, town: Any, say: Any) -> None:
    """The .blend that a planner opens: Bestand and first variant shown, camera and light set as for a still."""
    import bpy
    import numpy as np

    from ..jena_city.files import written_beside
    from ..render_presets import load
    from . import distance, document, render

    preset, site = load("still"), ready.site
    first = next((name for name, made in town.variants.items() if made), "bestand")
    _show(town, first, None)
    document.attach(bpy.context.scene, Path(job.data).parent, ready, first, Path(job.blend))
    away = 1000.0
    if site.city.holds_something:
        away = render.place_camera(site, preset.camera, {}, preset.width / preset.height, town.blocks)
        distance.show(bpy.context.scene, [np.array(bpy.context.scene.camera.location)])
        render.place_sun(site, preset.light, "2025-09-23", "13:00", time_zone=job.time_zone, basis="solar")  # sun everywhere on Earth
    render.set_up(preset, preset.width, preset.height, preset.samples, away, preset.light.exposure, lambda _line: None)
    with written_beside(job.blend) as beside:
        bpy.ops.wm.save_as_mainfile(filepath=str(beside), compress=True, copy=True)
    say(finished=job.blend)


def _show(town: Any, variant: str, result: str | None) -> None:
    """Only this variant's objects and this result; the buildings it removes are gone."""
    import bpy

    from . import sync

    sync.show_variant(bpy.context.scene, variant)
    for name, thing in town.results.items():
        thing.hide_render = thing.hide_viewport = name != result


def _render(picture: Picture, site: Any, town: Any, names: dict[str, str], zone: str, say: Any) -> None:
    import bpy
    from PIL import Image, PngImagePlugin

    from ..jena_city import store
    from ..jena_city.files import written_beside
    from ..jena_city.lettering import Caption, captioned, legend, number, towards
    from ..render_presets import Preset
    from . import builder, distance, render

    preset = Preset.model_validate(picture.preset)
    shown = store.load_result(picture.result) if picture.result else None
    name = Path(picture.result).stem if picture.result else None
    if shown is not None and name is not None:
        builder.show_result(shown, name, town)
    _show(town, picture.variant, name)
    away = render.place_camera(site, preset.camera, picture.view, preset.width / preset.height, town.blocks)
    distance.for_picture(bpy.context.scene, away)
    if preset.look == "model":
        builder.show_photo(bpy.context.scene, preset.orthophoto)
    facts, exposure = [], 0.0
    if preset.look == "model":
        moment = render.place_sun(site, preset.light, picture.date, picture.time, time_zone=zone, basis=picture.basis)  # type: ignore[arg-type]
        facts = [moment.label, f"Sonnenhöhe {number(float(moment.elevation[0]))}°"]
        exposure = render.brightened(preset.light, float(moment.elevation[0]))
    if preset.camera.kind != "plan":
        azimuth = preset.camera.azimuth if picture.view.get("azimuth") is None else picture.view["azimuth"]
        facts.append(f"Blick nach {towards(azimuth + site.origin.grid_convergence)}")
    if site.plan_areas is not None and preset.look == "model":
        facts.append("gestrichelt: Plangebiet")
    if town.removed.get(picture.variant):
        facts.append("rot gestrichelt: Abbruch")
    if site.terrain is not None and site.terrain.estimated:
        facts.append("Gelände aus den Gebäuden geschätzt")
    render.set_up(preset, preset.width, preset.height, preset.samples, away, exposure, lambda line: print(line, file=sys.stderr))
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        image = render.picture(Path(folder))
    title = picture.title or (shown.title if shown else Path(picture.out).stem)
    if shown is not None:
        size = max(14, image.width // 90)
        beside = legend(shown.classes, shown.title, shown.unit, shown.method, size, round(size * 19))
        sheet = Image.new("RGB", (image.width + beside.width, max(image.height, beside.height)), (255, 255, 255))
        sheet.paste(image, (0, 0))
        sheet.paste(beside, (image.width, 0))
        image = sheet
    final = captioned(image, Caption(title, names[picture.variant], " · ".join(facts), site.source))
    marks = PngImagePlugin.PngInfo()
    for key, value in (("Title", title), ("Source", site.source), ("Software", "Jena Planner"), ("Inputs", picture.inputs)):
        marks.add_itxt(key, value)
    with written_beside(picture.out) as path:
        final.save(path, pnginfo=marks)
    say(finished=picture.out)
