"""The neighbours of a proposal (§ 34 BauGB) as results: each building and block in the colour of its height, storeys, ground covered or
density; beside them the ranked list and the maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from ..jena_city import neighbour_map, neighbours
from ..jena_city.applied import Applied
from ..jena_city.files import write_text
from ..jena_city.model import Semantics
from ..jena_city.neighbours import MEASURES, Neighbourhood
from ..jena_city.problems import Progress, no_progress
from ..jena_city.result import Faces, Result
from .obstacles import Obstacles
from .settings import Settings

SCHEMA = 1


class Surroundings(Settings):
    """Settings of the analysis `surroundings`."""

    around: Literal["radius", "streets"] = "radius"
    """radius: so many metres from the blocks; streets: the block of houses between the streets."""
    radius: float = Field(default=100.0, gt=0, le=2000)
    """metres from the nearest block."""
    least_footprint: float = Field(default=36.0, ge=0, le=10_000)
    """m² of ground, below which a building is left out."""
    storey: float = Field(default=3.0, ge=2, le=10)
    """metres of height for each storey, where the data name none."""

    @property
    def stem(self) -> str:
        return f"surroundings-{self.radius:g}" if self.around == "radius" else "surroundings-streets"


def run_surroundings(
    planned: Obstacles, settings: Surroundings, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """One result for each measure that is known of a building. base : nothing is compared: both lists stand for themselves."""
    applied = planned.applied
    found = found_around(applied, settings)
    progress(0.5, "neighbours")
    support, row = _faces(applied, found)
    results = []
    for measure, (name, unit, _) in MEASURES.items():
        of_row = {one.row: getattr(one, measure) for one in found.ranked}
        values = np.array([of_row[one] for one in row.tolist()], np.float32)
        if not np.isfinite(values).any():
            continue
        results.append(
            Result(
                "surroundings",
                measure,
                f"{name} der Umgebung",
                unit,
                applied.variant.id,
                applied.site.origin,
                support,
                np.nan_to_num(values),
                np.isfinite(values),
                neighbour_map.classes(measure),
                f"Gebäude {found.words}",
                settings.model_dump(mode="json"),
            )
        )
    return results


def write_more(planned: Obstacles, settings: Surroundings, base: Path, *, town_before: Obstacles | None = None) -> list[Path]:
    """The ranked list and the maps. base : path of the files without ending. town_before : nothing is compared."""
    return write_files(planned.applied, found_around(planned.applied, settings), base)


def write_files(applied: Applied, found: Neighbourhood, base: Path) -> list[Path]:
    """The ranked list as CSV and JSON, and a map for each measure that is known of a building. base : path of the files without ending."""
    table, said = (base.with_name(f"{base.name}{ending}") for ending in (".csv", ".json"))
    write_text(table, neighbours.as_csv(found))
    content = {"schema": SCHEMA, "variant": applied.variant.id, **neighbours.as_dict(found)}
    write_text(said, json.dumps(content, ensure_ascii=False, indent=1))
    made = [table, said]
    for measure in MEASURES:
        if found.existing(measure):
            made.append(base.with_name(f"{base.name}-{measure}.png"))
            neighbour_map.write(found, measure, made[-1], applied)
    return made


def found_around(applied: Applied, settings: Surroundings) -> Neighbourhood:
    """The neighbours as the settings ask for them. Raises InputProblem."""
    return neighbours.neighbourhood(
        applied,
        radius=settings.radius,
        by_streets=settings.around == "streets",
        least_footprint=settings.least_footprint,
        storey=settings.storey,
    )


def _faces(applied: Applied, found: Neighbourhood) -> tuple[Faces, Any]:
    """The faces of all that is compared, a cell for each triangle; and the row that each belongs to."""
    city = applied.site.city
    rows = np.array([one.row for one in found.ranked if not one.is_block], np.int64)
    owner = city.building_root[city.triangle_building]
    shown = np.isin(owner, rows) & (city.surface_semantics[city.triangle_surface] != Semantics.CLOSURE)
    points, triangles = [city.points], [city.triangles[shown]]
    owners, kinds = [owner[shown].astype(np.int64)], [city.surface_semantics[city.triangle_surface[shown]]]
    for one in found.ranked:
        if one.is_block:
            body = applied.solids[-1 - one.row]
            triangles.append(body.triangles + sum(map(len, points)))
            points.append(body.vertices)
            owners.append(np.full(len(body.triangles), one.row))
            kinds.append(np.full(len(body.triangles), Semantics.WALL))
    every, corners = np.concatenate(points), np.concatenate(triangles)
    used, corners = np.unique(corners, return_inverse=True)
    vertices, corners = every[used], corners.reshape(-1, 3)
    a, b, c = (vertices[corners[:, k]] for k in range(3))
    cross = np.cross(b - a, c - a)
    length = np.linalg.norm(cross, axis=1)
    solid = length > 1e-9
    a, b, c, cross, length = (values[solid] for values in (a, b, c, cross, length))
    row, kind = np.concatenate(owners)[solid], np.concatenate(kinds)[solid].astype(np.uint8)
    support = Faces(
        (a + b + c) / 3,
        cross / length[:, None],
        length / 2,
        row.astype(np.int32),
        kind,
        vertices,
        corners[solid].astype(np.int32),
        np.arange(int(solid.sum()), dtype=np.int32),
    )
    return support, row
