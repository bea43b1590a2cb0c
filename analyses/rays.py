"""Rays against triangles: two engines behind one pair of functions, with the same answers.

embreex (Intel Embree) is the default, on a thread pool; mathutils.bvhtree (Blender's own) is always there in Blender and is
the second opinion in tests.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.problems import InputProblem

Backend = Literal["auto", "embree", "bvh"]
Float32 = npt.NDArray[np.float32]
Work = Callable[[int], None]
_SLICE = 16384  # rays given to a thread at a time: long enough to be worth it, short enough to share evenly
_FAR = np.float32(1e30)


@dataclass(frozen=True)
class Hits:
    """distance : (n,) metres, inf where nothing is hit. triangle : (n,) index into the triangles given, -1 where nothing is hit."""

    distance: FloatArray
    triangle: npt.NDArray[np.int64]


_threads = os.cpu_count() or 1


def use_threads(number: int) -> None:
    """How many threads trace from now on; 0: as many as the machine has."""
    global _threads
    _threads = number or os.cpu_count() or 1


def pool() -> ThreadPoolExecutor:
    """The threads that trace."""
    return _pool(_threads)


@lru_cache(maxsize=1)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="jena-rays")


def spread(work: Callable[[int], None], begins: Sequence[int]) -> None:
    """Do work for each of some beginnings on the threads that trace rays. For compiled code and such as lets go of the interpreter."""
    if _threads > 1 and len(begins) > 1:
        list(_pool(_threads).map(work, begins))
    else:
        for begin in begins:
            work(begin)


def morton_order(points: FloatArray) -> npt.NDArray[np.int64]:
    """(n,) order in which neighbours in space follow each other (Z curve, 21 bits an axis): rays in that order share memory."""
    if not len(points):
        return np.zeros(0, np.int64)
    low = points.min(axis=0)
    extent = max(float((points.max(axis=0) - low).max()), 1e-9)
    cells = ((points - low) / extent * 0x1FFFFF).astype(np.uint64)
    key = _spread(cells[:, 0]) | (_spread(cells[:, 1]) << np.uint64(1)) | (_spread(cells[:, 2]) << np.uint64(2))
    return np.argsort(key, kind="stable")


def _spread(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Two empty bits after each of the 21 lowest bits."""
    value = value & np.uint64(0x1FFFFF)
    for shift, mask in (
        (32, 0x1F00000000FFFF),
        (16, 0x1F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ):
        value = (value | (value << np.uint64(shift))) & np.uint64(mask)
    return value


def _have_area(vertices: FloatArray, triangles: IntArray) -> npt.NDArray[np.bool_]:
    """(t,) which triangles can be hit; a million at a time, to bound the memory."""
    found = np.empty(len(triangles), bool)
    for begin in range(0, len(triangles), 1_000_000):
        a, b, c = (vertices[triangles[begin : begin + 1_000_000, k]] for k in range(3))
        found[begin : begin + len(a)] = np.isfinite(a + b + c).all(axis=1) & (np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-10)
    return found


class Raycaster:
    """Triangles that rays can hit, from both sides.

    vertices (v, 3) float64 metres; triangles (t, 3) indices. Triangles without area are left out (they cannot be hit).
    backend : "embree", "bvh", or "auto" (embree where it is installed). centre (3,) : about which coordinates are most exact; None: the
    middle of all triangles. Raises InputProblem when the one asked for is missing.

    Inside, coordinates are float32 about the centre. The answer for a ray depends on nothing but the ray and the
    triangles: not on the order, the number of rays in a call, or the number of threads.
    """

    def __init__(self, vertices: FloatArray, triangles: IntArray, backend: Backend = "auto", centre: FloatArray | None = None) -> None:
        vertices = np.asarray(vertices, np.float64).reshape(-1, 3)
        triangles = np.asarray(triangles).reshape(-1, 3)
        self._original = np.flatnonzero(_have_area(vertices, triangles))
        triangles = triangles[self._original]
        used = np.zeros(len(vertices), bool)
        used[triangles] = True
        corners = vertices[used]
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2 if len(corners) else np.zeros(3)
        self._centre = middle if centre is None else np.asarray(centre, np.float64)
        self._box = (corners.min(axis=0), corners.max(axis=0)) if len(corners) else None
        self._engine: _Embree | _Bvh | None = None
        if len(triangles):
            self._engine = _engine(backend)(
                np.nan_to_num(vertices - self._centre).astype(np.float32), np.ascontiguousarray(triangles, np.int32)
            )

    def blocked(
        self, origins: FloatArray, directions: FloatArray, max_distance: Any = np.inf, *, presorted: bool = False
    ) -> npt.NDArray[np.bool_]:
        """Whether each ray hits anything nearer than max_distance.

        origins (n, 3); directions (n, 3) or (1, 3), unit; max_distance : metres, one number or (n,). presorted : the origins
        come in an order in which neighbours follow each other (see `morton_order`), so they need not be sorted here.
        """
        if self._engine is None or not len(origins):
            return np.zeros(len(origins), bool)
        return np.asarray(self._cast(self._engine.blocked, bool, origins, directions, max_distance, presorted))

    def first_hit(self, origins: FloatArray, directions: FloatArray, *, presorted: bool = False) -> Hits:
        """The nearest hit of each ray. origins (n, 3); directions (n, 3) or (1, 3), unit. presorted : see `blocked`."""
        if self._engine is None or not len(origins):
            return Hits(np.full(len(origins), np.inf), np.full(len(origins), -1))
        found = self._cast(
            self._engine.first_hit, np.dtype([("distance", np.float32), ("triangle", np.int32)]), origins, directions, np.inf, presorted
        )
        hit = found["triangle"] >= 0
        distance = np.where(hit, found["distance"].astype(np.float64), np.inf)
        triangle = np.full(len(found), -1)
        triangle[hit] = self._original[found["triangle"][hit]]
        return Hits(distance, triangle)

    @property
    def centre(self) -> FloatArray:
        """(3,) about which coordinates are kept."""
        return self._centre

    @property
    def box(self) -> tuple[FloatArray, FloatArray] | None:
        """(3,), (3,) lowest and highest corner of all triangles; None where there are none."""
        return self._box

    @property
    def threaded(self) -> bool:
        """Whether several threads may ask at once, and gain by it."""
        return self._engine is None or self._engine.threaded

    def near(self, origins: FloatArray) -> Float32:
        """Origins (n, 3) as `blocked_here` takes them: about the centre."""
        return (np.asarray(origins, np.float64) - self._centre).astype(np.float32)

    def blocked_here(self, near: Float32, direction: FloatArray) -> npt.NDArray[np.bool_]:
        """As `blocked`, all in one direction (3,), in the calling thread and in the order given. near (n, 3) : see `near`."""
        if self._engine is None or not len(near):
            return np.zeros(len(near), bool)
        return np.asarray(self._engine.blocked(near, np.asarray(direction, np.float32)[None], None))

    def _cast(self, query: Any, kind: Any, origins: FloatArray, directions: FloatArray, far: Any, presorted: bool) -> Any:
        """Sort, cut into slices, let the threads bring them near and answer, put the answers back into the callers' order."""
        places = np.asarray(origins, np.float64)
        towards = np.ascontiguousarray(np.asarray(directions, np.float64).reshape(-1, 3), np.float32)
        reach = None if np.isscalar(far) and far == np.inf else np.minimum(np.broadcast_to(np.asarray(far, np.float32), len(places)), _FAR)
        order = morton_order(places) if not presorted and len(places) > _SLICE else None
        answer = np.zeros(len(places), kind)

        def work(begin: int) -> None:
            part: Any = slice(begin, begin + _SLICE) if order is None else order[begin : begin + _SLICE]
            way, to = towards if len(towards) == 1 else towards[part], None if reach is None else reach[part]
            answer[part] = query(self.near(places[part]), way, to)

        begins = range(0, len(places), _SLICE)
        if self._engine is not None and self._engine.threaded and len(begins) > 1:
            list(pool().map(work, begins))
        else:
            for begin in begins:
                work(begin)
        return answer


class Layers:
    """Two sets of triangles asked as one, with the answers of a Raycaster over both about the same centre: those of the second are
    numbered after those of the first, which may have layers of its own."""

    def __init__(self, first: Raycaster | Layers, triangles: int, second: Raycaster) -> None:
        """triangles : how many the first was given."""
        self.first, self.second = first, second
        self._triangles = triangles

    def blocked(
        self, origins: FloatArray, directions: FloatArray, max_distance: Any = np.inf, *, presorted: bool = False
    ) -> npt.NDArray[np.bool_]:
        """See `Raycaster.blocked`."""
        found = self.first.blocked(origins, directions, max_distance, presorted=presorted)
        if self.second.box is None or found.all():
            return found
        return found | self.second.blocked(origins, directions, max_distance, presorted=presorted)

    def first_hit(self, origins: FloatArray, directions: FloatArray, *, presorted: bool = False) -> Hits:
        """See `Raycaster.first_hit`."""
        one = self.first.first_hit(origins, directions, presorted=presorted)
        if self.second.box is None:
            return one
        other = self.second.first_hit(origins, directions, presorted=presorted)
        nearer = other.distance < one.distance
        return Hits(np.where(nearer, other.distance, one.distance), np.where(nearer, other.triangle + self._triangles, one.triangle))


Rays = Raycaster | Layers


def _engine(backend: Backend) -> type[_Embree] | type[_Bvh]:
    if backend != "bvh":
        try:
            import embreex.rtcore_scene  # noqa: F401
        except ImportError as error:
            if backend == "embree":
                raise InputProblem("rays", "embreex is not installed", "pip install embreex, or use the BVH of Blender") from error
        else:
            return _Embree
    return _Bvh


class _Embree:
    threaded = True  # embreex releases the interpreter while it traces

    def __init__(self, vertices: Float32, triangles: npt.NDArray[np.int32]) -> None:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

        self._scene = EmbreeScene(robust=True)
        self._mesh = TriangleMesh(self._scene, vertices, triangles)

    def blocked(self, origins: Float32, directions: Float32, far: Float32 | None) -> Any:
        return self._scene.run(origins, directions, dists=None if far is None else np.ascontiguousarray(far), query="OCCLUDED") >= 0

    def first_hit(self, origins: Float32, directions: Float32, _far: Float32 | None) -> Any:
        found = self._scene.run(origins, directions, output=1)
        answer = np.zeros(len(origins), [("distance", np.float32), ("triangle", np.int32)])
        answer["distance"], answer["triangle"] = found["tfar"], found["primID"]
        return answer


class _Bvh:
    threaded = False  # mathutils holds the interpreter: threads would only slow it

    def __init__(self, vertices: Float32, triangles: npt.NDArray[np.int32]) -> None:
        try:
            import bpy  # noqa: F401 - mathutils comes with it
            from mathutils.bvhtree import BVHTree
        except ImportError as error:
            raise InputProblem("rays", "mathutils comes with Blender, which is not here", "pip install jena-planner[bpy]") from error
        self._tree = BVHTree.FromPolygons(vertices.tolist(), triangles.tolist(), all_triangles=True)

    def blocked(self, origins: Float32, directions: Float32, far: Float32 | None) -> Any:
        return self._each(origins, directions, far)["triangle"] >= 0

    def first_hit(self, origins: Float32, directions: Float32, far: Float32 | None) -> Any:
        return self._each(origins, directions, far)

    def _each(self, origins: Float32, directions: Float32, far: Float32 | None) -> Any:
        answer = np.zeros(len(origins), [("distance", np.float32), ("triangle", np.int32)])
        one = directions[0].tolist() if len(directions) == 1 else None
        cast = self._tree.ray_cast
        for k, origin in enumerate(origins.tolist()):
            towards = one if one is not None else directions[k].tolist()
            _, _, triangle, distance = cast(origin, towards) if far is None else cast(origin, towards, float(far[k]))
            answer[k] = (np.inf, -1) if triangle is None else (distance, triangle)
        return answer
