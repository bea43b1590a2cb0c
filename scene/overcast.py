"""A sky of clouds: no sun, light from all sides, more from above."""

from __future__ import annotations

import bpy

from . import materials
from .render import only_one

_ZENITH = 1.7  # brightness straight above, for the same exposure as in the sun
_SEEN, _EVEN = 0.95, 0.75  # the sky that a lens sees, which is set for the town: straight above, and the share of it at the horizon
_COLOUR = (0.93, 0.965, 1.0, 1.0)


def place() -> None:
    """Light a scene with the CIE overcast sky (ISO 15469, its traditional form): three times as bright above as at the horizon."""
    lamp = bpy.data.lights.new("Sonne", "SUN")
    lamp.energy = 0.0
    only_one("Sonne", lamp)
    world = bpy.data.worlds.new("Himmel")
    world.use_nodes = True
    nodes = materials.Tree(world.node_tree)
    nodes.tree.nodes.clear()
    up = nodes.add("ShaderNodeSeparateXYZ", {0: nodes.add("ShaderNodeTexCoord").outputs["Generated"]}).outputs[2]
    share = nodes.math("DIVIDE", nodes.math("ADD", 1.0, nodes.math("MULTIPLY", 2.0, nodes.math("MAXIMUM", up, 0.0))), 3.0)
    looked_at = nodes.add("ShaderNodeLightPath").outputs["Is Camera Ray"]
    seen = nodes.math("MULTIPLY", nodes.math("ADD", _EVEN, nodes.math("MULTIPLY", share, 1 - _EVEN)), _SEEN)
    strength = nodes.add("ShaderNodeMix", {0: looked_at, 2: nodes.math("MULTIPLY", share, _ZENITH), 3: seen}).outputs[0]
    back = nodes.add("ShaderNodeBackground", {0: _COLOUR, 1: strength})
    nodes.add("ShaderNodeOutputWorld", {0: back.outputs[0]})
    world.cycles.sampling_method = "NONE"
    bpy.context.scene.world = world
