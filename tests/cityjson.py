"""CityJSON written for tests, as a document or as a sequence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import gml

SCALE = 0.001


class Town:
    """Objects of one file, and the vertices that they share."""

    def __init__(self, *, version: str = "2.0", crs: str | None = "https://www.opengis.net/def/crs/EPSG/0/25832") -> None:
        self.version, self.crs = version, crs
        self.objects: dict[str, Any] = {}
        self.vertices: list[list[float]] = []
        self.numbers: dict[tuple[float, ...], int] = {}
        self.templates: dict[str, Any] | None = None

    def vertex(self, point: Sequence[float]) -> int:
        whole = [round((value - zero) / SCALE) for value, zero in zip(point, gml.JENA, strict=True)]
        key = tuple(whole)
        if key not in self.numbers:
            self.numbers[key] = len(self.vertices)
            self.vertices.append(list(whole))
        return self.numbers[key]

    def ring(self, ring: gml.Ring) -> list[int]:
        return [self.vertex(point) for point in ring[:-1]]

    def box(self, *sizes: float, lod: Any = "2.2", kind: str = "Solid") -> dict[str, Any]:
        """A geometry that is a box (x, y, z, width, depth, height), with meanings."""
        faces = [(name, [self.ring(ring)]) for name, rings in gml.box(*sizes).items() for ring in rings]
        boundaries: Any = [rings for _, rings in faces]
        names = list(dict.fromkeys(name for name, _ in faces))
        values: Any = [names.index(name) for name, _ in faces]
        for _ in range({"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}[kind]):
            boundaries, values = [boundaries], [values]
        semantics = {"surfaces": [{"type": name} for name in names], "values": values}
        return {"type": kind, "lod": lod, "boundaries": boundaries, "semantics": semantics}

    def add(self, name: str, kind: str = "Building", *geometry: Any, **further: Any) -> None:
        self.objects[name] = {"type": kind, "geometry": list(geometry), **further}

    def head(self) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "CityJSON", "version": self.version}
        made["transform"] = {"scale": [SCALE] * 3, "translate": list(gml.JENA)}
        if self.crs:
            made["metadata"] = {"referenceSystem": self.crs}
        if self.templates:
            made["geometry-templates"] = self.templates
        return made

    def document(self) -> dict[str, Any]:
        return {**self.head(), "CityObjects": self.objects, "vertices": self.vertices}

    def write(self, path: Path) -> Path:
        path.write_text(json.dumps(self.document()), encoding="utf-8")
        return path


def sequence(path: Path, towns: Sequence[Town], *, mark: str = "") -> Path:
    """A sequence of features, each with vertices of its own. mark : before every line (RFC 8142 has \\x1e)."""
    lines = [json.dumps({**towns[0].head(), "CityObjects": {}, "vertices": []})]
    for town in towns:
        name = next(iter(town.objects))
        lines.append(json.dumps({"type": "CityJSONFeature", "id": name, "CityObjects": town.objects, "vertices": town.vertices}))
    path.write_text("".join(f"{mark}{line}\n" for line in lines), encoding="utf-8")
    return path
