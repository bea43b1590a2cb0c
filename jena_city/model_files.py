"""Architects' models as triangles: glTF 2.0 (.glb, .gltf), Wavefront OBJ, and IFC (see `ifc`). Form alone: no materials, no animation.

A model has z upward and metres, whatever its file has: glTF has y upward and metres (by its standard), OBJ says neither. What these
readers do not know they name. FBX is read by Blender, see `scene/model_import.py`.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import numpy as np

from . import ifc
from .arrays import FloatArray, IntArray
from .files import written_beside
from .problems import InputProblem

MOST_BYTES = 500_000_000
MOST_TRIANGLES = 2_000_000
ENDINGS = (".glb", ".gltf", ".obj", ".ifc")
_TO_UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])  # y up to z up
_DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_DEEPEST = 200  # nodes below each other
_TRIANGLES, _STRIP, _FAN = 4, 5, 6


@dataclass(frozen=True)
class Mesh:
    """vertices (V, 3) metres, z upward. triangles (T, 3), counter-clockwise seen from outside where the file has them so."""

    vertices: FloatArray
    triangles: IntArray


def read(path: Path, up: Literal["", "y", "z"] = "") -> Mesh:
    """Read a model. up : axis of the file that points upward; "": glTF y, OBJ and IFC z. Raises InputProblem."""
    try:
        stat = path.stat()
    except OSError as error:
        raise InputProblem(path, "the model is not there", "Put the file back, or place the model again") from error
    return _read(path, up, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, up: str, size: int, _changed: int) -> Mesh:
    ending = path.suffix.lower()
    if ending == ".fbx":
        raise InputProblem(path, "FBX is read by Blender alone", "Place it in Blender, or export it as .glb")
    if ending not in ENDINGS:
        raise InputProblem(path, f"{ending or 'a file without ending'} is no model that is known", f"Known: {', '.join(ENDINGS)}, .fbx")
    if size > MOST_BYTES:
        raise InputProblem(path, f"the model has {size / 1e6:.0f} MB", f"Make it simpler: at most {MOST_BYTES / 1e6:.0f} MB")
    try:
        if ending == ".ifc":
            mesh = Mesh(*ifc.triangles(path))
        else:
            data = path.read_bytes()
            mesh = _obj(path, data) if ending == ".obj" else _Gltf(path, data).mesh()
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, struct.error, RecursionError, OSError) as error:
        raise InputProblem(path, f"the model is damaged ({type(error).__name__}: {error})", "Export it again") from error
    if not len(mesh.triangles):
        raise InputProblem(path, "there are no faces in the model", "Export it with its meshes")
    if len(mesh.triangles) > MOST_TRIANGLES:
        what = f"the model has {len(mesh.triangles)} triangles"
        raise InputProblem(path, what, f"Make it simpler: at most {MOST_TRIANGLES}")
    if not np.isfinite(mesh.vertices).all():
        raise InputProblem(path, "the model has coordinates that are no numbers", "Export it again")
    if (up or ("z" if ending in (".obj", ".ifc") else "y")) == "y":
        mesh = Mesh(mesh.vertices @ _TO_UPRIGHT.T, mesh.triangles)
    mesh.vertices.flags.writeable = mesh.triangles.flags.writeable = False
    return mesh


def write_glb(mesh: Mesh, path: Path) -> None:
    """Write a mesh as binary glTF, beside and renamed; single precision, about the middle of it where that is far away."""
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    middle = np.round((low + high) / 2)
    points = ((mesh.vertices - middle) @ _TO_UPRIGHT).astype("<f4")
    indices = mesh.triangles.astype("<u4")
    body = points.tobytes() + indices.tobytes()
    root = {
        "asset": {"version": "2.0", "generator": "Jena Planner"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": (middle @ _TO_UPRIGHT).tolist()}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": len(points),
                "type": "VEC3",
                "min": points.min(axis=0).tolist(),
                "max": points.max(axis=0).tolist(),
            },
            {"bufferView": 1, "componentType": 5125, "count": indices.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": points.nbytes, "target": 34962},
            {"buffer": 0, "byteOffset": points.nbytes, "byteLength": indices.nbytes, "target": 34963},
        ],
        "buffers": [{"byteLength": len(body)}],
    }
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(body), 0x004E4942) + body
    with written_beside(path) as beside:
        beside.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks)


def _obj(path: Path, data: bytes) -> Mesh:
    """Vertices and faces of an OBJ file; faces with more corners as fans."""
    points: list[list[float]] = []
    triangles: list[tuple[int, int, int]] = []
    pending = ""
    for line in data.decode("utf-8", "replace").splitlines():
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        words = (pending + line).split()
        pending = ""
        if not words or words[0] not in ("v", "f"):
            continue
        if words[0] == "v":
            points.append([float(word) for word in words[1:4]])
            if len(points[-1]) != 3:
                raise ValueError("a vertex without three coordinates")
            continue
        corners = [int(word.partition("/")[0]) for word in words[1:]]
        rows = [corner - 1 if corner > 0 else len(points) + corner for corner in corners]
        if len(rows) < 3 or min(rows) < 0 or max(rows) >= len(points):
            raise InputProblem(path, f"a face names a vertex that is not there ({line.strip()[:40]})", "Export it again")
        triangles += [(rows[0], one, other) for one, other in zip(rows[1:-1], rows[2:], strict=True)]
    return Mesh(np.array(points, np.float64).reshape(-1, 3), np.array(triangles, np.int32).reshape(-1, 3))


class _Gltf:
    """A glTF file: the meshes of its scene, each as its nodes place it."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.body: bytes | None = None
        if data[:4] == b"glTF":
            data = self._chunks(data)
        self.root: dict[str, Any] = json.loads(data)
        if not str(self.root["asset"]["version"]).startswith("2"):
            raise InputProblem(path, f"this is glTF {self.root['asset']['version']}", "Export it as glTF 2.0")
        unknown = set(self.root.get("extensionsRequired", ())) - {"KHR_materials_unlit", "KHR_texture_transform", "KHR_mesh_quantization"}
        if unknown:
            raise InputProblem(path, f"it cannot be read without {', '.join(sorted(unknown))}", "Export it without compression")
        self.buffers: dict[int, bytes] = {}
        self.points: list[FloatArray] = []
        self.triangles: list[IntArray] = []
        self.count = 0

    def _chunks(self, data: bytes) -> bytes:
        text, at = b"", 12
        while at + 8 <= len(data):
            size, kind = struct.unpack_from("<II", data, at)
            content = data[at + 8 : at + 8 + size]
            if len(content) < size:
                raise ValueError("its end is missing")
            if kind == 0x4E4F534A:
                text = content
            elif kind == 0x004E4942 and self.body is None:
                self.body = content
            at += 8 + size
        return text

    def mesh(self) -> Mesh:
        scenes = self.root.get("scenes", [])
        nodes = scenes[self.root.get("scene", 0)]["nodes"] if scenes else range(len(self.root.get("nodes", ())))
        for node in nodes:
            self._node(node, np.eye(4), 0)
        if not self.points:
            return Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32))
        return Mesh(np.concatenate(self.points), np.concatenate(self.triangles).astype(np.int32))

    def _node(self, number: int, above: FloatArray, depth: int) -> None:
        if depth > _DEEPEST:
            raise ValueError("nodes that hold each other")
        node = self.root["nodes"][number]
        matrix = above @ _matrix(node)
        if "mesh" in node:
            for part in self.root["meshes"][node["mesh"]]["primitives"]:
                self._part(part, matrix)
        for child in node.get("children", ()):
            self._node(child, matrix, depth + 1)

    def _part(self, part: dict[str, Any], matrix: FloatArray) -> None:
        kind = part.get("mode", _TRIANGLES)
        if kind not in (_TRIANGLES, _STRIP, _FAN) or "POSITION" not in part["attributes"]:
            return  # lines and points have no form
        points = self._values(part["attributes"]["POSITION"]).reshape(-1, 3).astype(np.float64)
        rows = self._values(part["indices"]).ravel().astype(np.int64) if "indices" in part else np.arange(len(points))
        if len(rows) and (rows.min() < 0 or rows.max() >= len(points)):
            raise ValueError("a face names a vertex that is not there")
        if kind == _TRIANGLES:
            triangles = rows[: len(rows) // 3 * 3].reshape(-1, 3)
        elif kind == _FAN:
            triangles = np.column_stack([np.full(max(len(rows) - 2, 0), rows[0]), rows[1:-1], rows[2:]])
        else:
            triangles = np.column_stack([rows[:-2], rows[1:-1], rows[2:]])
            triangles[1::2] = triangles[1::2, ::-1]
        if np.linalg.det(matrix[:3, :3]) < 0:  # mirrored: keep facing outward
            triangles = triangles[:, ::-1]
        self.points.append(points @ matrix[:3, :3].T + matrix[:3, 3])
        self.triangles.append(triangles + self.count)
        self.count += len(points)

    def _values(self, number: int) -> Any:
        accessor = self.root["accessors"][number]
        dtype, wide, count = np.dtype(_DTYPES[accessor["componentType"]]), _WIDTHS[accessor["type"]], int(accessor["count"])
        if "sparse" in accessor:
            raise InputProblem(self.path, "it has sparse accessors", "Export it without compression")
        if "bufferView" not in accessor:
            return np.zeros((count, wide), dtype)
        view = self.root["bufferViews"][accessor["bufferView"]]
        start = int(view.get("byteOffset", 0)) + int(accessor.get("byteOffset", 0))
        stride = int(view.get("byteStride", 0)) or dtype.itemsize * wide
        data = self._buffer(int(view["buffer"]))
        if count and (start < 0 or start + stride * (count - 1) + dtype.itemsize * wide > len(data)):
            raise ValueError("its end is missing")
        shape = (count, wide)
        found: Any = np.ndarray(shape, dtype, data, start, (stride, dtype.itemsize))
        if accessor.get("normalized") and dtype.kind in "iu":
            return np.maximum(found / np.iinfo(dtype).max, -1.0)
        return found

    def _buffer(self, number: int) -> bytes:
        if number not in self.buffers:
            uri = self.root["buffers"][number].get("uri")
            if uri is None:
                if self.body is None:
                    raise ValueError("its end is missing")
                self.buffers[number] = self.body
            elif uri.startswith("data:"):
                try:
                    self.buffers[number] = base64.b64decode(uri.partition(",")[2], validate=True)
                except binascii.Error as error:
                    raise ValueError("its data are no base64") from error
            else:
                self.buffers[number] = self._beside(unquote(uri))
        return self.buffers[number]

    def _beside(self, name: str) -> bytes:
        """A buffer in a file beside this one; never one that lies elsewhere."""
        if "/" in name or "\\" in name or ":" in name or name.startswith("."):
            raise InputProblem(self.path, f"its data lie in another folder ({name})", "Save it as .glb")
        try:
            return (self.path.parent / name).read_bytes()
        except OSError as error:
            raise InputProblem(self.path, f"its data are not there ({name})", "Put the file beside it, or save it as .glb") from error


def _matrix(node: dict[str, Any]) -> FloatArray:
    """(4, 4) of a node: its matrix, or translation, rotation and scale."""
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0, 0, 0, 1))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    made = np.eye(4)
    made[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), np.float64)
    made[:3, 3] = node.get("translation", (0, 0, 0))
    return made
