"""Materials of the architectural model: a quiet town in warm light greys, the variant the one thing in colour."""

from __future__ import annotations

from typing import Any

import bpy

from ..jena_city import themes
from ..jena_city.assumptions import STOREY
from ..jena_city.palette import AROUND, CROWNS, GROUND, HAZE, WALL, WATER, calmed, lightened, linear
from ..jena_city.result import Classes
from . import looks

REFERENCE = ("#7b6a8f", "#9a7b4f", "#5c7f77", "#a0645c", "#6b7683", "#84824f")  # layers of reference lines, in turn
GLASS, GAP = "#8796a1", 0.72
HAZE_GROUP = "Jena Planner Dunst"
VALUE = "value"
PHOTO = "Luftbild"
TEXTURE = "Textur"


class Tree:
    """A tree of nodes, written down one line a node."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree

    def add(self, kind: str, inputs: dict[Any, Any] | None = None, **settings: Any) -> Any:
        node = self.tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, node.inputs[key])
            else:
                node.inputs[key].default_value = value
        return node

    def math(self, operation: str, *values: Any) -> Any:
        return self.add("ShaderNodeMath", dict(enumerate(values)), operation=operation).outputs[0]

    def mix(self, factor: Any, a: Any, b: Any, blend: str = "MIX") -> Any:
        """Mix of two colours."""
        node = self.add("ShaderNodeMix", data_type="RGBA", blend_type=blend)
        for index, value in ((0, factor), (6, a), (7, b)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, node.inputs[index])
            else:
                node.inputs[index].default_value = value
        return node.outputs[2]

    def attribute(self, name: str, output: str = "Fac", of: str = "GEOMETRY") -> Any:
        return self.add("ShaderNodeAttribute", attribute_name=name, attribute_type=of).outputs[output]

    def surface(self, colour: Any, roughness: Any = 0.9, **more: Any) -> Any:
        inputs = {"Base Color": colour, "Roughness": roughness, "Specular IOR Level": 0.15, **more}
        return self.add("ShaderNodeBsdfPrincipled", inputs).outputs[0]


class Nodes(Tree):
    """A material's nodes."""

    def __init__(self, name: str, colour: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.diffuse_color = linear(colour)  # what solid shading in the viewport shows
        self.material.use_nodes = True
        self.material.cycles.emission_sampling = "NONE"  # haze and class colours glow, but light nothing
        super().__init__(self.material.node_tree)
        self.tree.nodes.clear()

    def finish(self, shader: Any) -> Any:
        """Connect to the output, behind a light haze."""
        veil = self.add("ShaderNodeGroup", {0: shader}, node_tree=_haze())
        self.add("ShaderNodeOutputMaterial", {0: veil.outputs[0]})
        return self.material


def _haze() -> Any:
    """A light haze before a shader, that begins where the scene says (properties of the world); all materials share it."""
    tree = bpy.data.node_groups.get(HAZE_GROUP)
    if tree is not None and tree.library is None:
        return tree
    tree = bpy.data.node_groups.new(HAZE_GROUP, "ShaderNodeTree")
    nodes = Tree(tree)
    for direction in ("INPUT", "OUTPUT"):
        tree.interface.new_socket("Shader", in_out=direction, socket_type="NodeSocketShader")
    start, reach, most = (nodes.attribute(name, of="VIEW_LAYER") for name in ("jena_haze_start", "jena_haze_reach", "jena_haze_most"))
    distance = nodes.add("ShaderNodeCameraData").outputs["View Distance"]
    share = nodes.math("DIVIDE", nodes.math("SUBTRACT", distance, start), nodes.math("MAXIMUM", reach, 1.0))
    clamped = nodes.math("MULTIPLY", nodes.math("MINIMUM", nodes.math("MAXIMUM", share, 0.0), 1.0), most)
    seen = nodes.math("MULTIPLY", clamped, nodes.add("ShaderNodeLightPath").outputs["Is Camera Ray"])
    haze = nodes.add("ShaderNodeEmission", {"Color": linear(HAZE), "Strength": 1.0}).outputs[0]
    shader = nodes.add("NodeGroupInput").outputs[0]
    nodes.add("NodeGroupOutput", {0: nodes.add("ShaderNodeMixShader", {0: seen, 1: shader, 2: haze}).outputs[0]})
    return tree


def plain(name: str, colour: str, *, variation: float = 0.0, roughness: float = 0.9) -> Any:
    """One colour; with `variation`, each building a little lighter or darker than its neighbour."""
    nodes = Nodes(name, colour)
    base: Any = linear(colour)
    if variation:
        noise = nodes.add("ShaderNodeTexWhiteNoise", {"W": nodes.attribute("building")}, noise_dimensions="1D").outputs["Value"]
        tone = nodes.math("ADD", nodes.math("MULTIPLY", noise, 2 * variation), 1 - variation)
        base = nodes.mix(1.0, base, nodes.add("ShaderNodeCombineColor", {0: tone, 1: tone, 2: tone}).outputs[0], "MULTIPLY")
    return nodes.finish(nodes.surface(base, roughness))


NIGHT = "jena_night"  # property of the scene: how brightly windows shine
_MOTTLED = 80.0  # metres from the eye where ground has one tone again
_BAY = 2.9  # metres between windows of buildings that the data tell no more of


def wall(name: str, colour: str, *, variation: float) -> Any:
    """Walls of the town there is: as `plain`, with a window rhythm hardly darker than the wall, some of it lit at night. It follows the
    wall's own direction and begins at the building's foot ("base"); what the data do not know is not made up louder than that."""
    nodes = Nodes(name, colour)
    noise = nodes.add("ShaderNodeTexWhiteNoise", {"W": nodes.attribute("building")}, noise_dimensions="1D").outputs["Value"]
    tone = nodes.math("ADD", nodes.math("MULTIPLY", noise, 2 * variation), 1 - variation)
    geometry = nodes.add("ShaderNodeNewGeometry").outputs
    place = nodes.add("ShaderNodeSeparateXYZ", {0: geometry["Position"]}).outputs
    normal = nodes.add("ShaderNodeSeparateXYZ", {0: geometry["True Normal"]}).outputs
    along = nodes.math("SUBTRACT", nodes.math("MULTIPLY", place[1], normal[0]), nodes.math("MULTIPLY", place[0], normal[1]))
    up = nodes.math("SUBTRACT", nodes.math("SUBTRACT", place[2], nodes.attribute("base")), 0.5)
    beside = nodes.math("COMPARE", nodes.math("FLOORED_MODULO", along, _BAY), _BAY / 2, 0.58)
    high = nodes.math("COMPARE", nodes.math("FLOORED_MODULO", up, STOREY), 1.55, 0.72)
    upright = nodes.math("LESS_THAN", nodes.math("ABSOLUTE", normal[2]), 0.2)
    window = nodes.math(
        "MULTIPLY", nodes.math("MULTIPLY", beside, high), nodes.math("MULTIPLY", upright, nodes.math("GREATER_THAN", up, 0.0))
    )
    tone = nodes.math("MULTIPLY", tone, nodes.math("SUBTRACT", 1.0, nodes.math("MULTIPLY", window, 0.13)))
    base = nodes.mix(1.0, linear(colour), nodes.add("ShaderNodeCombineColor", {0: tone, 1: tone, 2: tone}).outputs[0], "MULTIPLY")
    cell = nodes.math("ADD", nodes.math("FLOOR", nodes.math("DIVIDE", along, _BAY)), nodes.attribute("building"))
    lit = _lit(nodes, cell, nodes.math("FLOOR", nodes.math("DIVIDE", up, STOREY)), window, 0.35, 0.5)
    return nodes.finish(nodes.surface(base, 0.9, **{"Emission Color": WARM, "Emission Strength": lit}))


WARM = linear("#ffcf8a")


def _lit(nodes: Nodes, column: Any, row: Any, window: Any, share: float, strength: float) -> Any:
    """How brightly a window shines: some do, by chance of column and row, and only at night."""
    spot = nodes.add("ShaderNodeCombineXYZ", {0: column, 1: row, 2: 0.5}).outputs[0]
    chance = nodes.add("ShaderNodeTexWhiteNoise", {0: spot}, noise_dimensions="3D").outputs["Value"]
    on = nodes.math("MULTIPLY", nodes.math("LESS_THAN", chance, share), window)
    return nodes.math("MULTIPLY", nodes.math("MULTIPLY", on, strength), nodes.attribute(NIGHT, of="VIEW_LAYER"))


def ground(image: Any) -> Any:
    """Terrain, coloured by a picture of land cover and streets; near the eye a little lighter and darker by turns, as ground is."""
    nodes = Nodes("Gelände", GROUND)
    texture = nodes.add("ShaderNodeTexImage", image=image, interpolation="Linear", extension="EXTEND")
    place = nodes.add("ShaderNodeNewGeometry").outputs["Position"]
    noise = nodes.add("ShaderNodeTexNoise", {"Vector": place, "Scale": 0.9, "Detail": 5.0, "Roughness": 0.7}).outputs[0]
    away = nodes.add("ShaderNodeCameraData").outputs["View Distance"]
    near = nodes.math("MAXIMUM", nodes.math("SUBTRACT", 1.0, nodes.math("DIVIDE", away, _MOTTLED)), 0.0)
    tone = nodes.math("ADD", 1.0, nodes.math("MULTIPLY", nodes.math("SUBTRACT", noise, 0.5), nodes.math("MULTIPLY", near, 0.9)))
    grey = nodes.add("ShaderNodeCombineColor", {0: tone, 1: tone, 2: tone}).outputs[0]
    return nodes.finish(nodes.surface(nodes.mix(1.0, texture.outputs["Color"], grey, "MULTIPLY"), 0.95))


def photographed(cover: Any, photo: Any) -> Any:
    """Terrain under an orthophoto, which can be taken off: see `builder.show_photo`."""
    nodes = Nodes("Gelände Luftbild", GROUND)
    for name, image in (("Landbedeckung", cover), (PHOTO, photo)):
        texture = nodes.add("ShaderNodeTexImage", image=image, interpolation="Linear", extension="EXTEND", name=name)
    return nodes.finish(nodes.surface(texture.outputs["Color"], 0.95))


def textured(name: str, image: Any) -> Any:
    """Houses with the pictures that the data have of them, on a sheet."""
    nodes = Nodes(name, WALL)
    place = nodes.add("ShaderNodeUVMap", uv_map=looks.UV).outputs[0]
    texture = nodes.add("ShaderNodeTexImage", {0: place}, image=image, interpolation="Linear", extension="EXTEND", name=name)
    made = nodes.finish(nodes.surface(texture.outputs["Color"], 0.9))
    nodes.tree.nodes.active = texture  # what solid shading shows
    return made


def water() -> Any:
    nodes = Nodes("Wasser", WATER)
    return nodes.finish(nodes.surface(linear(WATER), 0.12, **{"Specular IOR Level": 0.5}))


def around(theme: str, name: str) -> list[Any]:
    """The materials of a theme of what is no building, one for each of its slots. name : of its object."""
    if theme == themes.WATER:
        return [bpy.data.materials.get("Wasser") or water()]
    return [plain(name if not slot else f"{name} {slot + 1}", colour) for slot, colour in enumerate(AROUND[theme])]


def crown(number: int) -> Any:
    """Foliage: light, slightly translucent, each tree a little different."""
    nodes = Nodes(f"Krone {number + 1}", CROWNS[number % len(CROWNS)])
    noise = nodes.add("ShaderNodeObjectInfo").outputs["Random"]
    tone = nodes.math("ADD", nodes.math("MULTIPLY", noise, 0.22), 0.89)
    colour = nodes.mix(
        1.0, linear(CROWNS[number % len(CROWNS)]), nodes.add("ShaderNodeCombineColor", {0: tone, 1: tone, 2: tone}).outputs[0], "MULTIPLY"
    )
    through = nodes.add("ShaderNodeBsdfTranslucent", {"Color": colour}).outputs[0]
    shader = nodes.add("ShaderNodeMixShader", {0: 0.22, 1: nodes.surface(colour, 1.0), 2: through}).outputs[0]
    return nodes.finish(shader)


def facade(name: str, colour: str, use: str, ground_floor: float, storey: float, eaves: float) -> Any:
    """Walls of a variant's block: its accent lightened, storeys as fine shadow gaps, windows as a quiet rhythm by use.

    The UV map holds metres along the wall and metres above the floor of the ground floor. eaves : height of the storeys, metres.
    """
    nodes = Nodes(name, lightened(colour, 0.45))
    uv = nodes.add("ShaderNodeUVMap", uv_map="facade").outputs[0]
    split = nodes.add("ShaderNodeSeparateXYZ", {0: uv}).outputs
    along, up = split[0], split[1]
    above = nodes.math("SUBTRACT", up, ground_floor)
    upper = nodes.math("GREATER_THAN", above, 0.0)
    in_storey = nodes.math("FLOORED_MODULO", above, storey)
    below_eaves = nodes.math("LESS_THAN", up, eaves - 0.25)
    gap_upper = nodes.math("MULTIPLY", nodes.math("LESS_THAN", in_storey, 0.09), nodes.math("GREATER_THAN", above, -0.01))
    gap = nodes.math("MULTIPLY", gap_upper, nodes.math("LESS_THAN", up, eaves + 0.05))

    office, shop = use in ("büro", "gewerbe", "kita", "schule"), use in ("mischnutzung", "büro", "gewerbe", "einzelhandel")
    bay, window, sill, lintel = (2.7, 2.1, 0.85, storey - 0.45) if office else (2.9, 1.25, 0.8, min(storey - 0.55, 2.45))
    in_bay = nodes.math("FLOORED_MODULO", along, bay)
    beside = nodes.math("COMPARE", in_bay, bay / 2, window / 2)
    high = nodes.math("COMPARE", in_storey, (sill + lintel) / 2, (lintel - sill) / 2)
    windows = nodes.math("MULTIPLY", nodes.math("MULTIPLY", beside, high), nodes.math("MULTIPLY", upper, below_eaves))
    if shop:
        front = nodes.math("COMPARE", nodes.math("FLOORED_MODULO", along, 4.2), 2.1, 1.75)
        base_high = nodes.math("COMPARE", up, ground_floor / 2 - 0.15, ground_floor / 2 - 0.45)
    else:
        front, base_high = beside, nodes.math("COMPARE", up, (sill + lintel) / 2 + 0.1, (lintel - sill) / 2)
    base_windows = nodes.math("MULTIPLY", nodes.math("MULTIPLY", front, base_high), nodes.math("SUBTRACT", 1.0, upper))
    glass = nodes.math("MINIMUM", nodes.math("ADD", windows, base_windows), 1.0)

    wall = linear(calmed(lightened(colour, 0.66), 0.28))
    dark = tuple(part * GAP for part in wall[:3]) + (1.0,)
    tone = nodes.mix(glass, nodes.mix(gap, wall, dark), linear(GLASS))
    rough = nodes.math("SUBTRACT", 0.85, nodes.math("MULTIPLY", glass, 0.65))
    column = nodes.math("ADD", nodes.math("FLOOR", nodes.math("DIVIDE", along, bay)), nodes.add("ShaderNodeObjectInfo").outputs["Random"])
    lit = _lit(nodes, column, nodes.math("FLOOR", nodes.math("DIVIDE", above, storey)), glass, 0.6, 1.0)
    return nodes.finish(nodes.surface(tone, rough, **{"Specular IOR Level": 0.4, "Emission Color": WARM, "Emission Strength": lit}))


def paper(name: str, colour: str) -> Any:
    """For maps: one colour with soft shading from the sky alone, and no light, so that nothing casts colour on values."""
    nodes = Nodes(name, colour)
    around = nodes.add("ShaderNodeAmbientOcclusion", {"Distance": 25.0}, samples=8)
    soft = nodes.math("ADD", nodes.math("MULTIPLY", around.outputs["AO"], 0.45), 0.55)
    normal = nodes.add("ShaderNodeSeparateXYZ", {0: nodes.add("ShaderNodeNewGeometry").outputs["Normal"]}).outputs
    side = nodes.math("ADD", nodes.math("MULTIPLY", normal[0], 0.05), nodes.math("MULTIPLY", normal[1], -0.03))
    light = nodes.math("ADD", nodes.math("MULTIPLY", soft, nodes.math("ADD", nodes.math("MULTIPLY", normal[2], 0.10), 0.90)), side)
    nodes.add("ShaderNodeOutputMaterial", {0: nodes.add("ShaderNodeEmission", {"Color": linear(colour), "Strength": light}).outputs[0]})
    return nodes.material


def flat(name: str, colour: str) -> Any:
    """A colour that stays what it is: no light, no shade."""
    nodes = Nodes(name, colour)
    nodes.add("ShaderNodeOutputMaterial", {0: nodes.add("ShaderNodeEmission", {"Color": linear(colour), "Strength": 1.0}).outputs[0]})
    return nodes.material


def classes(scale: Classes) -> list[Any]:
    """A material for each class, whose colour comes out of a picture exactly as in the legend; shared by all results."""
    return [bpy.data.materials.get(f"Klasse {colour}") or flat(f"Klasse {colour}", colour) for colour in scale.colours]
