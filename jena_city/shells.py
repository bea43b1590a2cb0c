"""Bodies made ready to be written: coordinates in whole millimetres, and which of them are closed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyproj

from . import crs as crs_names
from .arrays import IntArray
from .model import CityModel, Semantics
from .origin import Origin
from .problems import Report
from .themes import THEME_OF
from .triangulate import ring_normals

NO_SHELL = (Semantics.INSTALLATION, Semantics.INTERIOR)  # what is no part of the outer shell
MOST_NAMED = 5  # changed ids that the report names one by one
SEAM = 2.0  # millimetres by which points may stand beside an edge that they lie on: rounding
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NC_NAME = re.compile(r"[^\W\d][\w.-]*")


@dataclass(frozen=True, eq=False)
class Shells:
    """The faces of a city model in the coordinates of its CRS.

    points (P, 3) int64, whole millimetres; ring_start (R + 1,), ring_surface (R,) as in CityModel, without rings that are nothing any
    more at a millimetre. closed (B,) whether the faces of a row (without balconies and rooms) are a solid: as many run along every
    edge one way as the other, and they face outward.
    """

    points: npt.NDArray[np.int64]
    ring_start: IntArray
    ring_surface: IntArray
    closed: npt.NDArray[np.bool_]
    surface_building: IntArray

    @cached_property
    def _order(self) -> tuple[IntArray, IntArray]:
        building = self.surface_building[self.ring_surface]
        order = np.argsort(building, kind="stable")
        return order, np.searchsorted(building[order], np.arange(len(self.closed) + 1))

    def faces(self, row: int) -> dict[int, list[slice]]:
        """The faces of a row: the number of each surface and where the points of its rings stand, outer ring first."""
        order, bounds = self._order
        found: dict[int, list[slice]] = {}
        for ring in order[bounds[row] : bounds[row + 1]].tolist():
            found.setdefault(int(self.ring_surface[ring]), []).append(slice(int(self.ring_start[ring]), int(self.ring_start[ring + 1])))
        return found


def shells(city: CityModel) -> Shells:
    """Round a model to millimetres and see which bodies are closed."""
    offset = np.array([city.origin.easting, city.origin.northing, 0], np.int64) * 1000
    points = np.rint(city.points * 1000).astype(np.int64).reshape(-1, 3) + offset
    count = np.diff(city.ring_start)
    ring = np.repeat(np.arange(len(count)), count)
    before = np.arange(len(points)) - 1
    before[city.ring_start[:-1]] = city.ring_start[1:] - 1
    keep = (points != points[before]).any(axis=1)
    left = np.bincount(ring[keep], minlength=len(count))
    good = left >= 3
    outer = np.ones(len(count), bool)
    outer[1:] = city.ring_surface[1:] != city.ring_surface[:-1]
    lost = np.zeros(len(city.surface_building), bool)  # a face whose outer ring is gone has no holes either
    lost[city.ring_surface[outer & ~good]] = True
    good &= ~lost[city.ring_surface]
    points = points[keep & good[ring]]
    start = np.concatenate([[0], np.cumsum(left[good])]).astype(np.int64)
    surface = city.ring_surface[good]
    return Shells(points, start, surface, _closed(city, points, start, surface), city.surface_building)


def _closed(city: CityModel, points: npt.NDArray[np.int64], start: IntArray, surface: IntArray) -> npt.NDArray[np.bool_]:
    rows = len(city.building_id)
    ring = np.repeat(np.arange(len(surface)), np.diff(start))
    in_shell = ~np.isin(city.surface_semantics[surface], NO_SHELL)
    building = city.surface_building[surface]
    places, corner = np.unique(np.column_stack([building[ring], points]), axis=0, return_inverse=True)
    corner = corner.reshape(-1).astype(np.int64)
    following = np.arange(len(points)) + 1
    following[start[1:] - 1] = start[:-1]
    shown = in_shell[ring]
    one, other, owner = corner[shown], corner[following][shown], building[ring][shown]
    number = len(points) + 1
    _, edge = np.unique(np.concatenate([one * number + other, other * number + one]), return_inverse=True)
    edge = edge.reshape(-1)
    there, back = np.bincount(edge[: len(one)], minlength=len(edge)), np.bincount(edge[len(one) :], minlength=len(edge))
    wrong = (there[edge[: len(one)]] != 1) | (back[edge[: len(one)]] != 1)
    closed = np.zeros(rows, bool)
    closed[owner] = True
    closed[owner[wrong]] = False
    for row, edges in _by_owner(owner[wrong], np.column_stack([one, other])[wrong]):
        closed[row] = _meet(edges, places)
    middle = np.zeros((rows, 3))
    if len(points):
        middle[building[::-1]] = points[start[:-1]][::-1]  # any point of the body: large coordinates would cost precision
        local = (points - middle[building][ring]) / 1000.0
        part = np.einsum("ij,ij->i", local[start[:-1]], ring_normals(local, start)) / 3.0
        volume = np.bincount(building[in_shell], part[in_shell], minlength=rows)
        closed &= volume > 0
    return closed


def _by_owner(owner: IntArray, edges: IntArray) -> Iterator[tuple[int, IntArray]]:
    order = np.argsort(owner, kind="stable")
    rows, first = np.unique(owner[order], return_index=True)
    yield from zip(rows.tolist(), np.split(edges[order], first[1:]), strict=True) if len(rows) else ()


def _meet(edges: IntArray, places: npt.NDArray[np.int64]) -> bool:
    """Whether edges (n, 2) that have not just one opposite have it in pieces: points of a face may stand along a neighbour's edge.

    places : (V, 4), row of the building and coordinates in millimetres.
    """
    used = np.unique(edges)
    spots = (places[used, 1:] - places[used[0], 1:]).astype(np.float64)
    found: Counter[tuple[int, int]] = Counter()
    for a, b in np.searchsorted(used, edges).tolist():
        along = spots[b] - spots[a]
        length = float(np.linalg.norm(along))
        share = (spots - spots[a]) @ along / length**2
        off = np.linalg.norm(spots - spots[a] - share[:, None] * along, axis=1)
        between = np.flatnonzero((off <= SEAM) & (share * length > SEAM) & ((1 - share) * length > SEAM))
        chain = [a, *between[np.argsort(share[between])].tolist(), b]
        for one, other in pairwise(chain):
            found[one, other] += 1
    return all(number == found[other, one] for (one, other), number in list(found.items()))


def say_what_is_open(city: CityModel, made: Shells, where: str, report: Report) -> None:
    """Report the buildings that can only be written as faces, and faces too small for millimetres."""
    with_faces = np.zeros(len(city.building_id), bool)
    with_faces[city.surface_building[~np.isin(city.surface_semantics, NO_SHELL)]] = True
    with_faces &= (city.building_lod > 0) & np.array([kind not in THEME_OF for kind in city.kind], bool)  # roads and trees always are
    names = [city.building_id[row] for row in np.flatnonzero(with_faces & ~made.closed)]
    if names:
        some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        report.add("open-body", where, "", f"{len(names)} bodies are not closed and are written as faces without a solid: {some}")
    if gone := len(city.surface_building) - len(np.unique(made.ring_surface)):
        report.add("face-too-small", where, "", f"{gone} faces are thinner than a millimetre and are left out")


def clean(value: object) -> str:
    """A text without the characters that XML cannot hold."""
    return _NO_XML.sub("", str(value))


def unique(names: Sequence[str], where: str, report: Report, *, xml: bool = False) -> list[str]:
    """Names as ids of a file: each once, and in XML such as an id may be. What had to be changed is reported."""
    made: list[str] = []
    taken: set[str] = set()
    kept = set(names)
    changed = 0
    for name in names:
        new = name or "_"
        if xml and not _NC_NAME.fullmatch(new):
            new = re.sub(r"[^\w.-]", "_", new)
            new = new if _NC_NAME.fullmatch(new) else f"_{new}"
        base, number = new, 2
        while new in taken or (new != name and new in kept):
            new, number = f"{base}_{number}", number + 1
        changed += new != name
        if new != name and changed <= MOST_NAMED:
            report.add("id-changed", where, name, f"written as {new}: ids must be unique{' and begin with a letter' if xml else ''}")
        taken.add(new)
        made.append(new)
    if changed > MOST_NAMED:
        report.add("id-changed", where, "", f"{changed - MOST_NAMED} more ids are changed for the same reason")
    return made


def epsg(origin: Origin) -> tuple[str, str]:
    """The codes of an origin's horizontal and vertical CRS ("25832", "7837"), "" where there is none."""
    horizontal = origin.crs.removeprefix("EPSG:") if origin.crs.startswith("EPSG:") else ""
    return horizontal, crs_names.vertical_code(origin.height_system)


def compound(horizontal: str, vertical: str) -> str:
    """The one code that means both, "" where EPSG has none."""
    authority = pyproj.CRS.from_user_input(f"EPSG:{horizontal}+{vertical}").to_authority()
    return str(authority[1]) if authority and authority[0] == "EPSG" else ""
