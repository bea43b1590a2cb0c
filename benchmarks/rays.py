"""How fast our ray caster answers, beside a loop over Blender's BVHTree and beside bare embreex, in one run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from ..analyses.rays import Raycaster, morton_order
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.problems import InputProblem, Progress, no_progress
from . import town

LOOP_PIECES, LOOP_PIECE = 10, 10_000  # the Python loop is timed on so many stretches of the rays: it would take minutes for all
BARE_PIECE = 16_384  # rays that bare embreex is given at a time: what was fastest
TURNS = 3  # of each run for those that take tenths of a second: whatever else the machine does hits them hardest
ELEVATION = 10.0  # degrees


def run(*, houses: int = 20_000, sensors: int = 1_000_000, runs: int = 5, progress: Progress = no_progress) -> dict[str, Any]:
    """Rays from sensors towards one low sun. Every engine gets the same rays about the same centre; runs are interleaved,
    and in each those that answer in tenths of a second have three turns.

    Returns rows (engine, million rays a second: best and median of the runs, share blocked) and ratios of the best.
    """
    progress(0.0, "building the town")
    vertices, triangles = town.build(houses)
    places = town.sensors(vertices, triangles, sensors)
    order = morton_order(places)
    ordered = places[order]
    azimuth, elevation = np.radians(140.0), np.radians(ELEVATION)
    sun = np.array([[np.sin(azimuth) * np.cos(elevation), np.cos(azimuth) * np.cos(elevation), np.sin(elevation)]])
    caster = Raycaster(vertices, triangles, "embree")
    bare = _bare_embree(vertices, triangles)
    loop = _loop(vertices, triangles)
    starts = np.linspace(0, max(len(ordered) - LOOP_PIECE, 0), LOOP_PIECES).astype(int)
    part = np.unique(starts[:, None] + np.arange(min(LOOP_PIECE, len(ordered))))  # neighbours stay neighbours
    engines: dict[str, tuple[int, Callable[[], Any]]] = {
        "ours, rays in any order": (len(places), lambda: caster.blocked(places, sun)),
        "ours, sorted rays": (len(places), lambda: caster.blocked(ordered, sun, presorted=True)),
        "bare embreex, sorted rays": (len(places), lambda: bare(ordered, sun)),
        "BVHTree loop, sorted rays": (len(part), lambda: loop(ordered[part], sun)),
        "BVHTree loop, rays in any order": (len(part), lambda: loop(places[part], sun)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    blocked: dict[str, float] = {}
    short = [name for name, (count, _) in engines.items() if count == len(places)]
    turns = [*short * TURNS, *(name for name in engines if name not in short)]
    for number in range(runs):
        for index, name in enumerate(turns):
            engine = engines[name][1]
            progress((number + index / len(turns)) / runs, name)
            start = time.perf_counter()
            answer = engine()
            seconds[name].append(time.perf_counter() - start)
            blocked[name] = float(np.mean(answer))
    rates = {name: sorted((engines[name][0] / taken / 1e6 for taken in times), reverse=True) for name, times in seconds.items()}
    best = {name: values[0] for name, values in rates.items()}
    rows = [
        {
            "engine": name,
            "rays": engines[name][0],
            "best Mrays/s": round(values[0], 3),
            "median Mrays/s": round(float(np.median(values)), 3),
            "blocked": round(blocked[name], 4),
        }
        for name, values in rates.items()
    ]
    ours = best["ours, sorted rays"]
    return {
        "houses": houses,
        "triangles": len(triangles),
        "threads": os.cpu_count(),
        "rows": rows,
        "ratios": {
            "the BVHTree loop on the same sorted rays": round(ours / best["BVHTree loop, sorted rays"], 1),
            "the BVHTree loop on rays in any order": round(ours / best["BVHTree loop, rays in any order"], 1),
            "bare embreex on as many threads": round(ours / best["bare embreex, sorted rays"], 2),
        },
    }


Query = Callable[[FloatArray, FloatArray], Any]


def _bare_embree(vertices: FloatArray, triangles: IntArray) -> Query:
    """embreex as its own documentation uses it, with the rays cut into pieces for as many threads as there are, and nothing else."""
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    scene = EmbreeScene(robust=True)
    mesh = TriangleMesh(scene, vertices.astype(np.float32), triangles.astype(np.int32))
    threads = os.cpu_count() or 1
    pool = ThreadPoolExecutor(threads)

    def query(origins: FloatArray, direction: FloatArray) -> Any:
        assert mesh is not None  # the scene does not keep it alive
        pieces = np.array_split(origins.astype(np.float32), max(threads, len(origins) // BARE_PIECE))
        towards = direction.astype(np.float32)
        return np.concatenate(list(pool.map(lambda piece: scene.run(piece, towards, query="OCCLUDED"), pieces))) >= 0

    return query


def _loop(vertices: FloatArray, triangles: IntArray) -> Query:
    """What a Blender script does: BVHTree.ray_cast in a Python loop."""
    try:
        import bpy  # noqa: F401 - mathutils comes with it
        from mathutils import Vector
        from mathutils.bvhtree import BVHTree
    except ImportError as error:
        raise InputProblem("bench rays", "Blender as a Python module is not installed", "pip install jena-planner[bpy]") from error
    tree = BVHTree.FromPolygons(vertices.tolist(), triangles.tolist(), all_triangles=True)

    def query(origins: FloatArray, direction: FloatArray) -> Any:
        towards = Vector(direction[0])
        return np.array([tree.ray_cast(Vector(origin), towards)[0] is not None for origin in origins])

    return query
