"""Line drawings: what each pixel shows, how far away and how turned it is, as one picture of numbers that `jena_city.inking` draws from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
from PIL import Image

from ..jena_city import inking, palette
from ..jena_city.arrays import FloatArray
from . import builder, materials, notes, render, sync, trees

FINE = 2  # the numbers are twice as fine as the drawing, which is then reduced
_COVER = (0.3, 0.5, 0.2)


def to_lines(town: Any) -> None:
    """Give everything a material that says what it is instead of what it looks like."""
    builder.show_looks(bpy.context.scene, False)
    builder.show_photo(bpy.context.scene, False)
    houses, green = _marking("Linien Bestand", "building", 10.0), _marking("Linien Bäume", "", inking.TREES)
    for made in town.context:
        is_ground = made.name.split(".")[0] in ("Gelände", "Geländekante", "Tisch")
        for index, old in enumerate(made.data.materials):
            made.data.materials[index] = _land(old) if is_ground else houses
    for form in trees.forms():
        for index in range(len(form.materials)):
            form.materials[index] = green
    number = 0
    for made in (*town.nature, *bpy.data.objects):
        if made.type != "MESH" or trees.TREES in made or made in town.context or notes.get(made) is not None:
            continue
        if made in town.nature or made.name.startswith((builder.OUTLINE, "Freiflächen")):
            number += 1
            _all_of(made, _marking(f"Linien {made.name}", "", inking.OTHERS + 4 * number))
    for number, made in enumerate(one for group in town.variants.values() for one in group if sync.is_block(one)):
        _all_of(sync.solid_of(made), _marking(f"Linien Baukörper {number}", "", inking.BLOCKS + 4 * number))


def _all_of(holder: Any, material: Any) -> None:
    for index in range(len(holder.data.materials)):
        holder.data.materials[index] = material


def _marking(name: str, attribute: str, base: float) -> Any:
    """A material that glows in numbers: distance, direction of the surface, and base (plus an attribute of the face)."""
    nodes = materials.Nodes(name, "#ffffff")
    return _glowing(nodes, nodes.math("ADD", nodes.attribute(attribute), base) if attribute else base)


def _land(old: Any) -> Any:
    """The same of land, whose number is its colour; anything without a picture is one land."""
    nodes = materials.Nodes(f"Linien {old.name}", "#ffffff")
    picture = next((node for node in old.node_tree.nodes if node.bl_idname == "ShaderNodeTexImage" and node.name != materials.PHOTO), None)
    if picture is None:
        return _glowing(nodes, 0.5)
    colour = nodes.add("ShaderNodeTexImage", image=picture.image, interpolation="Linear", extension="EXTEND").outputs["Color"]
    parts = nodes.add("ShaderNodeSeparateColor", {0: colour}).outputs
    tone: Any = 0.1
    for part, share in zip(parts, _COVER, strict=False):
        tone = nodes.math("ADD", tone, nodes.math("MULTIPLY", part, 0.85 * share))
    return _glowing(nodes, tone)


def _glowing(nodes: Any, what: Any) -> Any:
    depth = nodes.add("ShaderNodeCameraData").outputs["View Z Depth"]
    normal = nodes.add("ShaderNodeSeparateXYZ", {0: nodes.add("ShaderNodeNewGeometry").outputs["True Normal"]}).outputs
    steps = [
        nodes.math("FLOOR", nodes.math("MULTIPLY", nodes.math("ADD", nodes.math("MULTIPLY", part, 0.4999), 0.5), 1024.0))
        for part in normal[:2]
    ]
    packed = nodes.math("ADD", nodes.math("MULTIPLY", steps[0], 1024.0), steps[1])
    packed = nodes.math("ADD", packed, nodes.math("MULTIPLY", nodes.math("GREATER_THAN", normal[2], 0.0), float(2**20)))
    numbers = nodes.add("ShaderNodeCombineXYZ", {0: depth, 1: packed, 2: what}).outputs[0]
    nodes.add("ShaderNodeOutputMaterial", {0: nodes.add("ShaderNodeEmission", {"Color": numbers, "Strength": 1.0}).outputs[0]})
    return nodes.material


def picture(folder: Path, colour: str) -> Image.Image:
    """The drawing of the scene as it is. colour : of the variant."""
    size = bpy.context.scene.render.resolution_x, bpy.context.scene.render.resolution_y
    depth, packed, shown = numbers(folder)
    red, green, blue = (int(palette.lightened(colour, 0.8)[k : k + 2], 16) for k in (1, 3, 5))
    drawn = inking.ink(depth, inking.unpacked(packed), shown, (red, green, blue), FINE * max(1, round(size[0] / 1100)))
    return drawn.resize(size, Image.Resampling.BOX)


def shares(where: Any) -> Any:
    """What share of each pixel of a picture lies where (FINE h, FINE w) says so."""
    high, wide = where.shape
    return where.reshape(high // FINE, FINE, wide // FINE, FINE).mean(axis=(1, 3))


def numbers(folder: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Distance, packed direction and what is shown of each pixel (FINE h, FINE w) of the scene as it is; its picture's size stays."""
    scene = bpy.context.scene
    size = scene.render.resolution_x, scene.render.resolution_y
    settings, cycles = scene.render.image_settings, scene.cycles
    scene.render.resolution_x, scene.render.resolution_y = FINE * size[0], FINE * size[1]
    cycles.samples, cycles.use_adaptive_sampling, cycles.use_denoising, cycles.max_bounces = 1, False, False, 0
    cycles.pixel_filter_type, cycles.filter_width = "BOX", 0.01  # numbers are not to be blended
    settings.file_format, settings.color_mode, settings.color_depth = "OPEN_EXR", "RGB", "32"
    world = bpy.data.worlds.new("Leer")
    world.color = (0.0, 0.0, 0.0)
    scene.world = world
    path = folder / "numbers.exr"
    render.draw(path)
    image = bpy.data.images.load(str(path))
    image.colorspace_settings.name = "Non-Color"
    wide, high = image.size
    values = np.empty(wide * high * 4, np.float32)
    image.pixels.foreach_get(values)
    bpy.data.images.remove(image)
    scene.render.resolution_x, scene.render.resolution_y = size
    depth, packed, shown = np.moveaxis(values.reshape(high, wide, 4)[::-1, :, :3].astype(np.float64), -1, 0)
    return depth, packed, shown
