"""Models that only Blender reads: brought in, taken as triangles, and out again."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from ..jena_city.model_files import Mesh
from ..jena_city.problems import InputProblem


def read_fbx(path: Path) -> Mesh:
    """The triangles of an FBX file, z upward, metres as its unit says. The scene is as it was before. Raises InputProblem."""
    if not path.is_file():
        raise InputProblem(path, "the model is not there", "Put the file back, or place the model again")
    before = {name: set(getattr(bpy.data, name)) for name in _KINDS}
    chosen, active = list(bpy.context.selected_objects), bpy.context.view_layer.objects.active
    try:
        try:
            if "fbx_import" in dir(bpy.ops.wm):
                bpy.ops.wm.fbx_import(filepath=str(path))
            else:
                bpy.ops.import_scene.fbx(filepath=str(path))
        except (RuntimeError, AttributeError) as error:
            raise InputProblem(
                path, f"Blender cannot read the model ({str(error).strip().splitlines()[-1]})", "Export it as .glb"
            ) from error
        bpy.context.view_layer.update()
        return _triangles([one for one in bpy.data.objects if one not in before["objects"] and one.type == "MESH"])
    finally:
        for name in _KINDS:
            for one in [one for one in getattr(bpy.data, name) if one not in before[name]]:
                getattr(bpy.data, name).remove(one)
        for thing in chosen:
            thing.select_set(True)
        bpy.context.view_layer.objects.active = active


_KINDS = ("objects", "meshes", "materials", "images", "cameras", "lights", "armatures", "actions", "collections")


def _triangles(things: list[bpy.types.Object]) -> Mesh:
    points, faces, count = [], [], 0
    for thing in things:
        mesh, matrix = thing.data, np.array(thing.matrix_world, np.float64)
        mesh.calc_loop_triangles()
        found = np.zeros(3 * len(mesh.vertices), np.float32)
        mesh.vertices.foreach_get("co", found)
        rows = np.zeros(3 * len(mesh.loop_triangles), np.int32)
        mesh.loop_triangles.foreach_get("vertices", rows)
        triangles = rows.reshape(-1, 3)
        points.append(found.reshape(-1, 3).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3])
        faces.append((triangles if np.linalg.det(matrix[:3, :3]) > 0 else triangles[:, ::-1]) + count)
        count += len(points[-1])
    if not sum(map(len, faces)):
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32))
    return Mesh(np.concatenate(points), np.concatenate(faces).astype(np.int32))
