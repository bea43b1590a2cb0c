"""The child process with a Blender in it: builds a town, saves the .blend, renders pictures. `job.py` starts it.

It talks in JSON lines on standard output: {"share", "what"}, {"finished"}, {"problem"}, {"done"}. bpy prints to descriptor 1 from
C, so that one is pointed at standard error before bpy is imported, and a copy is kept for the lines.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
import tempfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..jena_city import child
from .job import Film, Job, Picture

EYE_LEVEL = 4.0  # metres above the ground up to which a view is one from eye height
LOOKS = ("model", "night", "white", "map", "lines")


def main(path: str) -> int:
    """Do the job in a file; returns the exit code (0 done, 2 not done)."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    pictures, films = [Picture(**one) for one in content["pictures"]], [Film(**one) for one in content["films"]]
    job = Job(**{**content, "pictures": pictures, "films": films})
    return child.answered(lambda say: _do(job, say))


def _do(job: Job, say: Any) -> None:
    from ..jena_city import growth, store, variant_files
    from ..jena_city.applied import apply
    from ..jena_city.variant import NULL_VARIANT
    from . import builder, line_drawing, people, register, render, shapes, trees

    if job.films and not job.pictures:
        _encode(job, say)
        return
    site = store.load_site(Path(job.data))
    variants = [NULL_VARIANT, *(variant_files.read(path, site.origin) for path in job.variants)]
    say(share=0.05, what="building the scene")
    if job.blend:
        register()  # what panels edit is in the file; pictures need none of it, and it takes a second to load
        ready = shapes.town(site, [apply(site, variant) for variant in variants])
        builder.clear()
        town = builder.build(ready)
        for path in job.results:
            result = store.load_result(path)
            if result.support.size <= builder.MOST_VALUES:
                builder.show_result(result, Path(path).stem, town).hide_viewport = True
        _save(job, ready, town, say)
    groups: dict[tuple[str, int, str], list[Picture]] = {}
    for picture in job.pictures:  # a montage ends with materials that nothing else can use
        key = (picture.trees, LOOKS.index(picture.preset["look"]), picture.out if picture.photo else "")
        groups.setdefault(key, []).append(picture)
    done = 0
    for (size, number, _), alike in sorted(groups.items(), key=lambda one: one[0]):  # those that replace materials come last
        look = LOOKS[number]
        grown = [replace(variant, planted=growth.at(variant.planted, size)) for variant in variants]
        ready = shapes.town(site, [apply(site, variant) for variant in grown], kept=False)
        builder.clear()
        town = builder.build(ready)
        if any(picture.preset.get("people") for picture in alike) and site.city.holds_something:
            crowd = people.put(site, town.blocks, render.focus(site, town.blocks)[0])
            if crowd is not None:
                town.nature.append(crowd)
        if look in ("white", "lines", "map"):
            trees.show("light")
        if look == "map":
            builder.to_map(town)
        elif look == "white":
            builder.to_white(town)
        elif look == "lines":
            line_drawing.to_lines(town)
        for picture in alike:
            say(share=0.1 + 0.9 * done / len(job.pictures), what=f"rendering {Path(picture.out).stem}")
            _render(picture, ready, town, {variant.id: variant for variant in variants}, job, say)
            done += 1


def _encode(job: Job, say: Any) -> None:
    from . import film

    for number, one in enumerate(job.films):
        say(share=number / len(job.films), what=f"encoding {Path(one.out).name}")
        film.encode([Path(frame) for frame in one.frames], Path(one.out), one.fps)
        say(finished=one.out)


def _save(job: Job, ready: Any, town: Any, say: Any) -> None:
    """The .blend that a planner opens: Bestand and first variant shown, camera and light set as for a still."""
    import bpy
    import numpy as np

    from ..jena_city.files import written_beside
    from ..render_presets import load
    from . import distance, document, render, trees

    preset, site = load("still"), ready.site
    first = next((name for name, made in town.variants.items() if made), "bestand")
    _show(town, first, None)
    trees.show("leafy")
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


def _render(picture: Picture, ready: Any, town: Any, variants: dict[str, Any], job: Job, say: Any) -> None:
    import bpy
    import numpy as np
    from mathutils import Vector
    from PIL import PngImagePlugin

    from ..jena_city import described, growth, seasons, store
    from ..jena_city.cameras import NamedCamera
    from ..jena_city.design import Design
    from ..jena_city.files import write_text, written_beside
    from ..jena_city.lettering import number, side_by_side, towards
    from ..jena_city.variant import NULL_VARIANT, called
    from ..render_presets import Preset
    from ..sheets.plan_page import Wish
    from . import builder, distance, line_drawing, night, overcast, people, render, trees
    from .lettered import Lettered

    preset, site = Preset.model_validate(picture.preset), ready.site
    shown = store.load_result(picture.result) if picture.result else None
    name = Path(picture.result).stem if picture.result else None
    if shown is not None and name is not None:
        builder.show_result(shown, name, town)
    named = NamedCamera.model_validate(picture.camera) if picture.camera else None
    away = render.place_camera(site, preset.camera, picture.view, preset.width / preset.height, town.blocks, named)
    if picture.photo:
        wide, high = picture.photo["size"]
        preset = preset.model_copy(update={"width": min(preset.width, wide), "height": round(min(preset.width, wide) * high / wide)})
        away = render.place_solved(np.array(picture.photo["eye"]), np.array(picture.photo["rotation"]), picture.photo["focal"], wide)
    for crowd in (one for one in town.nature if one.name == people.NAME):
        crowd.hide_render = not preset.people
    kind = preset.camera.kind
    if named is not None and kind != "panorama":
        kind = "eye" if named.eye < EYE_LEVEL else "bird"
    if picture.photo:
        kind = "photo"
    facts, exposure = [], preset.light.exposure
    builder.show_photo(bpy.context.scene, preset.orthophoto and preset.look == "model")
    if preset.look in ("model", "white") and picture.weather == "overcast":
        overcast.place()
        facts = ["bedeckter Himmel"]
    elif preset.look in ("model", "white"):
        moment = render.place_sun(site, preset.light, picture.date, picture.time, time_zone=job.time_zone, basis=picture.basis)  # type: ignore[arg-type]
        facts = [moment.label, f"Sonnenhöhe {number(float(moment.elevation[0]))}°"]
        exposure = render.brightened(preset.light, float(moment.elevation[0]))
    elif preset.look == "night":
        night.place(site, preset.light, render.focus(site, town.blocks)[0])
        facts = ["Abend, Beleuchtung angenommen"]
    if preset.look in ("model", "night"):
        season, said = seasons.shown(picture.season, dt.date.fromisoformat(picture.date), site.origin.latitude)  # type: ignore[arg-type]
        close = kind in ("eye", "panorama", "photo")
        trees.show("bare" if season == "winter" else "near" if close else "leafy", season)
        facts += [said] if said else []
    ahead = bpy.context.scene.camera.rotation_euler.to_matrix() @ Vector((0.0, 0.0, -1.0))
    heading = towards(math.degrees(math.atan2(ahead.x, ahead.y)) + site.origin.grid_convergence)
    if named is not None:
        facts.append(f"Standpunkt: {named.name}")
    if picture.photo:
        facts.append(picture.photo["words"])
    if kind in ("bird", "eye", "photo"):
        facts.append(f"Blick nach {heading}")
    elif kind == "plan":
        facts.append("Norden oben")
    if site.plan_areas is not None and preset.look in ("model", "night") and not picture.photo:
        facts.append("gestrichelt: Plangebiet")
    others = sorted((one for one in variants if one != NULL_VARIANT.id), key=lambda one: variants[one].name)
    parts = _parts(preset.layout, picture.variant, [NULL_VARIANT.id, *others])
    if any(town.removed.get(part) for part in parts):
        facts.append("gestrichelt: Abbruch" if preset.look == "lines" else "rot gestrichelt: Abbruch")
    if any(variants[part].planted for part in parts) and preset.look != "map":
        facts.append(growth.WORDS[picture.trees])
    if site.terrain is not None and site.terrain.estimated:
        facts.append("Gelände aus den Gebäuden geschätzt")
    own = Design.model_validate(picture.design)
    names = [called(variants[part], own.say) for part in parts]
    title = picture.title or (own.say(shown.title) if shown else Path(picture.out).stem)
    mark = described.mark([variants[part] for part in parts])
    north = float(site.origin.grid_azimuth(0.0))
    lettered = Lettered(title, names[0] if len(names) == 1 else "", tuple(facts), site.source, mark, own, shown, north)
    page, lens = None, bpy.context.scene.camera.data
    if picture.page:
        page, (wide, high) = Wish(**picture.page).page(render.extent_of(site, town.blocks, picture.view), lettered.laid, f"picture {title}")
        preset = preset.model_copy(update={"width": wide, "height": high})
        lens.ortho_scale = wide * page.metres
        facts.insert(0, page.words)
    if site.city.holds_something:  # who walks looks at what is near: haze and simpler houses begin behind what it is all about
        away = max(away, float(np.linalg.norm(np.array(bpy.context.scene.camera.location) - render.focus(site, town.blocks)[0])))
    distance.for_picture(bpy.context.scene, away)
    render.set_up(preset, preset.width, preset.height, preset.samples, away, exposure, lambda line: print(line, file=sys.stderr))
    render.use_threads(job.threads)
    images = []
    if picture.photo:
        images.append(_montage(picture, town, name))
    for part in parts if not picture.photo else ():
        _show(town, part, name)
        if preset.look == "map":
            for planted in (one for one in bpy.context.scene.objects if trees.TREES in one):
                planted.hide_render = True
        with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
            if preset.look == "lines":
                images.append(line_drawing.picture(Path(folder), variants[part].colour))
            else:
                images.append(render.picture(Path(folder)))
    image = images[0] if len(images) == 1 else side_by_side(images, names)
    if page is not None:
        final = lettered.on(page, image)
    else:
        metres = lens.ortho_scale / preset.width if kind == "plan" else 0.0
        final = lettered.below(image, metres, picture.captioned)
    applied = {one.variant.id: replace(one, variant=variants[one.variant.id]) for one in ready.applied}
    eye, corner = bpy.context.scene.camera, page.margin if page else 0
    said = described.Taken(
        title=title,
        parts=[applied[part] for part in parts],
        look=preset.look,
        kind=kind,
        heading=heading,
        facts=facts,
        result=shown,
        eye=site.origin.to_world(np.array(eye.location)).tolist(),
        rotation=[float(value) for value in eye.rotation_euler],
        settings={
            "preset": picture.preset,
            "view": picture.view,
            "camera": picture.camera,
            "trees": picture.trees,
            "season": picture.season,
            "weather": picture.weather,
            "photo": picture.photo,
            "page": page.said if page else {},
            "date": picture.date,
            "time": picture.time,
            "basis": picture.basis,
        },
        inputs=picture.inputs,
        size=final.size,
        drawing=(corner, corner, corner + image.width, corner + image.height),
    )
    marks = PngImagePlugin.PngInfo()
    for key, value in described.inside(said).items():
        marks.add_itxt(key, value)
    density = {"dpi": (page.dpi, page.dpi)} if page else {}
    # Half the time of the usual level 6, a thirtieth larger; and where light falls hardly a pixel is like one before, but for those beside
    # it: looking for no others takes half of the rest, and nothing grows.
    alike = zlib.Z_DEFAULT_STRATEGY if preset.look in ("map", "lines") else zlib.Z_RLE
    with written_beside(picture.out) as path:
        final.save(path, pnginfo=marks, compress_level=4, compress_type=alike, **density)
    if not picture.of_a_film:  # one beside the film's first frame says it for all
        write_text(Path(picture.out).with_suffix(".json"), json.dumps(described.sidecar(said), ensure_ascii=False, indent=1))
    say(finished=picture.out)


def _montage(picture: Picture, town: Any, name: str | None) -> Any:
    """The variant laid into a photo. The town's materials are of no use afterwards."""
    import numpy as np
    from PIL import Image, ImageOps

    from ..jena_city import montage
    from ..jena_city.variant import NULL_VARIANT
    from . import line_drawing, render

    both = (picture.variant, NULL_VARIANT.id)
    images, seen = [], []
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        for part in both:
            _show(town, part, name)
            images.append(render.picture(Path(folder)))
        line_drawing.to_lines(town)
        for part in both:
            _show(town, part, name)
            seen.append(line_drawing.numbers(Path(folder)))
    new = montage.changed((seen[0][2], seen[1][2]), (seen[0][0], seen[1][0]))
    with Image.open(picture.photo["file"]) as photo:
        upright = ImageOps.exif_transpose(photo)
    return montage.composed(upright, *images, line_drawing.shares(new), line_drawing.shares(np.asarray(seen[1][2] > 0.05)))


def _parts(layout: str, variant: str, there: list[str]) -> list[str]:
    """The variants that a picture is made of, the Bestand (first of those there) before all others."""
    if layout == "variants":
        return there
    return [there[0], variant] if layout == "before-after" and variant != there[0] else [variant]
