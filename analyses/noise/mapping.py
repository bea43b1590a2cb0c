"""Maps of noise on the ground and at façades: levels of sources alone and together, and by how much they exceed a value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...jena_city.arrays import FloatArray
from ...jena_city.model import Semantics
from ...jena_city.problems import Progress, stretch
from ...jena_city.result import Grid, Result
from .. import sensors
from ..measuring import Measure, Quantity, Spot, Values, area, measured
from ..obstacles import Obstacles
from . import levels
from .asked import NoiseMap
from .colours import CHANGE, EXCESS, classes
from .facades import quiet_sides
from .octaves import energy_sum
from .sounding import Levels, Source, title_of, with_images_said
from .town import known


def noise_map(
    name: str,
    sources: Sequence[Source],
    planned: Obstacles,
    settings: NoiseMap,
    base: Obstacles | None,
    progress: Progress,
    whole: bool = False,
) -> list[Result]:
    """Levels of the first source and, where there are others, of all together, and what they exceed. With `base`, the change too.

    name : of the analysis. whole : whether all sources together are held against a value, else the first alone. Raises InputProblem.
    """
    value = settings.value
    box, far = area(planned.applied, settings), settings.distance
    reach = known(planned.applied, (box[0] - far, box[1] - far, box[2] + far, box[3] + far))
    sceneries = [source.within(reach) for source in sources]
    heard = sceneries[0](planned.applied)
    where = spots(planned, settings, base)
    where = with_images_said(where, planned, heard.around, sources[0].paths, stretch(progress, 0.0, 0.05))
    asked = [Levels(source, scenery, base, where) for source, scenery in zip(sources, sceneries, strict=True)]

    def values(places: FloatArray, normals: FloatArray | None, there: Obstacles, part: Progress) -> list[Values]:
        number = len(asked)
        level = [one(places, normals, there, stretch(part, k / number, (k + 1) / number)) for k, one in enumerate(asked)]
        found = [level[0], *([energy_sum(np.stack(level), axis=0)] if len(level) > 1 else [])]
        if value is not None:
            found.append(_excess(found[-1] if whole else found[0], value))
        return list(np.maximum(np.column_stack(found), 0.0).astype(np.float32).T)

    shown = [(sources[0].title, ""), *([(title_of(sources), "total-")] if len(sources) > 1 else [])]
    periods, colours = sources[0].periods, classes(settings.colours)
    quantities = [Quantity(f"{title} {said}", "dB(A)", colours, CHANGE, of + key) for title, of in shown for key, said in periods]
    told = [source.said(scenery(planned.applied)) for source, scenery in zip(sources, sceneries, strict=True)]
    if value is not None:
        quantities += _excesses(value, settings.area_type, "total-" if whole else "")
        told.append(value.source)
    measure = Measure(name, quantities, " · ".join(told), values)
    results = measured(measure, planned, settings, base, stretch(progress, 0.05, 1.0), spots=where)
    return [*results, *quiet_sides(planned.applied, results, settings)]


def spots(planned: Obstacles, settings: NoiseMap, base: Obstacles | None) -> list[Spot]:
    """The map at its height above the ground, and façades by storey and window axis."""
    applied, height = planned.applied, settings.height
    box = area(applied, settings)
    found = []
    if settings.ground:
        grid, valid = sensors.ground_grid(applied, box, settings.step)
        comparable = valid & ~sensors.built_on(base.applied.footprints, grid) if base else valid
        high = Grid(grid.x, grid.y, grid.step, grid.rows, grid.columns, grid.height + height - sensors.ABOVE_GROUND)
        found.append(Spot("ground", f"in {height:g} m Höhe".replace(".", ","), high, valid, comparable))
    if settings.faces:
        faces = sensors.face_cells(applied, settings.cell, box=box, semantics=(Semantics.WALL,))
        valid = sensors.uncovered(faces, planned)
        comparable = valid & sensors.uncovered(faces, base) & (faces.building >= 0) if base else valid
        found.append(Spot("faces", "an Fassaden", faces, valid, comparable))
    return found


def _excess(level: FloatArray, value: levels.Value) -> FloatArray:
    """(n, 2) by how many whole dB levels by day and night (n, 2) lie above a value; NaN where there is no level."""
    return np.column_stack([levels.excess(level[:, column], allowed) for column, allowed in enumerate((value.day, value.night))])


def _excesses(value: levels.Value, area_type: str, of: str) -> list[Quantity]:
    """The quantities of `_excess`. of : what is held against it, in their keys, "" for the first source."""
    name = {"guide": f"Orientierungswert {area_type}", "limit": f"Immissionsgrenzwert {area_type}", "threshold": "Schwelle"}[value.duty]
    parts = (("Tag", value.day, "day-over"), ("Nacht", value.night, "night-over"))
    return [Quantity(f"Überschreitung {part}, {name} {allowed:g} dB(A)", "dB", EXCESS, None, of + key) for part, allowed, key in parts]
