"""What looking from places and at things has in common: the settings, eyes above the ground, lines of sight, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import Field

from ..jena_city import viewing
from ..jena_city.applied import AROUND, BLOCK, BUILDING, Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem
from ..jena_city.viewing import Axis, Landmark, Viewpoint
from .foliage import foliage
from .measuring import NO_TREES, Mask
from .obstacles import Obstacles
from .rays import Raycaster, Rays
from .settings import Settings
from .viewshed import NEAR, REFRACTION, sunk

CLOSE = 0.05  # metres before the end of a line of sight within which a hit is the end itself
MOST_EYES = 2000  # samples of one path or area
_TOP = 10.0  # metres above everything, from where to look down


class Looking(Settings):
    """Settings of what looks from the project's viewpoints, along its axes and at its landmarks."""

    from_project = ("time_zone", "viewpoints", "axes", "landmarks")
    viewpoints: list[Viewpoint] = []
    axes: list[Axis] = []
    landmarks: list[Landmark] = []
    refraction: float = Field(default=REFRACTION, ge=0, lt=1)
    """share of the Earth's curvature that light follows; both count beyond 2 km."""

    def located(self, folder: Path, origin: Origin) -> Self:
        words = {"viewpoints": "Standpunkt", "axes": "Achse", "landmarks": "Ziel"}
        read = {key: viewing.located(getattr(self, key), folder, origin, word) for key, word in words.items()}
        return self.model_copy(update=read)


@dataclass(frozen=True)
class Eyes:
    """Places that are looked from. points (n, 3); names (n,), that of the viewpoint, with a number along paths and in areas."""

    points: FloatArray
    names: list[str]


def eyes(viewpoints: list[Viewpoint], names: str, spacing: float, town: Obstacles) -> Eyes:
    """The viewpoints with these names (see `viewing.chosen`), paths and areas as samples `spacing` metres apart.

    Raises InputProblem where there are none, where two are the same, and for one outside the terrain or inside a building; of paths and
    areas such samples are left out, as long as there are others."""
    wanted = viewing.chosen(viewpoints, names, "viewpoints")
    if not wanted:
        raise InputProblem("viewpoints", "the project names none", "Add [[viewpoints]] to project.toml, or put one with the mouse")
    places, said = [], []
    for number, one in enumerate(wanted):
        for other in wanted[:number]:
            if one.at is not None and other.at == one.at and other.eye == one.eye:
                raise InputProblem(f"viewpoint {one.name}", f"it stands where {other.name} stands", "Remove one of them, or choose by name")
        xy = _samples(one, town.applied.site.origin, spacing)
        found = _lifted(xy, one.eye, town)
        keep = ~np.isnan(found[:, 2])
        if not keep.any():
            if np.isnan(ground_at(xy, town.applied)).all():
                raise InputProblem(f"viewpoint {one.name}", "it lies outside the terrain", "Move it, or add terrain")
            raise InputProblem(f"viewpoint {one.name}", "it lies inside a building", "Move it, or raise its eye above the roof")
        places.append(found[keep])
        count = int(keep.sum())
        said += [one.name] if count == 1 else [f"{one.name} {k}" for k in range(1, count + 1)]
    return Eyes(np.concatenate(places), said)


def _samples(one: Viewpoint, origin: Origin, spacing: float) -> FloatArray:
    """(n, 2) in the scene."""
    if one.at is not None:
        return np.asarray(origin.to_local(np.array([one.at])))
    if one.path:
        line = shapely.LineString(origin.to_local(np.array(one.path)))
        count = max(min(int(line.length / spacing), MOST_EYES - 1), 1)
        return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, np.linspace(0, line.length, count + 1))))
    area = shapely.Polygon(origin.to_local(np.array(one.area)))
    spacing = max(spacing, float(np.sqrt(area.area / MOST_EYES)))
    west, south, east, north = area.bounds
    x, y = (np.arange(low + spacing / 2, high, spacing) for low, high in ((west, east), (south, north)))
    grid = np.array([axis.ravel() for axis in np.meshgrid(x, y)]).T.reshape(-1, 2)
    inside = grid[shapely.contains_xy(area, grid[:, 0], grid[:, 1])] if len(grid) else grid
    return inside if len(inside) else np.array(area.representative_point().coords)


def _lifted(xy: FloatArray, above: float, town: Obstacles) -> FloatArray:
    """(n, 3) the eyes, of height NaN where nobody can stand: outside the terrain, and inside buildings."""
    ground = ground_at(xy, town.applied)
    points = np.column_stack([xy, ground + max(above, CLOSE)])
    house, top = roof_at(xy, town)
    points[house & (points[:, 2] < top), 2] = np.nan
    return points


def ground_at(xy: FloatArray, applied: Applied) -> FloatArray:
    """(n,) heights of the ground, NaN outside. Raises InputProblem without terrain."""
    terrain = applied.site.terrain
    if terrain is None:
        raise InputProblem("views", "the project has no terrain", "Name terrain files in project.toml")
    return np.asarray(terrain.height_at(xy))


def roof_at(xy: FloatArray, town: Obstacles) -> tuple[npt.NDArray[np.bool_], FloatArray]:
    """(n,) whether a building or block is the highest thing at places (n, 2), and (n,) the height of whatever is, NaN where nothing is."""
    high = float(town.occluders.vertices[:, 2].max()) + _TOP if len(town.occluders.vertices) else _TOP
    hits = town.rays.first_hit(np.column_stack([xy, np.full(len(xy), high)]), np.array([[0.0, 0.0, -1.0]]))
    hit = hits.triangle >= 0
    house = np.zeros(len(xy), bool)
    house[hit] = np.isin(town.occluders.kind[hits.triangle[hit]], (BUILDING, BLOCK))
    return house, np.where(hit, high - hits.distance, np.nan)


@lru_cache(maxsize=2)
def _bent(town: Obstacles, refraction: float) -> Raycaster:
    """The town on a curved Earth, as `sunk` straightens lines of sight."""
    return Raycaster(sunk(town.occluders.vertices, refraction), town.occluders.triangles)


@lru_cache(maxsize=2)
def _bent_crowns(town: Obstacles, refraction: float) -> tuple[Raycaster, ...]:
    vertices, triangles, _ = foliage(town.applied)
    return (Raycaster(sunk(vertices, refraction), triangles),)


@dataclass(frozen=True)
class Sight:
    """What lines of sight are held against. rays : the town. crowns : the trees, where they count. straight : what becomes of places (n, 3)
    before; beyond 2 km it lowers them, for the Earth is curved."""

    rays: Rays
    crowns: tuple[Raycaster, ...]
    straight: Callable[[FloatArray], FloatArray]

    def blocked(self, origins: FloatArray, directions: FloatArray, reach: FloatArray, *, presorted: bool = False) -> Mask:
        """(n,) whether each line is hidden, see `Raycaster.blocked`."""
        found = self.rays.blocked(origins, directions, reach, presorted=presorted)
        for crown in self.crowns:
            free = np.flatnonzero(~found)
            if crown.box is None or not len(free):
                continue
            found[free] = crown.blocked(origins[free], directions[free], reach[free], presorted=presorted)
        return found


def sight(town: Obstacles, refraction: float, farthest: float, *, trees: bool = False) -> Sight:
    """What lines of sight up to so many metres are held against."""
    if farthest <= NEAR:
        return Sight(town.rays, town.crowns if trees else (), lambda places: places)
    crowns = _bent_crowns(town, refraction) if trees else ()
    return Sight(_bent(town, refraction), crowns, lambda places: sunk(places, refraction))


def of_trees(counted: bool) -> str:
    """What became of trees, for the method of a result."""
    return "Bäume undurchsichtig" if counted else NO_TREES


def name_of(town: Obstacles, triangle: int) -> str:
    """What a triangle belongs to, in words."""
    kind, row = int(town.occluders.kind[triangle]), int(town.occluders.building[triangle])
    applied = town.applied
    if kind == BUILDING:
        return f"Gebäude {applied.site.city.building_id[applied.site.city.building_root[row]]}"
    if kind == BLOCK:
        block = applied.variant.blocks[-1 - row]
        return f"Baukörper {block.name or block.id}"
    return "Bauwerk" if kind == AROUND else "Gelände"


def method_of(farthest: float, refraction: float) -> str:
    """How far lines of sight were straight, for the method of a result; "" where the Earth is flat."""
    return f"Erdkrümmung mit Refraktion {refraction:g}".replace(".", ",") if farthest > NEAR else ""
