"""Numbers about the city on a support (grid, faces, points or lines), with everything needed to show, compare and trust them."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .applied import NO_BUILDING
from .arrays import FloatArray, IntArray
from .files import write_text, written_beside
from .marks import Lines, Points
from .model import Semantics
from .origin import Origin
from .problems import InputProblem
from .rasters import NO_DATA, write_geotiff


@dataclass(frozen=True)
class Grid:
    """Cells on the ground. Row 0 is the southernmost, column 0 the westernmost; values run row by row.

    x, y : scene coordinates of the lower left corner of cell (0, 0). step : cell size, metres. height : (rows * columns,)
    metres, where the value was taken.
    """

    x: float
    y: float
    step: float
    rows: int
    columns: int
    height: FloatArray

    @property
    def size(self) -> int:
        return self.rows * self.columns

    @property
    def points(self) -> FloatArray:
        """(rows * columns, 3) cell centres."""
        return self.points_at(np.arange(self.size))

    def points_at(self, cells: IntArray) -> FloatArray:
        """(n, 3) centres of some cells (n,)."""
        rows, columns = np.divmod(cells, self.columns)
        return np.column_stack([self.x + (columns + 0.5) * self.step, self.y + (rows + 0.5) * self.step, self.height[cells]])


@dataclass(frozen=True)
class Faces:
    """Façades and roofs cut into cells, one value per cell.

    points, normals : (n, 3) where and facing what the value was taken (on the surface, unit, outward). area : (n,) m².
    building : (n,) row in the CityModel, or -1 - block index for a block of the variant. semantics : (n,) Semantics.
    vertices (V, 3), triangles (T, 3), triangle_cell (T,) : the cells as a mesh, for pictures.
    """

    points: FloatArray
    normals: FloatArray
    area: FloatArray
    building: IntArray
    semantics: npt.NDArray[np.uint8]
    vertices: FloatArray
    triangles: IntArray
    triangle_cell: IntArray

    @property
    def size(self) -> int:
        return len(self.points)

    def points_at(self, cells: IntArray) -> FloatArray:
        """(n, 3) points of some cells (n,)."""
        return self.points[cells]


@dataclass(frozen=True)
class Section(Faces):
    """An upright surface along a straight line, cut into cells; values run row by row from below, in each from the line's start. Shown as
    faces are; of no building.

    ends : (2, 2) of the line, scene coordinates. step : height of a cell, metres; a little less along the line, so that cells fill it.
    low : height of the lower edge. ground, roof : (columns,) heights in the middle of each column, roof NaN where no house stands.
    """

    ends: FloatArray
    step: float
    columns: int
    rows: int
    low: float
    ground: FloatArray
    roof: FloatArray

    @classmethod
    def along(cls, ends: FloatArray, step: float, columns: int, rows: int, low: float, ground: FloatArray, roof: FloatArray) -> Section:
        """The surface above a line."""
        line = ends[1] - ends[0]
        length = float(np.hypot(*line))
        column, row = np.tile(np.arange(columns), rows), np.repeat(np.arange(rows), columns)

        def at(along: FloatArray, up: FloatArray) -> FloatArray:
            return np.column_stack([ends[0] + (along / columns)[:, None] * line, low + up * step])

        across, up = np.tile(np.arange(columns + 1), rows + 1), np.repeat(np.arange(rows + 1), columns + 1)
        south = row * (columns + 1) + column
        north = south + columns + 1
        triangles = np.column_stack([south, south + 1, north + 1, south, north + 1, north]).reshape(-1, 3)
        count = rows * columns
        return cls(
            at(column + 0.5, row + 0.5),
            np.tile([line[1] / length, -line[0] / length, 0.0], (count, 1)),
            np.full(count, step * length / columns),
            np.full(count, NO_BUILDING, np.int32),
            np.full(count, Semantics.UNKNOWN, np.uint8),
            at(across.astype(float), up.astype(float)),
            triangles.astype(np.int32),
            np.repeat(np.arange(count), 2).astype(np.int32),
            ends, step, columns, rows, low, ground, roof,
        )  # fmt: skip

    @property
    def length(self) -> float:
        """Of the line, metres."""
        return float(np.hypot(*(self.ends[1] - self.ends[0])))


@dataclass(frozen=True)
class Classes:
    """How values become colours: n + 1 edges, n colours ("#rrggbb") and n labels; values outside take the end classes.

    A value on an edge belongs to the class further from zero, so that half an hour more and half an hour less are alike.
    smooth : the values change steadily from place to place, so that maps show bands between lines of equal value instead of cells.
    """

    edges: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]
    smooth: bool = False

    def index(self, values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """(n,) class of each value."""
        above, below = (np.searchsorted(self.edges, values, side=side) - 1 for side in ("right", "left"))
        return np.clip(np.where(np.asarray(values) < 0, below, above), 0, len(self.colours) - 1)

    @property
    def rgb(self) -> npt.NDArray[np.uint8]:
        """(n, 3) the colours as bytes."""
        return np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in self.colours], np.uint8)


@dataclass
class Result:
    """Values on a support.

    analysis : name in the registry. name : short name for files, without the variant. title, unit : for people.
    values : (support.size,) float32; meaningless where not valid. valid : (support.size,) bool (outside the area, inside a
    building: not valid). method : one line on how it was computed (date and time basis, what was left out). settings : what
    was asked for. inputs : name -> hash of all that went in. source : licence line of the data used.
    """

    analysis: str
    name: str
    title: str
    unit: str
    variant: str
    origin: Origin
    support: Grid | Faces | Points | Lines
    values: npt.NDArray[np.float32]
    valid: npt.NDArray[np.bool_]
    classes: Classes
    method: str
    settings: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    source: str = ""

    def is_stale(self, inputs: dict[str, str]) -> bool:
        """Whether something that went in differs from what there is now (name -> hash)."""
        return any(inputs.get(name) != known for name, known in self.inputs.items())

    def subtract(self, other: Result, *, name: str, title: str, classes: Classes) -> Result:
        """This result less another on the same support and in the same unit; valid where both are. Raises InputProblem."""
        same = type(self.support) is type(other.support) and self.support.size == other.support.size
        if not same or self.unit != other.unit or not np.allclose(self.support.points, other.support.points, equal_nan=True):
            raise InputProblem(
                f"{self.title} ({self.variant})",
                f"it cannot be compared with {other.title} ({other.variant}): other places or units",
                "Compute both alike",
            )
        # Rounded, so that what differs by half an hour differs by half an hour and not by a hair more or less.
        values = np.round(self.values.astype(np.float64) - other.values, 4).astype(np.float32)
        inputs = {**self.inputs, **{f"{key} of {other.variant}": value for key, value in other.inputs.items()}}
        return replace(self, name=name, title=title, classes=classes, values=values, valid=self.valid & other.valid, inputs=inputs)

    def summary(self) -> dict[str, Any]:
        """Plain numbers: least, mean and greatest value, and the area (of lines the length, of points the number) and share of each
        class."""
        what, area = self._weights()
        values, area = self.values[self.valid].astype(np.float64), area[self.valid]
        if not len(values):
            return {"cells": 0}
        by_class = np.bincount(self.classes.index(values), area, minlength=len(self.classes.colours))
        return {
            "cells": len(values),
            "min": round(float(values.min()), 4),
            "mean": round(float(np.average(values, weights=area)), 4),
            "max": round(float(values.max()), 4),
            what: round(float(area.sum()), 1),
            "classes": [
                {"label": label, what: round(float(part), 1), "share": round(float(part / area.sum()), 4)}
                for label, part in zip(self.classes.labels, by_class, strict=True)
            ],
        }

    def _weights(self) -> tuple[str, FloatArray]:
        """How much each value counts for, and what that is."""
        support = self.support
        if isinstance(support, Grid):
            return "area", np.full(support.size, support.step**2)
        if isinstance(support, Faces):
            return "area", support.area
        return ("length", support.length) if isinstance(support, Lines) else ("number", np.ones(support.size))

    def write_geotiff(self, path: str | PathLike[str]) -> None:
        """A grid as float32 GeoTIFF, north up, with its CRS as WKT and everything about it as tags."""
        grid = self._grid()
        west, north = self.origin.easting + grid.x, self.origin.northing + grid.y + grid.rows * grid.step
        values = np.where(self.valid, self.values, np.float32(NO_DATA)).reshape(grid.rows, grid.columns)
        about = {"TITLE": self.title, "UNIT": self.unit, "VARIANT": self.variant, "METHOD": self.method, "SOURCE": self.source}
        write_geotiff(path, values, west, north, grid.step, self.origin.wkt, band=f"{self.title} [{self.unit}]", **about)

    def write_csv(self, path: str | PathLike[str], building_ids: Sequence[str] = (), block_ids: Sequence[str] = ()) -> None:
        """All valid values with their place in CRS coordinates; faces with their building or block, kind, area and direction too, points
        and lines with their name and all else that is said of them, lines with both ends; sections with the metres along the line and above
        the ground."""
        keep = np.flatnonzero(self.valid)
        places = self.origin.to_world(self.support.points[keep])
        head, columns = ["x", "y", "z"], [[f"{value:.3f}" for value in places[:, axis]] for axis in range(3)]
        if isinstance(self.support, Section):
            section = self.support
            head += ["along_m", "above_ground_m"]
            columns.append([f"{value:.2f}" for value in (keep % section.columns + 0.5) / section.columns * section.length])
            columns.append([f"{value:.2f}" for value in section.points[keep, 2] - section.ground[keep % section.columns]])
        elif isinstance(self.support, Faces):
            faces = self.support
            head += ["building", "surface", "area_m2", "azimuth", "slope"]
            azimuth = np.degrees(np.arctan2(faces.normals[keep, 0], faces.normals[keep, 1])) % 360
            slope = np.degrees(np.arccos(np.clip(faces.normals[keep, 2], -1, 1)))
            columns += [_names(faces.building[keep], building_ids, block_ids), [Semantics(k).name.lower() for k in faces.semantics[keep]]]
            columns += [[f"{value:.3f}" for value in faces.area[keep]], [f"{v:.1f}" for v in azimuth], [f"{v:.1f}" for v in slope]]
        elif not isinstance(self.support, Grid):
            marks = self.support
            if isinstance(marks, Lines):
                ends = self.origin.to_world(marks.vertices[marks.start[keep + 1] - 1])
                head += ["x_end", "y_end", "z_end", "length_m"]
                columns += [[f"{value:.3f}" for value in ends[:, axis]] for axis in range(3)]
                columns.append([f"{value:.3f}" for value in marks.length[keep]])
            head += ["name", *marks.heads.tolist()]
            columns += [marks.names[keep].tolist(), *marks.table[keep].T.tolist()]
        head.append(f"{self.analysis} [{self.unit}]" if self.unit else self.analysis)
        columns.append([f"{value:.4g}" for value in self.values[keep].tolist()])
        with written_beside(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(head)
            writer.writerows(zip(*columns, strict=True))

    def write_geojson(self, path: str | PathLike[str], building_ids: Sequence[str] = (), block_ids: Sequence[str] = ()) -> None:
        """A grid as one polygon for each class of values, faces as one point for each building with its figures, sections as a point
        for each cell, points and lines as they are."""
        if isinstance(self.support, Grid):
            features = self._class_areas()
        elif isinstance(self.support, Section):
            features = self._places()
        else:
            features = self._building_points(building_ids, block_ids) if isinstance(self.support, Faces) else self._marks()
        content: dict[str, Any] = {"type": "FeatureCollection", "name": self.name, "schema": 1}
        code = self.origin.crs.removeprefix("EPSG:")
        if code.isdigit():
            content["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}
        content |= {
            "title": self.title,
            "unit": self.unit,
            "variant": self.variant,
            "method": self.method,
            "source": self.source,
            "features": features,
        }
        write_text(path, json.dumps(content, ensure_ascii=False))

    def _class_areas(self) -> list[dict[str, Any]]:
        from rasterio.features import shapes
        from rasterio.transform import Affine

        from . import iso_bands

        grid = self._grid()
        values, valid, step = self.values.reshape(grid.rows, grid.columns), self.valid.reshape(grid.rows, grid.columns), grid.step
        if self.classes.smooth and valid.any():
            pieces = min(math.ceil(step / iso_bands.FINEST), iso_bands.MOST)
            values, valid = iso_bands.between(values, valid, pieces)
            step /= pieces
        index = np.where(valid, self.classes.index(values.ravel()).reshape(values.shape), -1).astype(np.int16)
        place = Affine(step, 0, self.origin.easting + grid.x, 0, step, self.origin.northing + grid.y)
        found: dict[int, list[Any]] = {}
        for shape, number in shapes(index, mask=index >= 0, transform=place):
            found.setdefault(int(number), []).append(shapely.geometry.shape(shape))
        if self.classes.smooth:
            found = iso_bands.smoothed(found, step)
        return [
            {
                "type": "Feature",
                "properties": {
                    "class": number,
                    "label": self.classes.labels[number],
                    "from": self.classes.edges[number],
                    "to": self.classes.edges[number + 1],
                    "colour": self.classes.colours[number],
                },
                "geometry": shapely.geometry.mapping(shapely.geometry.MultiPolygon(pieces)),
            }
            for number, pieces in sorted(found.items())
        ]

    def _building_points(self, building_ids: Sequence[str], block_ids: Sequence[str]) -> list[dict[str, Any]]:
        faces = self.support
        assert isinstance(faces, Faces)
        keep = np.flatnonzero(self.valid)
        order = keep[np.lexsort((faces.semantics[keep], faces.building[keep]))]
        groups = np.column_stack([faces.building[order], faces.semantics[order]])
        starts = np.flatnonzero(np.any(groups != np.roll(groups, 1, axis=0), axis=1)) if len(groups) else np.zeros(0, np.int64)
        starts = np.union1d(starts, [0]).astype(np.int64) if len(groups) else starts
        found = []
        for here in np.split(order, starts[1:]) if len(order) else []:
            values, area = self.values[here].astype(np.float64), faces.area[here]
            place = self.origin.to_world(np.average(faces.points[here], axis=0, weights=area))
            found.append(
                {
                    "type": "Feature",
                    "properties": {
                        "building": _names(faces.building[here[:1]], building_ids, block_ids)[0],
                        "surface": Semantics(faces.semantics[here[0]]).name.lower(),
                        "cells": len(here),
                        "area": round(float(area.sum()), 2),
                        "min": round(float(values.min()), 3),
                        "mean": round(float(np.average(values, weights=area)), 3),
                        "max": round(float(values.max()), 3),
                    },
                    "geometry": {"type": "Point", "coordinates": [round(float(v), 3) for v in place]},
                }
            )
        return found

    def _places(self) -> list[dict[str, Any]]:
        """A point in space for each cell."""
        index = self.classes.index(self.values)
        places = np.round(self.origin.to_world(self.support.points), 3).tolist()
        return [
            {
                "type": "Feature",
                "properties": {
                    "value": round(float(self.values[k]), 4),
                    "label": self.classes.labels[index[k]],
                    "colour": self.classes.colours[index[k]],
                },
                "geometry": {"type": "Point", "coordinates": places[k]},
            }
            for k in np.flatnonzero(self.valid).tolist()
        ]

    def _marks(self) -> list[dict[str, Any]]:
        marks = self.support
        assert isinstance(marks, Points | Lines)
        found = []
        index = self.classes.index(self.values)
        for k in np.flatnonzero(self.valid).tolist():
            own = marks.vertices[marks.start[k] : marks.start[k + 1]] if isinstance(marks, Lines) else marks.points[k]
            place = np.round(self.origin.to_world(own), 3).tolist()
            said = {
                "name": str(marks.names[k]),
                "value": round(float(self.values[k]), 4),
                "label": self.classes.labels[index[k]],
                "colour": self.classes.colours[index[k]],
                **dict(zip(marks.heads.tolist(), marks.table[k].tolist(), strict=True)),
            }
            kind = "LineString" if isinstance(marks, Lines) else "Point"
            found.append({"type": "Feature", "properties": said, "geometry": {"type": kind, "coordinates": place}})
        return found

    def _grid(self) -> Grid:
        if not isinstance(self.support, Grid):
            raise InputProblem(self.title, "these values are no raster", "Write CSV or GeoJSON")
        return self.support


def _names(buildings: npt.NDArray[Any], building_ids: Sequence[str], block_ids: Sequence[str]) -> list[str]:
    """gml:ids of buildings, ids of the variant's blocks; numbers where they are not given."""
    blocks, houses = dict(enumerate(block_ids)), dict(enumerate(building_ids))
    return [blocks.get(-1 - k, f"block {-k}") if k < 0 else houses.get(k, str(k)) for k in buildings.tolist()]
