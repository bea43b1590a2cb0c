"""How long it takes until the mesh, all numbers and all findings follow when one parameter of one block is changed."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from ..jena_city.applied import apply
from ..jena_city.arrays import FloatArray
from ..jena_city.assumptions import Assumptions
from ..jena_city.land_rules import of_land
from ..jena_city.model import CityModel, Semantics
from ..jena_city.origin import Origin
from ..jena_city.plan_parts import as_features
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.project import BuildingPlotEntry
from ..jena_city.reckoning import Reckoning
from ..jena_city.site import Features, Site, Trees
from ..jena_city.terrain import Terrain
from ..jena_city.variant import NULL_VARIANT, Block, Roof, RoofKind, Variant
from ..jena_city.xplan import PartArea, Plan
from . import town

JENA = Origin("EPSG:25832", 681735, 5644970, "DE_DHHN2016_NH")
CELL = np.array([44.0, 32.0])  # metres: the parcel of one block, with its share of the street south of it
STREET = 8.0  # metres
ROOFS: tuple[RoofKind, ...] = ("flat", "gable", "hip")
PLOTS = 20  # pieces of land that the project names, at most
AROUND = 30.0  # metres: a house for each square of this side around the blocks


def run(
    *, counts: Sequence[int] = (20, 200, 2_000), houses: int = 7_000, runs: int = 15, progress: Progress = no_progress
) -> dict[str, Any]:
    """Change one block again and again, beside a bare rebuild of its mesh by foreach_set, for quarters of so many blocks.

    Returns rows (blocks, what is changed, medians in ms: the bare mesh, new mesh and note, variant read from the scene, numbers and
    findings, all of it, what it takes of a processor; the multiple of the bare rebuild, all anew in s, number of findings).
    Raises InputProblem without bpy.
    """
    try:
        import bpy
    except ImportError as error:
        raise InputProblem("bench variants", "Blender as a Python module is not installed", "pip install jena-planner[bpy]") from error
    from ..scene import builder, register, shapes, sync

    register()
    law, given = of_land("TH"), Assumptions()
    rows = []
    for index, blocks in enumerate(counts):
        progress(index / len(counts), f"{blocks} blocks")
        site, variant, plots = made_up(blocks, houses)
        bpy.ops.wm.read_homefile(use_factory_startup=True)
        builder.clear()
        builder.build(shapes.town(site, [apply(site, NULL_VARIANT), apply(site, variant)]))
        scene = bpy.context.scene
        collection = sync.collection_of(scene, variant.id)
        reckoning = Reckoning(site, law, given, plots)
        start = time.perf_counter()
        reckoning.of(sync.variant_of(collection))
        anew = time.perf_counter() - start
        things = sorted(sync.blocks(collection), key=lambda thing: thing.name)
        times: dict[str, list[list[float]]] = {"storeys": [], "footprint": []}
        found = 0
        for number in range(runs):
            for what, measured in times.items():
                progress((index + number / runs) / len(counts), f"{blocks} blocks, {what}")
                thing = things[(blocks // 2 + number) % blocks]
                bare = _bare(sync.solid_of(thing).data)
                if what == "storeys":
                    sync.change(thing, storeys=4 + number % 3)
                else:
                    thing.location.x += 0.25
                begun, moments = time.process_time(), [time.perf_counter()]
                sync.refresh(scene, site)
                moments.append(time.perf_counter())
                now = sync.variant_of(collection)
                moments.append(time.perf_counter())
                found = len(reckoning.of(now).findings)
                moments.append(time.perf_counter())
                spent = time.process_time() - begun
                measured.append([bare, *np.diff(moments).tolist(), moments[-1] - moments[0], spent])
        for what, measured in times.items():
            bare, mesh, read, numbers, whole, spent = (1e3 * float(value) for value in np.median(measured, axis=0))
            rows.append(
                {
                    "blocks": blocks,
                    "changed": what,
                    "bare mesh ms": round(bare, 2),
                    "mesh ms": round(mesh, 1),
                    "read ms": round(read, 1),
                    "numbers ms": round(numbers, 1),
                    "all ms": round(whole, 1),
                    "processor ms": round(spent, 1),
                    "x bare": round(whole / bare),
                    "all anew s": round(anew, 2),
                    "findings": found,
                }
            )
    return {"houses": houses, "rows": rows}


def _bare(mesh: Any) -> float:
    """Seconds to make a mesh of the same points and triangles with foreach_set alone."""
    import bpy

    points, corners = np.zeros(3 * len(mesh.vertices), np.float32), np.zeros(len(mesh.loops), np.int32)
    mesh.vertices.foreach_get("co", points)
    mesh.loops.foreach_get("vertex_index", corners)
    start = time.perf_counter()
    made = bpy.data.meshes.new("bare")
    made.vertices.add(len(points) // 3)
    made.loops.add(len(corners))
    made.polygons.add(len(corners) // 3)
    made.vertices.foreach_set("co", points)
    made.loops.foreach_set("vertex_index", corners)
    made.polygons.foreach_set("loop_start", np.arange(0, len(corners), 3, dtype=np.int32))
    made.update(calc_edges=True)
    taken = time.perf_counter() - start
    bpy.data.meshes.remove(made)
    return taken


def made_up(blocks: int, houses: int) -> tuple[Site, Variant, list[BuildingPlotEntry]]:
    """A site with houses around a quarter of blocks, a parcel with a Baufenster of a plan under each; the variant; named plots."""
    side = math.ceil(math.sqrt(blocks))
    place = np.column_stack([np.arange(blocks) % side, np.arange(blocks) // side]) * CELL
    extent = CELL * [side, math.ceil(blocks / side)]
    land = shapely.box(place[:, 0], place[:, 1] + STREET, *(place + CELL).T)
    variant = Variant("v", "Quartier", tuple(_block(number, *corner) for number, corner in enumerate(place.tolist())))
    rules = PartArea("WA", None, form="o", storeys=4, grz=0.4, gfz=1.2)
    quarter = shapely.box(0.0, 0.0, *extent)
    windows = [replace(rules, geometry=one.buffer(-3.0, join_style="mitre")) for one in land]
    plan = Plan("q", "Quartier", "1", quarter, "2023", parts=[replace(rules, geometry=quarter)], overbuildable=windows)
    streets = shapely.box(0.0, place[::side, 1], extent[0], place[::side, 1] + STREET)
    random = np.random.Generator(np.random.PCG64(3))
    stems = random.uniform(-50.0, extent + 50.0, (10 * blocks, 2))
    site = Site(
        JENA,
        _houses(houses, extent),
        _ground(extent, houses),
        trees=Trees(stems, np.full(len(stems), 12.0), np.full(len(stems), 6.0), ["Linde"] * len(stems)),
        areas=Features(np.array(streets, object), {"kind": np.full(len(streets), "traffic", object)}),
        plots=Features(np.array(land, object), {"number": np.array([str(number) for number in range(blocks)], object)}),
        plan_areas=Features(np.array([quarter], object), {"name": np.array(["Quartier"], object), "kind": np.array(["WA"], object)}),
        plan_parts=as_features([plan]),
    )
    return site, variant, [BuildingPlotEntry(name=f"Grundstück {number}", parcels=[str(number)]) for number in range(min(blocks, PLOTS))]


def _block(number: int, x: float, y: float) -> Block:
    """One of a few kinds: long and square, flat and pitched, with and without a set-back storey or a courtyard."""
    kind = ROOFS[number % len(ROOFS)]
    outline = shapely.box(x + 8.0, y + STREET + 5.0, x + 34.0, y + STREET + 17.0)
    if number % 7 == 3:
        outline = outline.difference(shapely.box(x + 14.0, y + STREET + 9.0, x + 34.0, y + STREET + 17.0))
    roof = Roof(kind, 0.0 if kind == "flat" else 35.0)
    return Block(f"B{number}", outline, 3, f"Haus {number}", roof=roof, set_back=2.0 if number % 6 == 0 else 0.0)


def _ground(extent: FloatArray, houses: int) -> Terrain:
    wide = AROUND * math.ceil(math.sqrt(houses)) / 2 + float(extent.max())
    axis = np.arange(-wide, wide + float(extent.max()), 5.0)
    x, y = np.meshgrid(axis, axis)
    return Terrain(JENA, -wide, -wide, 5.0, town.ground_height(x, y).astype(np.float32))


def _houses(number: int, extent: FloatArray) -> CityModel:
    """Boxes on a grid around the blocks: each with ground, roof and four walls."""
    reach = math.ceil((math.sqrt(number * AROUND**2 + float(extent.prod())) + float(extent.max())) / AROUND)
    grid = (np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2), -1).reshape(-1, 2)) * AROUND
    outside = ((grid + AROUND <= 0.0) | (grid >= extent)).any(axis=1)
    near = np.argsort(np.abs(grid - extent / 2).max(axis=1), kind="stable")
    place = grid[near[outside[near]]][:number] + 8.0
    low = town.ground_height(*place.T)
    corners = place[:, None] + np.array([(0.0, 0.0), (14.0, 0.0), (14.0, 11.0), (0.0, 11.0)])
    height = 6.0 + np.arange(number) % 5 * 3.0
    points = np.concatenate(
        [np.dstack([corners, np.repeat(z[:, None], 4, axis=1)]) for z in (low - 0.5, low + height)], axis=1
    )  # (houses, 8, 3)
    faces = np.array([(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)])
    surfaces = np.arange(6 * number)
    quads = 4 * surfaces[:, None]
    triangles = np.stack([quads + np.array([0, 1, 2]), quads + np.array([0, 2, 3])], axis=1).reshape(-1, 3)
    return CityModel(
        origin=JENA,
        points=points[:, faces].reshape(-1, 3),
        ring_start=np.arange(0, 24 * number + 1, 4, dtype=np.int32),
        ring_surface=surfaces.astype(np.int32),
        triangles=triangles.astype(np.int32),
        triangle_surface=np.repeat(surfaces, 2).astype(np.int32),
        surface_building=np.repeat(np.arange(number), 6).astype(np.int32),
        surface_semantics=np.tile([Semantics.GROUND, Semantics.ROOF, *[Semantics.WALL] * 4], number).astype(np.uint8),
        surface_id=[""] * len(surfaces),
        building_id=[f"H{k}" for k in range(number)],
        building_named=np.ones(number, bool),
        building_parent=np.full(number, -1, np.int32),
        building_lod=np.full(number, 2, np.uint8),
        measured_height=height,
        storeys=np.where(np.arange(number) % 3 == 0, 0, height // 3).astype(np.int32),
        roof_type=["1000"] * number,
        function=["31001_1000"] * number,
        attributes=[{} for _ in range(number)],
        building_file=np.zeros(number, np.int32),
        files=["made up"],
    )
