"""All properties that panels edit. Those of blocks and variants hold nothing themselves: they read and write the note on the object
(see `notes`), so that there is one truth and undo knows it."""

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, get_args
from zlib import crc32

import bpy
import shapely
from bpy.props import BoolProperty, EnumProperty, FloatProperty, FloatVectorProperty, IntProperty, PointerProperty, StringProperty

from .. import render_presets
from ..analyses.registry import REGISTRY
from ..analyses.settings import Settings, meanings
from ..jena_city import palette
from ..jena_city.problems import InputProblem
from ..jena_city.roofs import long_axis
from ..jena_city.variant import NULL_VARIANT, BaseRule, CountsAs, Roof, RoofKind, VariantStatus, uses_below
from . import builder, handlers, notes, sun_view, sync

SUGGESTED_PITCH, SUGGESTED_STEEP = 35.0, 70.0  # degrees; the lower part of a mansard roof is steep
USES = {
    "wohnen": "Housing",
    "mischnutzung": "Mixed use",
    "büro": "Offices",
    "gewerbe": "Trade and industry",
    "einzelhandel": "Retail",
    "kita": "Day care centre",
    "schule": "School",
    "tiefgarage": "Underground car park",
}
PAPERS = [("fit", "As it fits", "The smallest that holds it"), *((one, one, "") for one in ("A4", "A3", "A2", "A1", "A0"))]
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def _of(owner: Any, name: str, default: Any) -> Any:
    try:
        return (notes.get(owner) or {}).get(name, default)
    except InputProblem:  # of a newer program: the panel says so
        return default


def _plain(name: str, default: Any) -> dict[str, Any]:
    """Getter and setter of a property that is an entry of the note."""
    return {"get": lambda self: _of(self.id_data, name, default), "set": lambda self, value: notes.put(self.id_data, **{name: value})}


def _roof(name: str, default: Any) -> dict[str, Any]:
    def put(self: Any, value: Any) -> None:
        sync.change(self.id_data, roof=Roof(**{**_of(self.id_data, "roof", {}), name: value}))

    return {"get": lambda self: _of(self.id_data, "roof", {}).get(name, default), "set": put}


def _angle(name: str, default: float) -> dict[str, Any]:
    """Getter and setter of an angle of the roof: degrees in the note, in Blender radians in single precision."""
    plain = _roof(name, default)

    def get(self: Any) -> float:
        degrees = plain["get"](self)
        return math.radians(default if degrees is None else degrees)

    return {"get": get, "set": lambda self, value: plain["set"](self, round(math.degrees(value), 3))}


def _set_turned(self: Any, value: bool) -> None:
    thing = self.id_data
    along = long_axis(shapely.Polygon(_of(thing, "footprint", [])[0]))
    across = _of(thing, "roof", {}).get("kind") == "shed"
    ridge = round((along + 90.0 * across) % 360.0, 3) if value else None
    sync.change(thing, roof=Roof(**{**_of(thing, "roof", {}), "ridge": ridge}))


def _get_kind(self: Any) -> int:
    return get_args(RoofKind).index(_of(self.id_data, "roof", {}).get("kind", "flat"))


def _set_kind(self: Any, value: int) -> None:
    kind = get_args(RoofKind)[value]
    roof = Roof(**_of(self.id_data, "roof", {}))
    if kind == "flat":
        pitch = 0.0
    elif (kind == "mansard") != (roof.kind == "mansard"):
        pitch = SUGGESTED_STEEP if kind == "mansard" else SUGGESTED_PITCH
    else:
        pitch = roof.pitch or SUGGESTED_PITCH
    sync.change(self.id_data, roof=replace(roof, kind=kind, pitch=pitch, parapet=roof.parapet if kind == "flat" else 0.0))


def _get_use(self: Any) -> int:
    use = _of(self.id_data, "use", "wohnen")
    return list(USES).index(use) if use in USES else len(USES)


def _set_use(self: Any, value: int) -> None:
    if value < len(USES):
        thing, use = self.id_data, list(USES)[value]
        uses = uses_below(_of(thing, "storey_uses", []), _of(thing, "use", "wohnen"), use)
        sync.change(thing, use=use, storey_uses=list(uses))


def _uses(self: Any, _context: Any) -> list[Any]:
    """Those we know, and the one that came with the file."""
    _USE_ITEMS[:] = use_items([_of(self.id_data, "use", "wohnen")])
    return _USE_ITEMS


def use_items(own: Iterable[str]) -> list[Any]:
    """Choices of a use: those we know, and others of one's own."""
    return [(use, use_words(use), "") for use in dict.fromkeys((*USES, *own))]


def use_words(use: str) -> str:
    """What a use is called."""
    return USES.get(use, use.capitalize())


_USE_ITEMS: list[Any] = []  # Blender keeps no reference to the words of a list made in a function


def _set_free_base(self: Any, value: bool) -> None:
    thing = self.id_data
    sync.change(thing, base=round(float(thing.location.z), 3) if value else None)


class JenaBlock(bpy.types.PropertyGroup):
    """A Baukörper's parameters."""

    label: StringProperty(name="Name", description="Name of the block, shown in lists and captions", **_plain("name", ""))
    storeys: IntProperty(
        name="Storeys",
        description="Full storeys above the ground; 0: it is below ground alone",
        min=0,
        max=200,
        soft_max=20,
        **_plain("storeys", 1),
    )
    ground_floor_height: FloatProperty(
        name="Ground floor",
        description="Height of the ground floor, floor to floor",
        min=1.5,
        max=30,
        unit="LENGTH",
        **_plain("ground_floor_height", 3.5),
    )
    storey_height: FloatProperty(
        name="Storey",
        description="Height of each upper storey, floor to floor",
        min=1.5,
        max=30,
        unit="LENGTH",
        **_plain("storey_height", 3.0),
    )
    use: EnumProperty(
        name="Main use",
        description="Use of all storeys that have none of their own; it decides the rhythm of the windows",
        items=_uses,
        get=_get_use,
        set=_set_use,
    )
    roof: EnumProperty(
        name="Roof",
        items=[
            ("flat", "Flat", "Flat roof, with a parapet where it has a height"),
            ("gable", "Gable", "Two slopes to a ridge"),
            ("hip", "Hip", "Slopes on all sides"),
            ("half-hip", "Half-hip", "Two slopes to a ridge, and small ones over the gables"),
            ("shed", "Shed", "One slope"),
            ("mansard", "Mansard", "Slopes on all sides, steep ones below and flat ones above"),
        ],
        get=_get_kind,
        set=_set_kind,
    )
    slope: FloatProperty(
        name="Pitch", description="Slope of the roof", subtype="ANGLE", min=0, max=math.radians(85), step=100, **_angle("pitch", 0.0)
    )
    upper_slope: FloatProperty(
        name="Upper pitch",
        description="Slope of the upper part of a mansard roof",
        subtype="ANGLE",
        min=0,
        max=math.radians(75),
        step=100,
        **_angle("upper_pitch", 30.0),
    )
    has_ridge: BoolProperty(
        name="Direction of its own",
        description="Ridge in a direction of its own (shed roof: the direction in which it falls); otherwise the outline decides",
        get=lambda self: _of(self.id_data, "roof", {}).get("ridge") is not None,
        set=_set_turned,
    )
    ridge: FloatProperty(
        name="Ridge towards",
        description="Direction from grid north, clockwise",
        subtype="ANGLE",
        min=0,
        max=math.radians(360),
        step=100,
        **_angle("ridge", 0.0),
    )
    parapet: FloatProperty(
        name="Parapet", description="Height of the parapet above the flat roof", min=0, max=5, unit="LENGTH", **_roof("parapet", 0.0)
    )
    plinth: FloatProperty(
        name="Plinth",
        description="From where the block stands up to its ground floor",
        min=0,
        max=5,
        unit="LENGTH",
        **_plain("plinth", 0.0),
    )
    knee: FloatProperty(
        name="Knee wall",
        description="Wall between the ceiling of the top storey and the eaves of a pitched roof",
        min=0,
        max=5,
        unit="LENGTH",
        **_plain("knee", 0.0),
    )
    set_back: FloatProperty(
        name="Set-back top storey",
        description="How far the walls of the top storey stand back, all of them alike; the button beside it asks for each side",
        min=0,
        max=100,
        soft_max=5,
        unit="LENGTH",
        get=lambda self: max(_of(self.id_data, "set_backs", None) or [_of(self.id_data, "set_back", 0.0)]),
        set=lambda self, value: sync.change(self.id_data, set_back=value, set_backs=[]),
    )
    underground: IntProperty(
        name="Storeys below ground",
        description="As wide as the footprint, such as an underground car park",
        min=0,
        max=20,
        **_plain("underground", 0),
    )
    underground_height: FloatProperty(
        name="Height below ground",
        description="Height of each storey below ground, floor to floor",
        min=1.5,
        max=30,
        unit="LENGTH",
        **_plain("underground_height", 3.0),
    )
    has_base: BoolProperty(
        name="Height of its own",
        description="The ground floor stays at a height of its own; otherwise it follows the lowest ground under the block",
        get=lambda self: _of(self.id_data, "base", None) is not None,
        set=_set_free_base,
    )
    base: FloatProperty(
        name="Ground floor level",
        description="Height of the ground floor in the project's height system",
        unit="LENGTH",
        get=lambda self: self.id_data.location.z if _of(self.id_data, "base", None) is None else _of(self.id_data, "base", 0.0),
        set=lambda self, value: sync.change(self.id_data, base=value),
    )
    base_rule: EnumProperty(
        name="Stands on",
        items=[
            ("lowest", "Lowest ground", "The lowest ground along and under the block"),
            ("mean", "Mean ground", "The mean of the ground along its outline"),
            ("highest", "Highest ground", "The highest ground along its outline"),
        ],
        get=lambda self: get_args(BaseRule).index(_of(self.id_data, "base_rule", "lowest")),
        set=lambda self, value: sync.change(self.id_data, base_rule=get_args(BaseRule)[value]),
    )
    has_reference: BoolProperty(
        name="Bezugspunkt of its own",
        description="Heights are stated from a point of their own (§ 18 BauNVO), such as the pavement, not from where the block stands",
        get=lambda self: _of(self.id_data, "reference", None) is not None,
        set=lambda self, value: sync.change(self.id_data, reference=round(float(self.id_data.location.z), 2) if value else None),
    )
    reference: FloatProperty(
        name="Bezugspunkt",
        description="Height of the Bezugspunkt in the project's height system",
        unit="LENGTH",
        get=lambda self: _of(self.id_data, "reference", None) or 0.0,
        set=lambda self, value: sync.change(self.id_data, reference=value),
    )
    counts_as: EnumProperty(
        name="Counts as",
        items=[
            ("hauptanlage", "Main building", "In the GRZ of main buildings and in the GFZ"),
            ("nebenanlage", "Nebenanlage", "§ 14 BauNVO: in the GRZ in total alone"),
            ("garage", "Garage or parking", "In the GRZ in total alone"),
            ("unterbau", "Below ground", "Wholly below ground, such as a Tiefgarage: in the GRZ in total alone"),
        ],
        get=lambda self: get_args(CountsAs).index(_of(self.id_data, "counts_as", "hauptanlage")),
        set=lambda self, value: sync.change(self.id_data, counts_as=get_args(CountsAs)[value]),
    )
    attic_used: BoolProperty(
        name="Rooms in the attic",
        description="There are Aufenthaltsräume in the attic",
        get=lambda self: bool(_of(self.id_data, "attic_used", False)),
        set=lambda self, value: sync.change(self.id_data, attic_used=value),
    )
    knows_dwellings: BoolProperty(
        name="Dwellings are known",
        description="Their number is typed; otherwise the floor area gives it",
        get=lambda self: _of(self.id_data, "dwellings", None) is not None,
        set=lambda self, value: sync.change(self.id_data, dwellings=1 if value else None),
    )
    dwellings: IntProperty(
        name="Dwellings",
        description="Number of dwellings",
        min=0,
        max=5000,
        get=lambda self: _of(self.id_data, "dwellings", None) or 0,
        set=lambda self, value: sync.change(self.id_data, dwellings=value),
    )


def _get_colour(self: Any) -> tuple[float, ...]:
    return palette.linear(_of(self.id_data, "colour", "#0072B2"))[:3]


def _set_colour(self: Any, value: Any) -> None:
    parts = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in value]
    notes.put(self.id_data, colour="#" + "".join(f"{round(255 * min(max(part, 0.0), 1.0)):02X}" for part in parts))


def _set_name(self: Any, value: str) -> None:
    if value.strip():
        notes.put(self.id_data, name=value.strip())
        self.id_data.name = f"Variante: {value.strip()}"


class JenaVariant(bpy.types.PropertyGroup):
    """What stands on a variant's collection."""

    label: StringProperty(
        name="Name",
        description="Name of the variant, as pictures and the list show it",
        get=lambda self: _of(self.id_data, "name", ""),
        set=_set_name,
    )
    colour: FloatVectorProperty(
        name="Colour", description="Colour of the variant's blocks", subtype="COLOR", size=3, min=0, max=1, get=_get_colour, set=_set_colour
    )
    status: EnumProperty(
        name="Status",
        items=[
            ("entwurf", "Draft", "Still being worked on"),
            ("intern", "Internal", "For the office alone"),
            ("öffentlich", "Public", "May be shown"),
            ("beschlossen", "Adopted", "Decided"),
        ],
        get=lambda self: get_args(VariantStatus).index(_of(self.id_data, "status", "entwurf")),
        set=lambda self, value: notes.put(self.id_data, status=get_args(VariantStatus)[value]),
    )
    locked: BoolProperty(
        name="Locked",
        description="Nothing of a locked variant can be changed by mistake; this opens and closes the lock",
        get=lambda self: bool(_of(self.id_data, "locked", False)),
        set=lambda self, value: notes.put(self.id_data, locked=value),
    )
    author: StringProperty(name="Drawn up by", **_plain("author", ""))
    description: StringProperty(name="Description", **_plain("description", ""))


def iso_date(self: Any, _context: Any) -> None:
    """A date typed as 21.03.2025 becomes 2025-03-21, as project files have it; anything else stays as it was typed."""
    if found := _DAY.fullmatch(self.date.strip()):
        self.date = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"


def _sun_changed(self: Any, context: Any) -> None:
    iso_date(self, context)
    sun_view.apply(self.id_data)


def _preset_items(_self: Any, _context: Any) -> list[Any]:
    return _listed_presets(tuple((name, preset.title, preset.description) for name, preset in render_presets.listed().presets.items()))


@lru_cache(maxsize=4)
def _listed_presets(presets: tuple[tuple[str, str, str], ...]) -> list[Any]:
    """Items of presets (name, title, description). A .blend keeps an item's number: of ours their place, of the user's made of the name.
    Remembered, as Blender does not keep the words itself."""
    places = {name: number for number, name in enumerate(render_presets.BUILT_IN)}
    return [
        (name, name.capitalize() if name in places else title, description, "", places.get(name, 1000 + crc32(name.encode()) % 2**30))
        for name, title, description in presets
    ]


def _compared_items(self: Any, _context: Any) -> list[Any]:
    named = [(note["id"], note["name"], "") for one in sync.collections(self.id_data) if (note := notes.get(one)) is not None]
    items = [("none", "–", ""), (NULL_VARIANT.id, NULL_VARIANT.name, ""), *named]
    if items != _COMPARED:
        _COMPARED[:] = items
    return _COMPARED


_COMPARED: list[Any] = []
"""Blender does not keep the words of such a list alive."""


def _get_compared(self: Any) -> int:
    names = [one[0] for one in _compared_items(self, None)]
    name = _of(self.id_data, "compared_with", "none")
    return names.index(name) if name in names else 0


def _set_project_name(self: Any, value: str) -> None:
    if value.strip():
        notes.put(self.id_data, name=value.strip())


class JenaScene(bpy.types.PropertyGroup):
    """What the panels keep with the scene."""

    project_name: StringProperty(
        name="Name",
        description="Name of the project; saving writes it to project.toml",
        get=lambda self: _of(self.id_data, "name", ""),
        set=_set_project_name,
    )
    licence: StringProperty(
        name="Licence",
        description="Who gave the data and under which licence: the line that stands under every picture; saving writes it to project.toml",
        get=lambda self: _of(self.id_data, "source", ""),
        set=lambda self, value: notes.put(self.id_data, source=value.strip()),
    )

    show_photo: BoolProperty(
        name="Orthophoto",
        description="The orthophoto on the ground; without it land cover. Pictures go by their preset",
        default=True,
        update=lambda self, _context: builder.show_photo(self.id_data, self.show_photo),
    )
    show_looks: BoolProperty(
        name="Textures",
        description="The colours and textures that the data give the houses; without them the quiet walls and roofs of a model",
        default=True,
        update=lambda self, _context: builder.show_looks(self.id_data, self.show_looks),
    )
    compared_with: EnumProperty(
        name="Difference to",
        description="The variant that differences of key figures are taken to",
        items=_compared_items,
        get=_get_compared,
        set=lambda self, value: notes.put(self.id_data, compared_with=_compared_items(self, None)[value][0]),
    )
    show_clearances: BoolProperty(
        name="Abstandsflächen",
        description="Abstandsflächen of the shown variant on the ground; red where they lie on each other, on houses or beyond the plot",
        default=False,
        update=lambda self, _context: handlers.mark(self.id_data),
    )
    show_plots: BoolProperty(
        name="Plots",
        description="Flurstücke, those under blocks with their numbers, and the Baugrundstücke with names and areas",
        default=False,
        update=lambda self, _context: handlers.mark(self.id_data),
    )
    show_sun: BoolProperty(
        name="Sun in the viewport", description="Light and shadow in the viewport as at this date and time", update=_sun_changed
    )
    date: StringProperty(name="Date", description="Day as 2025-03-21 or 21.03.2025", default="2025-03-21", update=_sun_changed)
    time: FloatProperty(
        name="Time of day",
        description="Hour of the day; drag it and watch the shadow move",
        default=10.0,
        min=0,
        max=24,
        step=25,
        precision=2,
        update=_sun_changed,
    )
    basis: EnumProperty(
        name="Basis",
        description="What the time means",
        items=[
            ("local", "Clock time", "Clock time of the place, with summer time"),
            ("solar", "Solar time", "True solar time: noon is when the sun is highest"),
        ],
        update=_sun_changed,
    )
    sun_words: StringProperty(name="Sun", description="Where the sun stands")
    analysis: EnumProperty(
        name="Analysis", description="What is computed", items=[(one.name, one.label, one.description) for one in REGISTRY.values()]
    )
    only_shown: BoolProperty(
        name="Only the shown variant", description="Compute the variant that is shown; otherwise all of them", default=True
    )
    preset: EnumProperty(name="Preset", description="Kind of picture", items=_preset_items)
    camera: StringProperty(
        name="Camera", description="Name of the project's camera that pictures are taken from; empty: as the preset has it"
    )
    photo: StringProperty(name="Photo", description="Name of the project's photo that montages are made in; empty: the newest")
    tree_age: EnumProperty(
        name="New trees",
        description="Size of the trees that the variant plants",
        items=[
            ("20-years", "After 20 years", "As large as they may be then, an assumption"),
            ("planted", "As planted", "As nurseries deliver them"),
        ],
    )
    season: EnumProperty(
        name="Season",
        description="What all trees look like",
        items=[
            ("summer", "Summer", "In leaf"),
            ("spring", "Spring", "In young leaf"),
            ("autumn", "Autumn", "With coloured leaves"),
            ("winter", "Winter", "Without leaves, but for conifers"),
            ("date", "As the date has it", "What trees look like on the date"),
        ],
    )
    weather: EnumProperty(
        name="Weather",
        description="Sun, or a sky of clouds",
        items=[("clear", "Sunny", "Sun at the date and time"), ("overcast", "Overcast", "No sun, and light from all of the sky")],
    )
    picture_name: StringProperty(name="File name", description="Name of the picture's file; empty: made of preset, variant and date")
    samples: IntProperty(name="Samples", description="Quality of the picture: 0 takes that of the preset", default=0, min=0, max=4096)
    width: IntProperty(name="Width", description="Pixels; 0 takes that of the preset", default=0, min=0, max=16384, subtype="PIXEL")
    plan_scale: IntProperty(
        name="Scale 1 to", description="Of a plan, 1 to this, true on its paper; 0: it fits what it is about", default=0, min=0, max=50_000
    )
    plan_paper: EnumProperty(name="Paper", description="Size of the sheet", items=PAPERS)
    plan_dpi: IntProperty(name="Pixels per inch", description="Of a plan to scale; 150 for print", default=150, min=50, max=600)
    only_this_variant: BoolProperty(
        name="Results of the shown variant", description="Hide results of other variants in the list", default=True
    )


def _hours(value: float) -> str:
    minutes = round(value * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clock(scene: Any) -> str:
    """The time of day of the panel as HH:MM."""
    return _hours(scene.jena.time)


_UNITS = {"step": "LENGTH", "cell": "LENGTH", "margin": "LENGTH"}
# Where the key of a project file is too short a word for a panel, or one that Blender translates in another sense.
_WORDS = {"time": "Time of day", "step": "Ground grid", "cell": "Cell size", "faces": "Façades and roofs", "margin": "Surroundings"}
_CHOICES = {"en17037": "DIN EN 17037", "din5034": "DIN 5034-1"}
_HIDDEN = ("bbox",)  # what a panel cannot ask for


def shown_fields(settings: type[Settings]) -> list[str]:
    """The settings of an analysis that a panel shows."""
    return [name for name in settings.model_fields if name not in (*_HIDDEN, *settings.from_project)]


def _property(settings: type[Settings], name: str) -> Any:
    """A property for a setting, with its default, bounds and words."""
    field = settings.model_fields[name]
    label = _WORDS.get(name, name.replace("_", " ").capitalize())
    words: dict[str, Any] = {"name": label, "description": meanings(settings).get(name, "").split("\n")[0]}
    default = field.default
    if isinstance(default, bool):
        return BoolProperty(**words, default=default)
    if isinstance(default, int):
        least, most = (
            next((getattr(one, key) for one in field.metadata if hasattr(one, key)), end) for key, end in (("ge", 0), ("le", 10**6))
        )
        return IntProperty(**words, default=default, min=least, max=most)
    if isinstance(default, float):
        bounds = {"min": -math.inf, "max": math.inf}
        for limit in field.metadata:
            bounds["min"] = getattr(limit, "ge", getattr(limit, "gt", bounds["min"]))
            bounds["max"] = getattr(limit, "le", getattr(limit, "lt", bounds["max"]))
        bounds = {key: value for key, value in bounds.items() if math.isfinite(value)}
        if isinstance(default, int):
            return IntProperty(**words, default=default, **{key: int(value) for key, value in bounds.items()})
        return FloatProperty(**words, default=default, unit=_UNITS.get(name, "NONE"), **bounds)
    if isinstance(default, dt.date):
        words["description"] = words["description"] or "Day as 2025-03-21 or 21.03.2025"
        return StringProperty(**words, default=default.isoformat(), update=iso_date if name == "date" else None)
    if default is None:
        return StringProperty(**words, default="")
    if isinstance(default, tuple):
        return StringProperty(**words, default=" ".join(map(str, default)))
    if allowed := get_args(field.annotation):
        return EnumProperty(
            **words, items=[(value, _CHOICES.get(value, value[:1].upper() + value[1:]), "") for value in allowed], default=default
        )
    return StringProperty(**words, default=default)


def analysis_group(settings: type[Settings]) -> type:
    """A PropertyGroup with the settings of an analysis."""
    annotations = {name: _property(settings, name) for name in shown_fields(settings)}
    return type(f"Jena{settings.__name__}", (bpy.types.PropertyGroup,), {"__annotations__": annotations})


def register(registry: Any) -> None:
    """Put all property groups onto Blender's types."""
    groups = {f"jena_{name}": analysis_group(analysis.settings) for name, analysis in REGISTRY.items()}
    registry.classes([JenaBlock, JenaVariant, JenaScene, *groups.values()])
    registry.pointer(bpy.types.Object, "jena", PointerProperty(type=JenaBlock))
    registry.pointer(bpy.types.Collection, "jena", PointerProperty(type=JenaVariant))
    registry.pointer(bpy.types.Scene, "jena", PointerProperty(type=JenaScene))
    for name, group in groups.items():
        registry.pointer(bpy.types.Scene, name, PointerProperty(type=group))
