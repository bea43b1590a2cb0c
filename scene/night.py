"""Dusk: a deep sky, a little light left from where the sun went down, lamps along the streets."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Vector

from ..jena_city.arrays import FloatArray
from ..jena_city.palette import linear
from ..jena_city.site import Site
from ..jena_city.vectors import RAILS
from ..render_presets import Light
from . import materials
from .render import only_one

LAMPS = 90  # at most: those nearest to what is looked at
_APART, _HIGH, _POWER = 28.0, 5.5, 420.0  # metres, metres, watts of a lamp
_HORIZON, _ZENITH = "#8ea4c4", "#1d2c4a"


def place(site: Site, settings: Light, focus: FloatArray) -> None:
    """Light a scene for the evening. focus : (3,) what the picture is about."""
    lamp = bpy.data.lights.new("Sonne", "SUN")
    lamp.energy, lamp.angle, lamp.color = settings.sun, 0.6, (0.75, 0.82, 1.0)
    only_one("Sonne", lamp).rotation_euler = Vector((-0.6, 0.35, 0.55)).to_track_quat("Z", "Y").to_euler()
    world = bpy.data.worlds.new("Himmel")
    world.use_nodes = True
    nodes = materials.Tree(world.node_tree)
    nodes.tree.nodes.clear()
    up = nodes.add("ShaderNodeSeparateXYZ", {0: nodes.add("ShaderNodeTexCoord").outputs["Generated"]}).outputs[2]
    share = nodes.math("POWER", nodes.math("MAXIMUM", up, 0.0), 0.5)
    colour = nodes.mix(share, linear(_HORIZON), linear(_ZENITH))
    back = nodes.add("ShaderNodeBackground", {0: colour, 1: settings.sky})
    nodes.add("ShaderNodeOutputWorld", {0: back.outputs[0]})
    bpy.context.scene.world = world
    _lamps(site, focus)


def _lamps(site: Site, focus: FloatArray) -> None:
    """Street lamps every 28 m beside the carriageways, one light for all of them in memory."""
    data = bpy.data.lights.new("Laterne", "POINT")
    data.energy, data.color, data.shadow_soft_size = _POWER, (1.0, 0.80, 0.55), 0.25
    for index, (x, y, z) in enumerate(_places(site, focus).tolist()):
        thing = bpy.data.objects.new(f"Laterne {index + 1}", data)
        thing.location = (x, y, z + _HIGH)
        bpy.context.scene.collection.objects.link(thing)


def _places(site: Site, focus: FloatArray) -> FloatArray:
    """(n, 3) feet of lamps, on alternating sides of the streets."""
    if site.streets is None or site.terrain is None:
        return np.zeros((0, 3))
    found: list[Any] = []
    columns = site.streets.columns
    for line, wide, kind in zip(site.streets.geometry, columns["width"], columns["class"], strict=True):
        if kind in RAILS or line.geom_type != "LineString" or not np.isfinite(wide) or wide < 4.5:
            continue
        for number, at in enumerate(np.arange(_APART / 2, line.length, _APART)):
            here, ahead = (np.asarray(line.interpolate(one).coords[0]) for one in (at, min(at + 0.5, line.length)))
            step = ahead[:2] - here[:2]
            if np.hypot(*step) > 1e-6:
                aside = np.array([-step[1], step[0]]) / np.hypot(*step) * (wide / 2 + 0.7) * (1 if number % 2 else -1)
                found.append(here[:2] + aside)
    places = np.array(found, float).reshape(-1, 2)
    nearest = np.argsort(np.hypot(*(places - focus[:2]).T))[:LAMPS] if len(places) else np.zeros(0, int)
    places = places[nearest]
    ground = site.terrain.height_at(places) if len(places) else np.zeros(0)
    known = np.isfinite(ground)
    return np.column_stack([places[known], ground[known]])
