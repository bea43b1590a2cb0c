"""From the files that a project names to a Site: everything read, placed about one origin, and held against each other."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from . import buildings, orthophoto, plan_parts, profiles, terrain, vectors, xplan
from . import crs as crs_names
from .arrays import FloatArray, IntArray
from .model import CityModel, Semantics
from .origin import Origin
from .problems import InputProblem, Progress, Report, no_progress
from .profiles import Profile
from .project import FILE_NAME, KINDS_OF_DATA, ProjectFile, files_named
from .site import Features, Site
from .terrain import Box, Terrain
from .themes import FLAT, THEME_OF

FAR_AWAY = 100_000.0  # metres from the middle of the town, where none of its buildings can be
ESTIMATED_STEP = 5.0  # metres between terrain points, where the ground has to be estimated
ESTIMATED_POINTS = 4_000_000  # of a large town they are further apart: they are a guess anyway
OUT_OF_PLACE = 5.0  # metres between buildings' feet and terrain, beyond which the two hardly belong together


def source_files(content: ProjectFile, folder: Path) -> list[Path]:
    """All files that a project's [data] names, in a fixed order."""
    return [path for kind in KINDS_OF_DATA for path in files_named(folder, getattr(content.data, kind), f"data.{kind}")]


def read_site(
    content: ProjectFile, folder: Path, *, known: Origin | None = None, progress: Progress = no_progress
) -> tuple[Site, Report]:  # fmt: skip
    """The site of a project, and the report on all that was read.

    known : origin that earlier work on this project chose; it is kept while the project itself names none. Raises InputProblem.
    """
    content = profiles.completed(content)
    data = content.data
    if not data.buildings:
        raise InputProblem(folder / FILE_NAME, "no buildings are named", "Name CityGML or CityJSON files under [data] buildings")
    city = _city(content, folder, known, lambda share, what: progress(0.7 * share, what))
    report, origin = city.report, city.origin
    progress(0.7, "terrain")
    ground_files = files_named(folder, data.terrain, "data.terrain")
    if ground_files:
        ground = terrain.read(ground_files, origin=origin, crs=data.crs or None, step=data.terrain_step, bbox=data.bbox)
        _check_meeting(city.reach, ground, ground_files[0])
    else:
        ground = terrain.from_ground(_feet(city), origin, data.terrain_step or _estimated_step(city))
    report.merge(ground.report)

    def read(kind: str, reader: Any) -> Any:
        found = files_named(folder, getattr(data, kind), f"data.{kind}")
        return reader(found, origin, report, data.bbox) if found else None

    progress(0.9, "trees, streets and areas")
    plan_files = files_named(folder, data.plans, "data.plans")
    plans = [plan for file in plan_files if (plan := xplan.read(file, origin, report)).area is not None]
    site = Site(
        origin=origin,
        city=city,
        terrain=ground,
        trees=read("trees", partial(vectors.read_trees, columns=data.tree_columns)),
        streets=read("streets", vectors.read_streets),
        areas=read("areas", vectors.read_areas),
        plots=read("plots", vectors.read_plots),
        plan_areas=_plan_areas(read("plan_areas", vectors.read_plan_areas), plans, report),
        plan_parts=plan_parts.as_features(plans),
        lines=read("lines", vectors.read_lines),
        orthophoto=_photo(content, folder, ground, report),
        breaklines=data.breaklines,
    )
    _leave_out_far_layers(site, report)
    site.source = credit(content, site.orthophoto)
    if ground_files:
        _compare_heights(site, report, ground_files[0])
    progress(1.0, "read")
    return site, report


def credit(content: ProjectFile, photo: orthophoto.Orthophoto | None) -> str:
    """The licence line of all data: the project's own, and what stands beside an orthophoto."""
    return "; ".join(line for line in (content.data.licence, photo.source if photo is not None else "") if line)


def _photo(content: ProjectFile, folder: Path, ground: Terrain, report: Report) -> orthophoto.Orthophoto | None:
    """The orthophoto on the site's ground, within the project's box."""
    files = files_named(folder, content.data.orthophoto, "data.orthophoto")
    if not files:
        return None
    box = ground.reach
    if content.data.bbox is not None:
        (west, south), (east, north) = (
            ground.origin.to_local(np.array(corner)).tolist() for corner in np.reshape(content.data.bbox, (2, 2))
        )
        box = max(box[0], west), max(box[1], south), min(box[2], east), min(box[3], north)
    return orthophoto.read(files, ground.origin, report, box, crs=content.data.crs or None)


def _plan_areas(drawn: Features | None, plans: list[xplan.Plan], report: Report) -> Features | None:
    """The plan areas that were named as such and those of development plans."""
    if not plans:
        return drawn
    planned = xplan.plan_areas(plans)
    report.features["plan_areas"] = report.features.get("plan_areas", 0) + len(planned)
    if drawn is None:
        return planned
    columns = {name: np.concatenate([drawn.columns[name], planned.columns[name]]) for name in ("name", "kind", "edition")}
    return Features(np.concatenate([drawn.geometry, planned.geometry]), columns)


def _city(content: ProjectFile, folder: Path, known: Origin | None, progress: Progress) -> CityModel:
    """All buildings about the project's origin: the one it names, else the one chosen earlier, else one from the data."""
    data, place = content.data, content.place
    files = files_named(folder, data.buildings, "data.buildings")
    crs = crs_names.given(place.crs).horizontal if place.crs else known.crs if known else ""
    reading = Origin(crs, *(place.origin or (0, 0)), place.height_system) if crs else None
    city = buildings.read_many(
        files,
        origin=reading,
        crs=data.crs or None,
        lod=None if data.lod == "highest" else data.lod,
        bbox=data.bbox,
        look=data.textures,
        progress=progress,
    )
    _check_something_read(city, files, data.bbox)
    city = _without_far_away(city)
    profile = profiles.of(content)
    if profile is not None:
        profile.hold_against(place.profile, city.report, height_system=place.height_system)
        city = _lowered(city, profile, place.height_system)
    crs = city.origin.crs
    if not crs:
        raise InputProblem(files[0], "the file names no known coordinate system", "State it: --crs EPSG:25832, or crs under [data]")
    stated = [system.partition(" + ")[2] for system in city.report.stated]
    height_system = (
        place.height_system
        or city.origin.height_system
        or next(filter(None, stated), "")
        or (known.height_system if known else "")
        or (profile.height_system if profile else "")
    )
    if place.origin:
        origin = Origin(crs, *place.origin, height_system)
    elif known and known.crs == crs:
        origin = replace(known, height_system=height_system)
    elif reading is None or not len(city.points):
        origin = replace(city.origin, height_system=height_system)
    else:
        west, south = city.origin.to_world(city.points[:, :2].min(axis=0)).tolist()
        origin = Origin.at(crs, west, south, height_system)
    if len(city.points) and np.abs(origin.to_local(city.origin.to_world(city.points[0]))).max() > FAR_AWAY:
        what = f"the origin {origin.easting} {origin.northing} lies more than {FAR_AWAY / 1000:.0f} km from the buildings"
        raise InputProblem(folder / FILE_NAME, what, "Choose one in the town, or leave it out: sun and north are those of the origin")
    if crs_names.distortion(crs, origin.easting, origin.northing) > crs_names.DISTORTED:
        what = f"{crs} has no true metres here"
        raise InputProblem(folder / FILE_NAME, what, "Choose a projected system such as EPSG:25832 under [place]")
    return city if city.origin == origin else city.moved(origin)


def _lowered(city: CityModel, profile: Profile, wanted: str) -> CityModel:
    """What is in files with heights above the ellipsoid brought to the profile's height system, where it knows by how much."""
    marks = {problem.file: problem for problem in city.report.problems if problem.code == "ellipsoidal-heights"}
    rows = [number for number, path in enumerate(city.files) if path in marks]
    if profile.geoid is None or wanted == "ellipsoidal" or not rows:
        return city
    undulation = profile.geoid.undulation

    def lowered(model: CityModel) -> CityModel:
        building = np.repeat(model.surface_building[model.ring_surface], np.diff(model.ring_start))
        lower = np.array([path in marks for path in model.files], bool)[model.building_file[building]]
        return replace(model, points=model.points - np.column_stack([np.zeros((len(lower), 2)), np.where(lower, undulation, 0.0)]))

    sentence = f"the heights are above the ellipsoid; they were lowered by {profile.geoid.undulation:g} m, as the profile says"
    problems = [replace(one, message=sentence) if one.code == "ellipsoidal-heights" else one for one in city.report.problems]
    stated = [system.replace(" + ellipsoidal", f" + {profile.height_system}") for system in city.report.stated]
    system = profile.height_system if city.origin.height_system in ("", "ellipsoidal") else city.origin.height_system
    city.report.problems, city.report.stated = problems, list(dict.fromkeys(stated))
    around = lowered(city.surroundings) if city.surroundings is not None else None
    origin = replace(city.origin, height_system=system)
    around = replace(around, origin=origin) if around is not None else None
    city = replace(lowered(city), origin=origin, surroundings=around)
    city.count()
    return city


def _check_something_read(city: CityModel, files: list[Path], bbox: Box | None) -> None:
    if city.holds_something:
        return
    if bbox is not None:
        raise InputProblem(
            files[0], "no building lies in the area asked for", "Check the box: west, south, east, north in the scene's system"
        )
    first = city.report.problems[0].message if city.report.problems else "the files are empty tiles"
    raise InputProblem(files[0], f"no building could be read: {first}", "Look at the files with `jena-planner check`")


def _without_far_away(city: CityModel) -> CityModel:
    """What can be of one town; what lies hundreds of kilometres off is a slip in its coordinates."""
    if not len(city.points):
        return city
    _, first = np.unique(_point_root(city), return_index=True)
    middle = np.median(city.points[first, :2], axis=0)
    around = city.surroundings
    if around is not None:
        around = around.selected(_near(around, middle, city.report))
    city = replace(city, surroundings=around)
    city = city.selected(_near(city, middle, city.report))
    city.count()
    return city


def _leave_out_far_layers(site: Site, report: Report) -> None:
    """Streets, areas, plots, plans and lines of another town, given by mistake, would draw the eye of every picture to nowhere."""
    if site.terrain is None:
        return
    west, south, east, north = site.terrain.bounds
    middle = np.array([west + east, south + north]) / 2
    for kind in ("streets", "areas", "plots", "plan_areas", "plan_parts", "lines"):
        layer = getattr(site, kind)
        if layer is None or not len(layer):
            continue
        low_x, low_y, high_x, high_y = shapely.bounds(layer.geometry).T
        off = np.fmax(np.fmax(low_x - middle[0], middle[0] - high_x), np.fmax(low_y - middle[1], middle[1] - high_y))
        far = off > FAR_AWAY
        if far.any():
            sentence = f"{far.sum()} of {len(layer)} shapes were left out: they lie {off[far].min() / 1000:.0f} km or more from the town"
            report.add("far-away", kind, "", sentence)
            columns = {name: values[~far] for name, values in layer.columns.items()}
            setattr(site, kind, Features(layer.geometry[~far], columns) if not far.all() else None)


def _near(city: CityModel, middle: FloatArray, report: Report) -> npt.NDArray[np.bool_]:
    """(B,) rows that lie within reach of the town's middle; the others are reported."""
    rows, first = np.unique(_point_root(city), return_index=True)
    off = np.abs(city.points[first, :2] - middle).max(axis=1)
    far = rows[off > FAR_AWAY]
    for row, distance in zip(far, off[off > FAR_AWAY], strict=True):
        sentence = (
            f"the building was left out: it lies {distance / 1000:.0f} km from the middle of the others"
            if city.kind[row] == "Building"
            else f"the object was left out: it lies {distance / 1000:.0f} km from the middle of the buildings"
        )
        report.add("far-away", city.files[city.building_file[row]], city.building_id[row], sentence)
    keep = np.ones(len(city.building_id), bool)
    keep[far] = False
    return np.asarray(keep[city.building_root])


def _point_root(city: CityModel) -> IntArray:
    """(P,) the row of the whole that each point belongs to."""
    return city.building_root[np.repeat(city.surface_building[city.ring_surface], np.diff(city.ring_start))]


def _estimated_step(city: CityModel) -> float:
    """Whole metres between points of a terrain that is estimated for a city."""
    west, south, east, north = city.reach or (0.0, 0.0, 0.0, 0.0)
    return max(ESTIMATED_STEP, math.ceil(math.sqrt((east - west) * (north - south) / ESTIMATED_POINTS)))


def _feet(city: CityModel) -> FloatArray:
    """Where houses meet the ground: the points of their ground surfaces, of a house without any its lowest ones; (n, 3). Where there
    are no houses, the points of roads, water and land, or the lowest ones of whatever there is."""
    if not len(city.points) and city.surroundings is not None:
        around = city.surroundings
        flat = around.selected(np.array([THEME_OF[kind] in FLAT for kind in around.kind], bool))
        return flat.points if len(flat.points) else _feet(around)
    count = np.diff(city.ring_start)
    of_ground = np.repeat(city.surface_semantics[city.ring_surface] == Semantics.GROUND, count)
    house = city.building_root[np.repeat(city.surface_building[city.ring_surface], count)]
    has_ground = np.zeros(len(city.building_id), bool)
    has_ground[house[of_ground]] = True
    lowest = np.full(len(city.building_id), np.inf)
    np.minimum.at(lowest, house, city.points[:, 2])
    return np.asarray(city.points[of_ground | (~has_ground[house] & (city.points[:, 2] < lowest[house] + 0.1))])


def _check_meeting(bounds: tuple[float, float, float, float] | None, ground: Terrain, file: Path) -> None:
    if bounds is None:
        return
    west, south, east, north = ground.reach
    if bounds[0] > east or bounds[2] < west or bounds[1] > north or bounds[3] < south:
        gap = max(bounds[0] - east, west - bounds[2], bounds[1] - north, south - bounds[3]) / 1000.0
        raise InputProblem(
            file, f"terrain and buildings do not meet, they are {gap:.1f} km apart", "Check the tiles' numbers and the CRS (--crs)"
        )


def _compare_heights(site: Site, report: Report, file: Path) -> None:
    """Say which buildings have no ground under them, and when feet and ground are in different height systems."""
    city, ground = site.city, site.terrain
    rows = [row for row, shape in enumerate(site.footprints) if shape is not None and not shape.is_empty]
    if ground is None or not rows:
        return
    middle = shapely.get_coordinates(shapely.point_on_surface(site.footprints[rows]))
    heights = ground.height_at(middle)
    outside = int(np.count_nonzero(~np.isfinite(heights)))
    if outside:
        report.add("outside-terrain", file, "", f"{outside} of {len(rows)} buildings stand where the terrain has no heights")
    foot = np.full(len(city.building_id), np.inf)
    point_building = city.building_root[np.repeat(city.surface_building[city.ring_surface], np.diff(city.ring_start))]
    np.minimum.at(foot, point_building, city.points[:, 2])
    above = foot[rows] - heights
    above = above[np.isfinite(above)]
    if len(above) and abs(float(np.median(above))) > OUT_OF_PLACE:
        sentence = f"the buildings' feet lie {float(np.median(above)):+.1f} m from the terrain (median); perhaps the height systems differ"
        report.add("other-heights", file, "", sentence)
