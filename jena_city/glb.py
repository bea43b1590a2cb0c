"""A binary glTF 2.0 in the making: views, accessors, materials, meshes and nodes put one after the other, then packed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt

from . import palette
from .about import version

BYTE, UNSIGNED_BYTE, SHORT, LONG, FLOAT = 5120, 5121, 5123, 5125, 5126
ARRAY, INDICES = 34962, 34963
UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""x east, y north, z up -> x east, y up, z south."""


class Container:
    """top : numbers of the nodes that lie in the scene; the caller fills it."""

    def __init__(self, asset: dict[str, Any] | None = None) -> None:
        self.chunks: list[bytes] = []
        self.size = 0
        self.top: list[int] = []
        self.root: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": f"Jena Planner {version()}", **(asset or {})},
            "scene": 0,
            "scenes": [{}],
            "nodes": [],
            "meshes": [],
            "materials": [],
            "accessors": [],
            "bufferViews": [],
        }

    def node(self, content: dict[str, Any]) -> int:
        """Add a node; returns its number."""
        self.root["nodes"].append(content)
        return len(self.root["nodes"]) - 1

    def mesh(self, name: str, primitives: list[dict[str, Any]]) -> int:
        """Add a mesh; returns its number."""
        self.root["meshes"].append({"name": name, "primitives": primitives})
        return len(self.root["meshes"]) - 1

    def material(self, name: str, colour: str, **more: Any) -> int:
        """Add a matt material of a colour ("#rrggbb"); returns its number."""
        factor = [round(part, 5) for part in palette.linear(colour)]
        look = {"baseColorFactor": factor, "metallicFactor": 0.0, "roughnessFactor": 0.9}
        self.root["materials"].append({"name": name, "pbrMetallicRoughness": look, **more})
        return len(self.root["materials"]) - 1

    def accessor(self, view: int, offset: int, component: int, count: int, kind: str, more: dict[str, Any]) -> int:
        """Add an accessor; returns its number."""
        one = {"bufferView": view, "byteOffset": offset, "componentType": component, "count": count, "type": kind, **more}
        self.root["accessors"].append(one)
        return len(self.root["accessors"]) - 1

    def view(self, data: bytes, target: int = 0, stride: int = 0) -> int:
        """Add bytes; returns the number of their view."""
        one = {"buffer": 0, "byteOffset": self.size, "byteLength": len(data)}
        self.root["bufferViews"].append(one | ({"target": target} if target else {}) | ({"byteStride": stride} if stride else {}))
        data += b"\0" * (-len(data) % 8)  # what tables of metadata ask for
        self.chunks.append(data)
        self.size += len(data)
        return len(self.root["bufferViews"]) - 1

    def packed(self) -> bytes:
        """The whole file."""
        if self.top:
            self.root["scenes"][0]["nodes"] = self.top
        content = {key: value for key, value in self.root.items() if value != []}
        if self.size:
            content["buffers"] = [{"byteLength": self.size}]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        body = b"".join(self.chunks)
        chunks = [len(text).to_bytes(4, "little") + b"JSON" + text]
        if body:
            chunks.append(len(body).to_bytes(4, "little") + b"BIN\0" + body)
        whole = b"".join(chunks)
        return b"glTF" + (2).to_bytes(4, "little") + (12 + len(whole)).to_bytes(4, "little") + whole


def unit(vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(n, 3) vectors as unit vectors; up where they have no length."""
    length = np.linalg.norm(vectors, axis=1)
    found = vectors / np.maximum(length, 1e-30)[:, None]
    found[length < 1e-20] = (0.0, 0.0, 1.0)
    return np.asarray(found)
