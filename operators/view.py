"""Looking: frame the site, from the north up, and what the building or other thing under the mouse is."""

import math
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Euler, Vector

from ..jena_city import codes, profiles, project, themes
from ..jena_city.lettering import number
from ..jena_city.model import CityModel
from ..jena_city.problems import InputProblem
from ..jena_city.project import Codes
from ..jena_city.site import Site
from ..scene import comment_pins, document, notes, render, sync
from . import base, preferences, sentences


@dataclass
class Picked:
    """What was clicked, a building or something else. name; facts : (word, value) pairs; lines : (n, 2, 3) its edges, for the outline."""

    name: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    lines: Any = None


TAB = "Jena Planner"
picked: list[Picked] = []
ABOVE_GROUND = 0.3  # metres: of the outline of what lies on the ground
PLANNED, TOWN = 4.2, 2.2  # distances in radii: what is planned with its surroundings; without a plan, houses that are seen as houses


def views(scene: Any) -> list[Any]:
    """The 3D views of all windows that show a scene: (area, space)."""
    return [
        (area, area.spaces.active)
        for window in bpy.context.window_manager.windows
        if window.scene == scene
        for area in window.screen.areas
        if area.type == "VIEW_3D"
    ]


def frame(scene: Any, site: Site) -> None:
    """Look at what the project is about, from the south-east above, as its pictures do."""
    blocks = [sync.block_of(thing).footprint for one in sync.collections(scene) for thing in sync.blocks(one) if not sync.problem_of(thing)]
    middle, radius = render.focus(site, blocks)
    for area, space in views(scene):
        region = space.region_3d
        region.view_perspective = "PERSP"
        region.view_location = Vector(middle)
        region.view_rotation = Euler((math.radians(52), 0.0, math.radians(-64 + 90))).to_quaternion()
        region.view_distance = (PLANNED if site.plan_box is not None or blocks else TOWN) * radius
        area.tag_redraw()


def seen_box(scene: Any) -> tuple[float, float, float, float] | None:
    """(west, south, east, north) in scene coordinates of the ground that the largest 3D view shows, at the height it turns about; None
    without a view. Towards the horizon it ends three times as far away as the eye is from what it turns about."""
    from bpy_extras import view3d_utils

    seen = views(scene)
    if not seen:
        return None
    area, space = max(seen, key=lambda one: one[0].width * one[0].height)
    region = next(one for one in area.regions if one.type == "WINDOW")
    eye, middle = space.region_3d, space.region_3d.view_location
    rays = []
    for corner in ((0, 0), (region.width, 0), (0, region.height), (region.width, region.height)):
        start = view3d_utils.region_2d_to_origin_3d(region, eye, corner)
        rays.append((start, view3d_utils.region_2d_to_vector_3d(region, eye, corner)))
    return ground_box(rays, middle, 3.0 * eye.view_distance)


def ground_box(rays: list[tuple[Vector, Vector]], middle: Vector, farthest: float) -> tuple[float, float, float, float]:
    """(west, south, east, north) around where rays (start, direction) meet the level of a middle; none farther from it than `farthest`."""
    corners = []
    for start, along in rays:
        distance = (middle.z - start.z) / along.z if abs(along.z) > 1e-9 else -1.0
        away = (start + along * (distance if distance > 0 else 1e6) - middle).xy
        corners.append(middle.xy + (away * (farthest / away.length) if away.length > farthest else away))
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def show_tab() -> None:
    """Turn the sidebars that are open to our tab."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            for region in area.regions if area.type == "VIEW_3D" and area.spaces.active.show_region_ui else ():
                if region.type == "UI":
                    with suppress(TypeError, AttributeError):  # one that has not been drawn yet; a Blender in which it cannot be set
                        region.active_panel_category = TAB
                    region.tag_redraw()


@dataclass(frozen=True)
class Room:
    """What of a region nothing of Blender's lies over, in its pixels."""

    left: float
    bottom: float
    right: float
    top: float


def room(area: Any, region: Any, beside: float = 0.0) -> Room:
    """The room of a 3D view's region between toolbar, sidebar, headers and asset shelf, wherever the user has put them.

    beside : pixels that are wanted to the right of "Adjust last operation"; where they are not there the room begins above it.
    """
    left, bottom, right, top = 0.0, 0.0, float(region.width), float(region.height)
    hud = None
    for one in area.regions:
        if one.type == "WINDOW" or one.width <= 1 or one.height <= 1:
            continue
        a, b = one.x - region.x, one.y - region.y  # its lower left corner
        c, d = a + one.width, b + one.height
        if c <= 0 or d <= 0 or a >= region.width or b >= region.height:
            continue
        if one.type == "HUD":
            hud = (c, d)
        elif one.alignment == "LEFT":
            left = max(left, c)
        elif one.alignment == "RIGHT":
            right = min(right, a)
        elif one.alignment == "BOTTOM":
            bottom = max(bottom, d)
        elif one.alignment == "TOP":
            top = min(top, b)
    if hud is not None:
        if right - max(left, hud[0]) >= beside:
            left = max(left, hud[0])
        else:
            bottom = max(bottom, hud[1])
    return Room(left, bottom, right, top)


class JENA_OT_frame(base.InProject, bpy.types.Operator):
    """Look at the plan area from above at an angle"""

    bl_idname = "jena.frame_site"
    bl_label = "Frame the Site"

    def do(self, context: Any) -> None:
        frame(context.scene, document.site(context.scene))


class JENA_OT_north(bpy.types.Operator):
    """Look straight down, north up (true north, which is not quite the grid's)"""

    bl_idname = "jena.view_north"
    bl_label = "Plan View, North Up"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene)

    def execute(self, context: Any) -> set[str]:
        convergence = document.origin(context.scene).grid_convergence
        for area, space in views(context.scene):
            region = space.region_3d
            region.view_perspective = "ORTHO"
            # True north lies `convergence` counter-clockwise of the grid's: turn the eye with it, so that it is up on the screen.
            region.view_rotation = Euler((0.0, 0.0, math.radians(convergence))).to_quaternion()
            area.tag_redraw()
        return {"FINISHED"}


def ray(region: Any, space: Any, x: int, y: int) -> tuple[Any, Any]:
    """Start (3,) and direction (3,) of the line of sight through a pixel of a 3D view's region, as numpy arrays."""
    from bpy_extras import view3d_utils

    start = view3d_utils.region_2d_to_origin_3d(region, space.region_3d, (x, y))
    return np.array(start, float), np.array(view3d_utils.region_2d_to_vector_3d(region, space.region_3d, (x, y)), float)


def pixel(region: Any, space: Any, place: Any) -> float:
    """How many metres a pixel of a 3D view's region is wide at a place (3,)."""
    from bpy_extras import view3d_utils

    near = Vector(place)
    at = view3d_utils.location_3d_to_region_2d(region, space.region_3d, near)
    if at is None:
        return 0.0
    return float((view3d_utils.region_2d_to_location_3d(region, space.region_3d, at + Vector((10, 0)), near) - near).length / 10)


def hit(context: Any, x: int, y: int) -> Any:
    """(object, face index, place) at a place of the context's 3D region, in its pixels; None for the sky."""
    region, space = context.region, context.space_data
    if region is None or space is None or space.type != "VIEW_3D" or region.type != "WINDOW":
        return None
    return hit_in(context, region, space, x, y)


def hit_in(context: Any, region: Any, space: Any, x: int, y: int) -> Any:
    """The same for any 3D view's region."""
    start, along = (Vector(one) for one in ray(region, space, x, y))
    found, place, _normal, face, thing, _matrix = context.scene.ray_cast(context.evaluated_depsgraph_get(), start, along)
    return (thing.original, face, place) if found else None


def face_value(thing: Any, face: int, name: str) -> Any:
    """The value of a face's attribute; None where there is none. Wants the mesh that was hit, modifiers applied."""
    mesh = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    layer = mesh.attributes.get(name)
    return layer.data[face].value if layer is not None and face < len(layer.data) else None


class JENA_OT_pick(bpy.types.Operator):
    """Show what the data say about the building or other thing that is clicked; Blender selects as always"""

    bl_idname = "jena.pick_building"
    bl_label = "Building Attributes"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene) and context.mode == "OBJECT"

    def invoke(self, context: Any, event: Any) -> set[str]:
        pick(context.scene, hit(context, event.mouse_region_x, event.mouse_region_y))
        if context.area is not None:
            context.area.tag_redraw()
        return {"FINISHED", "PASS_THROUGH"}


def pick(scene: Any, found: Any) -> None:
    """Keep what is known of a face that was hit, for the panel and the outline."""
    picked.clear()
    if found is None:
        return
    thing, face, _place = found
    if comment_pins.is_pin(thing):
        row = face_value(thing, face, comment_pins.COMMENT)
        if row is not None:
            bpy.context.window_manager.jena_contributions.chosen = row
    if sync.is_block(thing) or notes.get(thing) is not None:
        return
    site = document.loaded_site(scene)
    for name, model, describe in (
        (("building", site.city, of_building), ("around", site.city.surroundings, of_surroundings)) if site is not None else ()
    ):
        row = face_value(thing, face, name)
        if row is not None and model is not None and 0 <= row < len(model.building_id):
            picked.append(describe(site, int(row), _own_names(document.folder(scene))))


def _own_names(folder: Path) -> Codes:
    """The names that a project and its profile give to codes; none where they cannot be read, as after the folder has gone."""
    try:
        return profiles.completed(project.read(folder)[1]).codes
    except InputProblem:
        return Codes()


def edges_of(model: CityModel, root: int) -> Any:
    """(e, 2, 3) the edges of a Building with all its parts, or of another whole. root : its row in the model."""
    surfaces = np.flatnonzero(model.building_root[model.surface_building] == root)
    lines = []
    for ring in np.flatnonzero(np.isin(model.ring_surface, surfaces)):
        points = model.points[model.ring_start[ring] : model.ring_start[ring + 1]]
        lines.append(np.stack([points, np.roll(points, -1, axis=0)], axis=1))
    return np.concatenate(lines) if lines else np.zeros((0, 2, 3))


def of_building(site: Site, row: int, names: Codes) -> Picked:
    """What the data say about a building (row in the CityModel): a part shows what its whole says too. names : see `project.Codes`."""
    city = site.city
    root = int(city.building_root[row])
    edges = edges_of(city, root)
    facts = [("gml:id", city.building_id[row])]
    if len(edges):
        facts.append(("Height", sentences.labelled(f"{number(float(np.ptp(edges[:, :, 2])), 1)} m")))
    [footprint] = [shape for shape in city.selected(city.building_root == root).footprints() if shape is not None] or [None]
    if footprint is not None:
        facts.append(("Footprint", f"{number(footprint.area)} m²"))
    language = preferences.language()
    roof, function = (values[row] or values[root] for values in (city.roof_type, city.function))
    said = (
        ("Roof type", codes.roof_type(roof, language, names.roof_types)),
        ("Function", codes.function(function, language, names.functions)),
    )
    facts += [fact for fact in said if fact[1]]
    own = {**city.attributes[root], **city.attributes[row]}
    facts += [(str(key), str(value)) for key, value in own.items()]
    return Picked(city.building_id[root], facts, edges)


def of_surroundings(site: Site, row: int, names: Codes) -> Picked:
    """What the data say about something that is no building (row in the surroundings), as `of_building`."""
    model = site.city.surroundings
    assert model is not None
    root = int(model.building_root[row])
    edges = edges_of(model, root)
    if site.terrain is not None and themes.THEME_OF[model.kind[root]] in themes.FLAT and len(edges):
        ground = site.terrain.height_at(edges[:, :, :2].reshape(-1, 2)).reshape(-1, 2)
        edges[:, :, 2] = np.fmax(edges[:, :, 2], ground + ABOVE_GROUND)  # as it is shown
    language = preferences.language()
    facts = [("Kind", codes.kind(model.kind[row], language)), ("gml:id", model.building_id[row])]
    function = model.function[row] or model.function[root]
    if function:
        facts.append(("Function", f"{names.functions[function]} ({function})" if function in names.functions else function))
    own = {**model.attributes[root], **model.attributes[row]}
    facts += [(str(key), str(value)) for key, value in own.items()]
    return Picked(model.building_id[root], facts, edges)


CLASSES = (JENA_OT_frame, JENA_OT_north, JENA_OT_pick)
