"""An architect's IFC as triangles, where its reader (ifcopenshell) is there. It comes with no installation of this program: it is as large
as all else together that reads models."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .arrays import FloatArray, IntArray
from .problems import InputProblem

NOT_SEEN = ("IfcFeatureElementSubtraction", "IfcGeographicElement", "IfcVirtualElement")
"""Elements that are no part of a building that one sees: openings, ground, borders of rooms."""


def triangles(path: Path) -> tuple[FloatArray, IntArray]:
    """Vertices (V, 3), metres in the axes of its project, z upward, and triangles (T, 3) of all that has a body. Raises InputProblem."""
    try:
        import ifcopenshell
        import ifcopenshell.geom
    except ImportError as error:
        raise InputProblem(
            path,
            "there is no reader for IFC at hand",
            "Enable the extension Bonsai in Blender, or install ifcopenshell with pip; or export the model as .glb",
        ) from error
    settings = ifcopenshell.geom.settings()
    settings.set("use-world-coords", True)
    try:
        model = ifcopenshell.open(str(path))
        seen = [one for one in model.by_type("IfcElement") if not any(one.is_a(name) for name in NOT_SEEN)]
        shapes = ifcopenshell.geom.iterator(settings, model, 1, include=seen)
        there = bool(seen) and shapes.initialize()
    except (OSError, RuntimeError, ifcopenshell.Error) as error:
        raise InputProblem(path, f"the model is damaged ({type(error).__name__}: {error})", "Export it again") from error
    vertices, faces, first = [np.zeros((0, 3))], [np.zeros((0, 3), np.int32)], 0
    while there:
        body = shapes.get().geometry
        vertices.append(np.array(body.verts, np.float64).reshape(-1, 3))
        faces.append(np.array(body.faces, np.int32).reshape(-1, 3) + first)
        first += len(vertices[-1])
        there = shapes.next()
    return np.concatenate(vertices), np.concatenate(faces)
