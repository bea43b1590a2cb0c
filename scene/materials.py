"""Materials of the architectural model: a quiet town in warm light greys, the variant the one thing in colour."""

from __future__ import annotations

from typing import Any

import bpy

from ..jena_city import themes
from ..jena_city.assumptions import STOREY
from ..jena_city.palette import AROUND, GROUND, HAZE, WALL, WATER, calmed, lightened, linear
from ..jena_city.result import Classes
from . import looks, tree_forms

REFERENCE = ("#7b6a8f", "#9a7b4f", "#5c7f77", "#a0645c", "#6b7683", "#84824f")  # layers of reference lines, in turn
GLASS, FRAMES, CURTAINS, GAP = "#66747f", "#f1eeea", "#b4b7b5", 0.72
HAZE_GROUP = "Jena Planner Dunst"
VALUE = "value"
PHOTO = "Luftbild"
_FOLIAGE = "Laub"  # the node with a crown's colour
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

    def matt(self, colour: Any) -> Any:
        """What scatters light evenly, as card and plaster do: half the work of a surface that may shine."""
        return self.add("ShaderNodeBsdfDiffuse", {"Color": colour}).outputs[0]

    def shining(self, colour: Any, roughness: float, level: float) -> Any:
        return self.add("ShaderNodeBsdfPrincipled", {"Base Color": colour, "Roughness": roughness, "Specular IOR Level": level}).outputs[0]

    def either(self, factor: Any, first: Any, second: Any) -> Any:
        """The first shader where the factor is 0, the second where it is 1: of what is not seen nothing is reckoned."""
        return self.add("ShaderNodeMixShader", {0: factor, 1: first, 2: second}).outputs[0]

    def lit(self, shader: Any, colour: Any, strength: Any) -> Any:
        """A shader that shines by itself, too."""
        glow = self.add("ShaderNodeEmission", {"Color": colour, "Strength": strength}).outputs[0]
        return self.add("ShaderNodeAddShader", {0: shader, 1: glow}).outputs[0]

    def scaled(self, colour: Any, tone: Any) -> Any:
        """A colour made lighter or darker."""
        grey = self.add("ShaderNodeCombineColor", {0: tone, 1: tone, 2: tone}).outputs[0]
        return self.mix(1.0, colour, grey, "MULTIPLY")

    def chance(self, *values: Any) -> Any:
        """A number from 0 to 1 that is the same for the same values."""
        spot = self.add("ShaderNodeCombineXYZ", dict(enumerate(values))).outputs[0]
        return self.add("ShaderNodeTexWhiteNoise", {"Vector": spot}, noise_dimensions="3D").outputs["Value"]


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


def plain(name: str, colour: str, *, variation: float = 0.0) -> Any:
    """One colour; with `variation`, each building a little lighter or darker than its neighbour."""
    nodes = Nodes(name, colour)
    return nodes.finish(nodes.matt(nodes.scaled(linear(colour), _tone(nodes, variation)) if variation else linear(colour)))


def _tone(nodes: Nodes, variation: float) -> Any:
    """How light a building is beside its neighbours."""
    return nodes.math("ADD", nodes.math("MULTIPLY", nodes.chance(nodes.attribute("building")), 2 * variation), 1 - variation)


NIGHT = "jena_night"  # property of the scene: how brightly windows shine
_MOTTLED = 80.0  # metres from the eye where ground has one tone again
_BAY = 2.9  # metres between windows of buildings that the data tell no more of
_WINDOWS = 0.13  # share by which their windows are darker than their walls
WARM = linear("#ffcf8a")


def wall(name: str, colour: str, *, variation: float) -> Any:
    """Walls of the town there is: as `plain`, with a window rhythm hardly darker than the wall, some of it lit at night. It follows the
    wall's own direction and begins at the building's foot ("base"); what the data do not know is not made up louder than that."""
    nodes = Nodes(name, colour)
    tone = _tone(nodes, variation)
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
    seen = nodes.scaled(linear(colour), nodes.math("MULTIPLY", tone, nodes.math("SUBTRACT", 1.0, nodes.math("MULTIPLY", window, _WINDOWS))))
    column = nodes.math("ADD", nodes.math("FLOOR", nodes.math("DIVIDE", along, _BAY)), nodes.attribute("building"))
    bright = _bright(nodes, column, nodes.math("FLOOR", nodes.math("DIVIDE", up, STOREY)), window, 0.35, 0.5)
    around = nodes.matt(nodes.scaled(linear(colour), nodes.math("MULTIPLY", tone, 1 - _WINDOWS / 5)))
    return nodes.finish(nodes.either(_only_lights(nodes), nodes.lit(nodes.matt(seen), WARM, bright), around))


def _only_lights(nodes: Tree) -> Any:
    """1 where light goes on from one surface to another: nobody sees there what patterns a wall has."""
    return nodes.add("ShaderNodeLightPath").outputs["Is Diffuse Ray"]


def _bright(nodes: Tree, column: Any, row: Any, window: Any, share: float, strength: float) -> Any:
    """How brightly a window shines: some do, by chance of column and row, and only at night."""
    on = nodes.math("MULTIPLY", nodes.math("LESS_THAN", nodes.chance(column, row, 0.5), share), window)
    return nodes.math("MULTIPLY", nodes.math("MULTIPLY", on, strength), nodes.attribute(NIGHT, of="VIEW_LAYER"))


def ground(image: Any) -> Any:
    """Terrain, coloured by a picture of land cover and streets; near the eye a little lighter and darker by turns, as ground is."""
    nodes = Nodes("Gelände", GROUND)
    cover = nodes.add("ShaderNodeTexImage", image=image, interpolation="Linear", extension="EXTEND").outputs["Color"]
    place = nodes.add("ShaderNodeNewGeometry").outputs["Position"]
    wide, fine = (
        nodes.add("ShaderNodeTexNoise", {"Vector": place, "Scale": scale, "Detail": 3.0, "Roughness": 0.7}).outputs[0]
        for scale in (0.9, 14.0)
    )
    away = nodes.add("ShaderNodeCameraData").outputs["View Distance"]
    near = [
        nodes.math("MAXIMUM", nodes.math("SUBTRACT", 1.0, nodes.math("DIVIDE", away, reach)), 0.0) for reach in (_MOTTLED, _MOTTLED / 2)
    ]
    tone: Any = 1.0
    for noise, share, strength in zip((wide, fine), near, (0.55, 0.9), strict=True):
        tone = nodes.math("ADD", tone, nodes.math("MULTIPLY", nodes.math("SUBTRACT", noise, 0.5), nodes.math("MULTIPLY", share, strength)))
    seen = nodes.math("MULTIPLY", nodes.math("GREATER_THAN", near[0], 0.0), nodes.add("ShaderNodeLightPath").outputs["Is Camera Ray"])
    return nodes.finish(nodes.either(seen, nodes.matt(cover), nodes.matt(nodes.scaled(cover, tone))))


def photographed(cover: Any, photo: Any) -> Any:
    """Terrain under an orthophoto, which can be taken off: see `builder.show_photo`."""
    nodes = Nodes("Gelände Luftbild", GROUND)
    for name, image in (("Landbedeckung", cover), (PHOTO, photo)):
        texture = nodes.add("ShaderNodeTexImage", image=image, interpolation="Linear", extension="EXTEND", name=name)
    return nodes.finish(nodes.matt(texture.outputs["Color"]))


def textured(name: str, image: Any) -> Any:
    """Houses with the pictures that the data have of them, on a sheet."""
    nodes = Nodes(name, WALL)
    place = nodes.add("ShaderNodeUVMap", uv_map=looks.UV).outputs[0]
    texture = nodes.add("ShaderNodeTexImage", {0: place}, image=image, interpolation="Linear", extension="EXTEND", name=name)
    made = nodes.finish(nodes.matt(texture.outputs["Color"]))
    nodes.tree.nodes.active = texture  # what solid shading shows
    return made


def water() -> Any:
    nodes = Nodes("Wasser", WATER)
    return nodes.finish(nodes.shining(linear(WATER), 0.06, 0.5))


def around(theme: str, name: str) -> list[Any]:
    """The materials of a theme of what is no building, one for each of its slots. name : of its object."""
    if theme == themes.WATER:
        return [bpy.data.materials.get("Wasser") or water()]
    return [plain(name if not slot else f"{name} {slot + 1}", colour) for slot, colour in enumerate(AROUND[theme])]


def crown(number: int, colour: str) -> Any:
    """Foliage: light, slightly translucent, each tree and each leaf a little different ("tone" of the faces)."""
    nodes = Nodes(f"Krone {number + 1}", colour)
    tone = nodes.math("ADD", nodes.math("MULTIPLY", nodes.add("ShaderNodeObjectInfo").outputs["Random"], 0.22), 0.89)
    own = nodes.add("ShaderNodeRGB", name=_FOLIAGE).outputs[0]
    own.default_value = linear(colour)
    leaf = nodes.scaled(own, nodes.math("MULTIPLY", tone, nodes.attribute(tree_forms.TONE)))
    through = nodes.add("ShaderNodeBsdfTranslucent", {"Color": leaf}).outputs[0]
    return nodes.finish(nodes.either(0.3, nodes.matt(leaf), through))


def colour_crown(material: Any, colour: str) -> None:
    """Give foliage another colour, for a season."""
    material.diffuse_color = linear(colour)
    material.node_tree.nodes[_FOLIAGE].outputs[0].default_value = linear(colour)


FRAME, _MULLION = 0.07, 0.035  # metres of a window's frame, and half of one in its middle
_LINTEL = 0.18  # metres below the lintel that lie in its shadow


def facade(name: str, colour: str, use: str, ground_floor: float, storey: float, eaves: float) -> Any:
    """Walls of a variant's block: its accent lightened, storeys as fine shadow gaps, windows with frames as a quiet rhythm by use.

    The UV map holds metres along the wall and metres above the floor of the ground floor. eaves : height of the storeys, metres.
    """
    nodes = Nodes(name, lightened(colour, 0.45))
    office, shop = use in ("büro", "gewerbe", "kita", "schule"), use in ("mischnutzung", "büro", "gewerbe", "einzelhandel")
    given = {"Wall": linear(calmed(lightened(colour, 0.66), 0.28)), "Ground floor": ground_floor, "Storey": storey, "Eaves": eaves}
    return nodes.finish(nodes.add("ShaderNodeGroup", given, node_tree=_rhythm(office, shop)).outputs[0])


def _rhythm(office: bool, shop: bool) -> Any:
    """Storeys and windows of a kind of use; all façades of that kind share it, for to make its nodes takes time."""
    name = f"Jena Planner Fassade{' Büro' if office else ''}{' Laden' if shop else ''}"
    tree = bpy.data.node_groups.get(name)
    if tree is not None and tree.library is None:
        return tree
    tree = bpy.data.node_groups.new(name, "ShaderNodeTree")
    nodes = Tree(tree)
    math = nodes.math
    tree.interface.new_socket("Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
    for socket, kind in (("Wall", "Color"), ("Ground floor", "Float"), ("Storey", "Float"), ("Eaves", "Float")):
        tree.interface.new_socket(socket, in_out="INPUT", socket_type=f"NodeSocket{kind}")
    given = nodes.add("NodeGroupInput").outputs
    wall, ground_floor, storey, eaves = (given[socket] for socket in ("Wall", "Ground floor", "Storey", "Eaves"))

    split = nodes.add("ShaderNodeSeparateXYZ", {0: nodes.add("ShaderNodeUVMap", uv_map="facade").outputs[0]}).outputs
    along, up = split[0], split[1]
    above = math("SUBTRACT", up, ground_floor)
    upper = math("GREATER_THAN", above, 0.0)
    in_storey = math("FLOORED_MODULO", above, storey)
    gap = math("MULTIPLY", math("LESS_THAN", in_storey, 0.09), math("GREATER_THAN", above, -0.01))
    gap = math("MULTIPLY", gap, math("LESS_THAN", up, math("ADD", eaves, 0.05)))

    bay, window, sill = (2.7, 2.1, 0.85) if office else (2.9, 1.25, 0.8)
    lintel = math("SUBTRACT", storey, 0.45) if office else math("MINIMUM", math("SUBTRACT", storey, 0.55), 2.45)
    own = (4.2, 3.5, 0.3, math("SUBTRACT", ground_floor, 0.6)) if shop else (bay, window, sill + 0.1, math("ADD", lintel, 0.1))

    def inwards(bay: float, window: float, sill: float, lintel: Any, height: Any) -> tuple[Any, Any, Any, Any]:
        """Metres from a window's middle, from its nearest side, above its sill, and below its lintel; negative outside."""
        beside = math("ABSOLUTE", math("SUBTRACT", math("FLOORED_MODULO", along, bay), bay / 2))
        return beside, math("SUBTRACT", window / 2, beside), math("SUBTRACT", height, sill), math("SUBTRACT", lintel, height)

    middle, side, foot, head = (
        nodes.add("ShaderNodeMix", {0: upper, 2: low, 3: high}).outputs[0]
        for low, high in zip(inwards(*own, up), inwards(bay, window, sill, lintel, in_storey), strict=True)
    )
    inside = math("MINIMUM", side, math("MINIMUM", foot, head))
    below_eaves = math("LESS_THAN", up, math("SUBTRACT", eaves, 0.25))
    opening = math("MULTIPLY", math("GREATER_THAN", inside, 0.0), below_eaves)
    pane = math("MULTIPLY", math("GREATER_THAN", inside, FRAME), math("GREATER_THAN", middle, _MULLION))
    glass = math("MULTIPLY", pane, below_eaves)

    solid = nodes.mix(opening, nodes.mix(gap, wall, nodes.scaled(wall, GAP)), linear(FRAMES))
    column = math("ADD", math("FLOOR", math("DIVIDE", along, bay)), nodes.add("ShaderNodeObjectInfo").outputs["Random"])
    row = math("FLOOR", math("DIVIDE", above, storey))
    drawn = math("POWER", nodes.chance(column, row, 0.1), 4.0)  # few have light curtains
    shade = math("SUBTRACT", 1.0, math("MULTIPLY", math("LESS_THAN", head, FRAME + _LINTEL), 0.45))
    behind = nodes.shining(nodes.scaled(nodes.mix(drawn, linear(GLASS), linear(CURTAINS)), shade), 0.08, 0.5)
    bright = _bright(nodes, column, row, glass, 0.6, 1.0)
    seen = nodes.either(glass, nodes.matt(solid), nodes.lit(behind, WARM, bright))
    around = nodes.matt(nodes.scaled(wall, 0.85))
    nodes.add("NodeGroupOutput", {0: nodes.either(_only_lights(nodes), seen, around)})
    return tree


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
