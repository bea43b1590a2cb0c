"""Camera, light and the picture itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import shapely
import shapely.ops
from mathutils import Matrix, Vector
from PIL import Image

from ..analyses import sun
from ..jena_city import cameras
from ..jena_city.arrays import FloatArray
from ..jena_city.cameras import NamedCamera
from ..jena_city.problems import InputProblem
from ..jena_city.site import Site
from ..jena_city.viewing import EYE
from ..render_presets import Camera, Light, Preset
from . import compat, materials

SUN_DISC = math.radians(0.53)
CLEAR = 22.0  # metres before an eye on the ground that nothing stands in
USUAL_SUN = 38.0  # degrees of the sun's height that the presets' exposure is made for
CLEAR_SKY, BRIGHT_SKY = 1.7, 1.75  # colour and strength of the sky that is seen, to those of the sky that lights
DIM = 20.0  # degrees of the sun's height below which pictures are brightened
USUAL_CROWN = 5.0  # metres across
NEARBY = 50.0  # metres from an eye on the ground within which crowns fill a picture
_SEEN = 80.0  # metres that somebody who looks all around is asked to see
_NOSE, _BESIDE = 8.0, 30.0  # metres that they stay away from walls, and are at most away from a block
_LEAST = 30.0  # metres around what pictures are about, however small it is
_USUAL = 130.0  # metres around the middle, where there is no plan area
_ASKED = 5000  # buildings of a large town that are asked how many stand around them


def focus(site: Site, blocks: Sequence[shapely.Polygon] = ()) -> tuple[FloatArray, float]:
    """What pictures are about: a point (3,) on the ground and a radius in metres. The plan areas; else the blocks of all variants, so
    that every variant is seen alike; else where the town is densest."""
    box = _box(site, blocks)
    if box is not None:
        west, south, east, north = box
        middle, radius = np.array([(west + east) / 2, (south + north) / 2]), max(math.hypot(east - west, north - south) / 2, _LEAST)
    else:
        places = shapely.get_coordinates(shapely.centroid(site.footprints[site.footprints != None]))  # noqa: E711 - of each of them
        if not len(places) and site.city.reach is not None:
            places = np.mean(np.reshape(site.city.reach, (2, 2)), axis=0, keepdims=True)
        if not len(places):
            raise InputProblem("picture", "there is neither a building nor a plan area to look at", "State a view with a target")
        middle, radius = places[_densest(places)], _USUAL
    return np.array([*middle, cameras.ground(site, middle)]), radius


def _box(site: Site, blocks: Sequence[shapely.Polygon]) -> tuple[float, float, float, float] | None:
    return site.plan_box or (tuple(shapely.total_bounds(np.array(blocks, object)).tolist()) if len(blocks) else None)


def extent_of(site: Site, blocks: Sequence[shapely.Polygon], view: dict[str, Any]) -> tuple[float, float]:
    """Metres (wide, high) that a plan must show: what pictures are about, see `focus`; nothing where the view names a part of it."""
    box = _box(site, blocks) if view.get("target") is None else None
    return (box[2] - box[0], box[3] - box[1]) if box is not None else (0.0, 0.0)


def _densest(places: FloatArray) -> int:
    """Which of some places (n, 2) has most of the others within 150 m. In a large town not every one is asked: they lie close together."""
    asked = np.arange(0, len(places), math.ceil(len(places) / _ASKED))
    near = shapely.STRtree(shapely.points(places)).query(shapely.points(places[asked]), predicate="dwithin", distance=150.0)[0]
    return int(asked[np.argmax(np.bincount(near, minlength=len(asked)))])


def only_one(name: str, data: Any) -> Any:
    """The scene's one object of this name, with new data; a second picture must not be lit by the sun of the first."""
    made = bpy.data.objects.get(name)
    if made is None:
        made = bpy.data.objects.new(name, data)
        bpy.context.scene.collection.objects.link(made)
    made.data = data
    return made


def place_camera(
    site: Site,
    preset: Camera,
    view: dict[str, Any],
    aspect: float,
    blocks: Sequence[shapely.Polygon] = (),
    named: NamedCamera | None = None,
) -> float:
    """Put the scene's camera where preset and view say, or where a named one is; returns its distance from what it looks at, metres.

    view : what of the preset is replaced (see project.View). blocks : footprints of all variants, see `focus`.
    """
    if named is not None:
        return _place_named(site, named, preset.kind == "panorama", aspect)
    scene = bpy.context.scene
    target, radius = focus(site, blocks) if view.get("target") is None or view.get("distance") is None else (np.zeros(3), _USUAL)
    if view.get("target") is not None:
        place = site.origin.to_local(np.array(view["target"]))
        target = np.array([*place, cameras.ground(site, place)])
    azimuth = math.radians(preset.azimuth if view.get("azimuth") is None else view["azimuth"])
    down = math.radians(preset.elevation if view.get("elevation") is None else view["elevation"])
    focal = view.get("focal_length") or preset.focal_length
    data = bpy.data.cameras.new("Kamera")
    data.sensor_width, data.lens, data.sensor_fit = 36.0, focal, "HORIZONTAL"
    half = math.atan(18.0 / focal)
    distance = view.get("distance") or radius / preset.fill / math.tan(half)
    towards = np.array([math.sin(azimuth) * math.cos(down), math.cos(azimuth) * math.cos(down), -math.sin(down)])
    camera = only_one("Kamera", data)
    if preset.kind == "plan":
        data.type, data.ortho_scale = "ORTHO", 2 * radius / preset.fill
        eye = target + [0, 0, 500.0]
        camera.rotation_euler = (0.0, 0.0, 0.0)
        distance = 500.0
    elif preset.kind == "panorama":
        place = _free_place(site, target[:2], blocks)
        eye = np.array([*place, cameras.ground(site, place) + EYE])
        compat.set_panorama(data)
        camera.rotation_euler = Vector((math.sin(azimuth), math.cos(azimuth), 0.0)).to_track_quat("-Z", "Y").to_euler()
        distance = radius
    elif preset.kind == "eye":
        if view.get("azimuth") is None:
            azimuth = _open_azimuth(site, target[:2], azimuth, distance, blocks)
        flat = np.array([math.sin(azimuth), math.cos(azimuth), 0.0])
        eye = target - flat * distance
        eye[2] = cameras.ground(site, eye[:2]) + EYE
        camera.rotation_euler = Vector(flat).to_track_quat("-Z", "Y").to_euler()
        data.shift_y = 1.0 / aspect / 6.0  # the horizon in the lower third, verticals vertical
    else:
        eye = target - towards * distance
        camera.rotation_euler = Vector(towards).to_track_quat("-Z", "Y").to_euler()
        ground = cameras.ground(site, eye[:2])
        eye[2] = max(eye[2], ground + 10.0)
    camera.location = eye
    data.clip_start, data.clip_end = max(distance / 1000, 0.1), max(distance * 100, 20_000.0)
    scene.camera = camera
    return float(distance)


def _place_named(site: Site, named: NamedCamera, all_around: bool, aspect: float) -> float:
    eye, target = cameras.eye_and_target(named, site)
    data = bpy.data.cameras.new("Kamera")
    data.sensor_width, data.lens, data.sensor_fit = 36.0, named.focal_length, "HORIZONTAL"
    towards = target - eye
    distance = float(np.linalg.norm(towards))
    if all_around:
        compat.set_panorama(data)
        towards = towards * [1, 1, 0]
    elif named.target is None:
        data.shift_y = 1.0 / aspect / 6.0  # the horizon in the lower third, verticals vertical
    camera = only_one("Kamera", data)
    camera.rotation_euler = Vector(towards).to_track_quat("-Z", "Y").to_euler()
    camera.location = eye
    data.clip_start, data.clip_end = max(distance / 1000, 0.1), max(distance * 100, 20_000.0)
    bpy.context.scene.camera = camera
    return distance


def place_solved(eye: FloatArray, rotation: FloatArray, focal: float, wide: int) -> float:
    """Put the scene's camera where a photo was taken (see photo_camera.Solved). wide : pixels of the photo. Returns a usual distance."""
    data = bpy.data.cameras.new("Kamera")
    data.sensor_width, data.lens, data.sensor_fit = 36.0, focal / wide * 36.0, "HORIZONTAL"
    camera = only_one("Kamera", data)
    camera.rotation_euler = Matrix(np.asarray(rotation).tolist()).to_euler()
    camera.location = eye
    data.clip_start, data.clip_end = 0.1, 20_000.0
    bpy.context.scene.camera = camera
    return _USUAL


def _open_azimuth(site: Site, target: FloatArray, azimuth: float, distance: float, blocks: Sequence[shapely.Polygon]) -> float:
    """The azimuth (radians), as near as may be to the one wished, at which a person could stand and see: not in a building, no crown just
    before the eye, and little of what the picture is about hidden by houses or crowns."""
    around = shapely.Point(target).buffer(distance + 5.0)
    near = site.footprints[shapely.intersects(site.footprints, around)]
    built = shapely.union_all([*near, *blocks]).buffer(3.0)
    trees = site.trees.position if site.trees is not None else np.zeros((0, 2))
    crowns, standing = _crowns(site), shapely.union_all(near)
    shapely.prepare([built, standing])
    best = None
    for turn in sorted(range(-180, 180, 5), key=abs):
        if best and abs(turn) / 180.0 > best[0]:
            break  # none that is turned further can be better
        at = azimuth + math.radians(turn)
        ahead = np.array([math.sin(at), math.cos(at)])
        eye = target - ahead * distance
        first = shapely.LineString([eye, eye + ahead * CLEAR])
        in_the_way = trees[np.hypot(*(trees - eye).T) < CLEAR + 5.0]
        if not built.intersects(first) and not (shapely.distance(shapely.points(in_the_way), first) < 4.5).any():
            cost = abs(turn) / 180.0 + 2.0 * _hidden(eye, at, distance, standing, trees, crowns)
            best = min(best or (cost, at), (cost, at))
    return best[1] if best else azimuth


def _crowns(site: Site) -> FloatArray:
    """Radius of each tree's crown, metres; a usual one where nobody says."""
    return np.nan_to_num(site.trees.crown, nan=USUAL_CROWN) / 2 if site.trees is not None else np.zeros(0)


def _hidden(eye: FloatArray, azimuth: float, distance: float, standing: Any, trees: FloatArray, crowns: FloatArray) -> float:
    """Share of a picture's width (66°) in which something stands before what it is about. distance : to that. standing : houses. trees
    (n, 2), crowns (n,) : radius; metres."""
    reach = 0.75 * distance
    across = azimuth + np.radians(np.linspace(-33.0, 33.0, 45))
    ends = eye + reach * np.column_stack([np.sin(across), np.cos(across)])
    hidden = shapely.intersects(standing, shapely.linestrings(np.stack([np.broadcast_to(eye, ends.shape), ends], axis=1)))
    away = np.hypot(*(trees - eye).T)
    near = (away < min(NEARBY, reach) + crowns) & (away > 0.1)
    beside = np.arctan2(trees[near, 0] - eye[0], trees[near, 1] - eye[1])
    half = np.arcsin(np.minimum(crowns[near] / away[near], 1.0))
    turned = np.remainder(across[:, None] - beside[None] + np.pi, 2 * np.pi) - np.pi
    return float((hidden | (np.abs(turned) < half[None]).any(axis=1)).mean())


def _free_place(site: Site, place: FloatArray, blocks: Sequence[shapely.Polygon]) -> FloatArray:
    """Where somebody who looks all around sees farthest within 60 m of a place: away from walls and crowns, and near a block."""
    here = shapely.Point(place)
    near = site.footprints[shapely.distance(site.footprints, here) < 60.0 + _SEEN]
    trees = shapely.points(site.trees.position) if site.trees is not None else np.zeros(0, object)
    crowns = shapely.buffer(trees, _crowns(site))[shapely.distance(trees, here) < 80.0] if len(trees) else trees
    built, what = shapely.union_all([*near, *blocks]), shapely.union_all(blocks) if blocks else here
    free = here.buffer(60.0).difference(shapely.union_all([built.buffer(_NOSE), *crowns]))
    steps = np.stack(np.meshgrid(*[np.arange(-60.0, 60.1, 5.0)] * 2), axis=-1).reshape(-1, 2) + place
    shapely.prepare([free, built])
    places = steps[shapely.contains_xy(free, *steps.T) & (shapely.distance(what, shapely.points(steps)) < _BESIDE)]
    if not len(places):
        return place if free.is_empty else np.asarray(shapely.maximum_inscribed_circle(free, tolerance=0.5).coords[0])
    angle = np.radians(np.arange(0.0, 360.0, 10.0))
    along = np.column_stack([np.sin(angle), np.cos(angle)])[None, :, None] * np.arange(5.0, _SEEN, 5.0)[None, None, :, None]
    open_ = ~shapely.contains_xy(built, (places[:, None, None] + along).reshape(-1, 2)).reshape(len(places), *along.shape[1:3])
    reach = np.logical_and.accumulate(open_, axis=2).sum(axis=2)
    return np.asarray(places[int(reach.sum(axis=1).argmax())])


def place_sun(site: Site, settings: Light, date: str, clock: str, *, time_zone: str, basis: sun.Basis) -> sun.SunPath:
    """Sun lamp and sky for a moment. Directions come from the origin, which knows that grid north is not north."""
    moment = sun.moment(site.origin, sun.day(date), clock, time_zone=time_zone, basis=basis)
    if not len(moment):
        raise InputProblem("picture", f"the sun is below the horizon at {moment.label}", "Choose a time of day with sun")
    direction = moment.directions[0]
    lamp = bpy.data.lights.new("Sonne", "SUN")
    lamp.energy, lamp.angle, lamp.color = settings.sun, SUN_DISC, _warmth(float(moment.elevation[0]))
    only_one("Sonne", lamp).rotation_euler = Vector(direction).to_track_quat("Z", "Y").to_euler()
    world = bpy.data.worlds.new("Himmel")
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    nodes.clear()
    sky, back, out = nodes.new("ShaderNodeTexSky"), nodes.new("ShaderNodeBackground"), nodes.new("ShaderNodeOutputWorld")
    compat.set_sky(sky, math.asin(direction[2]), math.atan2(direction[0], direction[1]))
    back.inputs["Strength"].default_value = settings.sky
    pale = nodes.new("ShaderNodeHueSaturation")
    pale.inputs["Saturation"].default_value = settings.blue
    links.new(sky.outputs[0], pale.inputs["Color"])
    links.new(pale.outputs[0], back.inputs[0])
    # What is seen of the sky is a little brighter and bluer than what lights the town: through a lens set for a town in the sun a clear sky
    # would be leaden, and nobody remembers it so.
    clear, seen, whose, either = (nodes.new(f"ShaderNode{kind}") for kind in ("HueSaturation", "Background", "LightPath", "MixShader"))
    clear.inputs["Saturation"].default_value = min(1.0, settings.blue * CLEAR_SKY)
    seen.inputs["Strength"].default_value = settings.sky * BRIGHT_SKY
    links.new(sky.outputs[0], clear.inputs["Color"])
    links.new(clear.outputs[0], seen.inputs[0])
    links.new(whose.outputs["Is Camera Ray"], either.inputs[0])
    links.new(back.outputs[0], either.inputs[1])
    links.new(seen.outputs[0], either.inputs[2])
    links.new(either.outputs[0], out.inputs[0])
    world.cycles.sampling_method = "NONE"  # a sky without a disc is smooth: rays that leave the town find it anyway
    bpy.context.scene.world = world
    return moment


def _warmth(elevation: float) -> tuple[float, float, float]:
    """The colour of sunlight: warmer when it is low."""
    share = min(max(elevation / 40.0, 0.0), 1.0)
    return 1.0, 0.86 + 0.10 * share, 0.68 + 0.22 * share


def brightened(light: Light, elevation: float) -> float:
    """Exposure in stops: that of the preset, up to two more where the sun is low and little light reaches the ground, and less where it is
    so high that pale ground would lose its shadows."""
    high = math.log2(math.sin(math.radians(max(elevation, USUAL_SUN))) / math.sin(math.radians(USUAL_SUN)))
    return light.exposure + 2.0 * max(1.0 - elevation / DIM, 0.0) ** 1.5 - 1.3 * high


def set_up(preset: Preset, width: int, height: int, samples: int, distance: float, exposure: float, log: Any) -> str:
    """Cycles, size, samples, colours and haze; returns the device that will render. exposure : stops, for the look of a model."""
    scene = bpy.context.scene
    if scene.render.engine != "CYCLES":  # to name it anew makes Blender forget all that it has prepared
        scene.render.engine = "CYCLES"
    device = compat.use_gpu(scene, log)
    cycles = scene.cycles
    cycles.samples, cycles.use_adaptive_sampling = samples, True
    cycles.adaptive_threshold, cycles.adaptive_min_samples = 0.04, 8  # sky and even surfaces are left alone soon; by default only after 52
    cycles.max_bounces, cycles.diffuse_bounces, cycles.transparent_max_bounces = 4, 3, 4
    cycles.use_denoising = compat.has_denoiser() and preset.look != "map"
    if cycles.use_denoising:
        cycles.denoiser, cycles.denoising_quality, cycles.denoising_prefilter = "OPENIMAGEDENOISE", "BALANCED", "FAST"
    cycles.seed, cycles.use_light_tree = 1, preset.look == "night"  # one sun and a sky need no tree of lights
    scene.render.use_persistent_data = True  # what two pictures share is prepared once
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = width, height, 100
    scene.render.image_settings.file_format, scene.render.image_settings.color_mode = "PNG", "RGB"
    view = scene.view_settings
    # Both keep colours: classes exactly, materials up to the highlights, which roll off softly.
    view.view_transform, view.look = ("Standard" if preset.look == "map" else "Khronos PBR Neutral"), "None"
    view.exposure, view.gamma = (0.0 if preset.look == "map" else exposure), 1.0
    scene["jena_haze_start"], scene["jena_haze_reach"] = 1.15 * distance, 6.0 * distance
    scene["jena_haze_most"] = preset.haze.most if preset.look != "map" else 0.0
    scene[materials.NIGHT] = 1.0 if preset.look == "night" else 0.0
    return device


def use_threads(number: int) -> None:
    """How many threads a picture may use; 0: all of the machine."""
    bpy.context.scene.render.threads_mode = "FIXED" if number else "AUTO"
    if number:
        bpy.context.scene.render.threads = number


def draw(path: Path) -> None:
    """Render the scene as it is into a file."""
    scene = bpy.context.scene
    scene.render.filepath = str(path)
    scene.update_tag()  # in a scene from a file, what Cycles kept of the last picture does not notice that samples have changed
    bpy.ops.render.render(write_still=True)


def picture(folder: Path) -> Image.Image:
    """Render the scene as it is; a PIL picture."""
    path = folder / "render.png"
    draw(path)
    with Image.open(path) as image:
        return image.convert("RGB")
