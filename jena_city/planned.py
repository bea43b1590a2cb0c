"""A town as a variant would have it, as one city model: what stays of it, and the variant's blocks as buildings."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from .applied import Applied
from .files import slug
from .massing import underground
from .model import CityModel, merged
from .problems import Report
from .triangulate import ring_normals, triangulate
from .variant import Block, Variant

# What a block is for and how its roof is shaped, in the codes of the AdV that the German states' buildings have too.
FUNCTIONS = {
    "wohnen": "31001_1000",
    "mischnutzung": "31001_1100",
    "büro": "31001_2020",
    "gewerbe": "31001_2000",
    "einzelhandel": "31001_2050",
    "kita": "31001_3065",
    "schule": "31001_3021",
    "tiefgarage": "31001_2465",
}
ROOFS = {"flat": "1000", "shed": "2100", "gable": "3100", "hip": "3200", "half-hip": "3300", "mansard": "3400"}
BLOCK_LOD = 2


def planned(applied: Applied) -> CityModel:
    """The kept buildings and after them the blocks, each a Building in LoD 2 with an id of its own and its parameters as attributes."""
    town = replace(applied.site.city, report=Report()).selected(applied.kept)
    if not applied.solids:
        return town
    model = merged([town, _blocks(applied, set(applied.site.city.everything().building_id))], applied.site.origin)
    model.count()
    return model


def planned_alone(applied: Applied) -> CityModel:
    """The blocks of `planned` without the town around them."""
    whole = planned(applied)
    blocks = np.arange(len(whole.building_id)) >= len(whole.building_id) - len(applied.solids)
    return replace(whole.selected(blocks), surroundings=None)


def block_ids(variant: Variant, taken: set[str]) -> list[str]:
    """An id for each block, made of variant and block: a valid xml:id, and none of those taken."""
    taken, made = set(taken), []
    for block in variant.blocks:
        word = f"{slug(variant.id)}_{re.sub(r'[^A-Za-z0-9_.-]', '-', block.id)}"
        word = word if word[0].isalpha() or word[0] == "_" else f"_{word}"
        made.append(next(name for name in (word, *(f"{word}-{number}" for number in range(2, len(taken) + 3))) if name not in taken))
        taken.add(made[-1])
    return made


def _blocks(applied: Applied, taken: set[str]) -> CityModel:
    blocks = applied.variant.blocks
    solids = [
        body if block.storeys else underground(block, float(base)) or body
        for block, base, body in zip(blocks, applied.bases, applied.solids, strict=True)
    ]
    rings = [body.vertices[ring] for body in solids for face in body.faces for ring in face]
    faces_of = [len(body.faces) for body in solids]
    rings_of = [len(face) for body in solids for face in body.faces]
    points = np.concatenate(rings)
    start = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])]).astype(np.int32)
    surface = np.repeat(np.arange(len(rings_of)), rings_of).astype(np.int32)
    normals = ring_normals(points, start)[np.unique(surface, return_index=True)[1]]
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    triangles, triangle_surface = triangulate(points, start, surface, normals)
    number = len(blocks)
    return CityModel(
        origin=applied.site.origin,
        points=points,
        ring_start=start,
        ring_surface=surface,
        triangles=triangles,
        triangle_surface=triangle_surface,
        surface_building=np.repeat(np.arange(number), faces_of).astype(np.int32),
        surface_semantics=np.concatenate([body.semantics for body in solids]).astype(np.uint8),
        surface_id=[""] * len(rings_of),
        building_id=block_ids(applied.variant, taken),
        building_named=np.ones(number, bool),
        building_parent=np.full(number, -1, np.int32),
        building_lod=np.full(number, BLOCK_LOD, np.uint8),
        measured_height=np.array([np.ptp(body.vertices[:, 2]) for body in solids]).round(3),
        storeys=np.array([block.storeys for block in blocks], np.int32),
        roof_type=[ROOFS[block.roof.kind] for block in blocks],
        function=[FUNCTIONS.get(block.use, block.use) for block in blocks],
        attributes=[_attributes(applied.variant, block, float(base)) for block, base in zip(blocks, applied.bases, strict=True)],
        building_file=np.zeros(number, np.int32),
        files=[f"variant {applied.variant.id}"],
    )


def _attributes(variant: Variant, block: Block, base: float) -> dict[str, Any]:
    """A block's parameters; lengths in metres, angles in degrees."""
    own = {
        "name": block.name,
        "variant": variant.id,
        "variant_name": variant.name,
        "variant_status": variant.status,
        "block": block.id,
        "use": block.use,
        "base": round(base, 3),
        "ground_floor_height": block.ground_floor_height,
        "storey_height": block.storey_height,
        "roof": block.roof.kind,
        "roof_pitch": block.roof.pitch,
        "roof_ridge": block.roof.ridge,
        "parapet": block.roof.parapet,
        "upper_pitch": block.roof.upper_pitch if block.roof.kind == "mansard" else None,
        "plinth": block.plinth or None,
        "knee": block.knee or None,
        "set_back": block.set_back or None,
        "set_backs": " ".join(f"{value:g}" for value in block.set_backs) or None,
        "storeys_underground": block.underground or None,
        "model": block.stand_in.path if block.stand_in is not None else None,
    }
    return {**block.properties, **{key: value for key, value in own.items() if value not in (None, "")}}
