"""A technical line drawing of what a camera sees: silhouettes and edges found in depth, direction of surfaces and what each pixel shows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from .arrays import FloatArray

GROUND, TREES, BLOCKS, OTHERS = 1.0, 2.0e6, 1.0e6, 3.0e6
"""What a pixel shows: 0 sky, from 0.1 to GROUND land (by its colour), from 10 on buildings, from BLOCKS on the variant, TREES, from OTHERS
on the rest."""
CREASE = math.cos(math.radians(20.0))
JUMP = 0.012  # share of the distance by which a pixel lies behind the plane of its neighbours
COVER = 0.025  # difference of land colours that are told apart
BEYOND = 4.0  # so many times the middle distance of the town, lines are a half as dark
_QUIET, _TREE, _TOWN, _NEW = 0.32, 0.5, 0.95, 1.0  # how dark lines are on land, trees, the town, the variant
Mask = npt.NDArray[np.bool_]


def ink(depth: FloatArray, normal: FloatArray, shown: FloatArray, tint: tuple[int, int, int], weight: int) -> Image.Image:
    """Black lines on white. depth (h, w) : along the line of sight, metres, 0 of the sky. normal (h, w, 3) : unit. shown (h, w) : see
    GROUND. tint : of the variant's faces. weight : pixels of the heaviest line."""
    sky = shown < 0.05
    land, trees = (shown >= 0.05) & (shown < 5), shown == TREES
    new = (shown >= BLOCKS) & (shown < TREES)
    near = np.where(sky, 0.0, 1.0 / np.maximum(depth, 1e-3))  # of a plane, this changes evenly across a picture
    dark = np.zeros(depth.shape)
    heavy = np.zeros(depth.shape, bool)
    for axis in (0, 1):
        behind, ahead = _shifted(near, axis, 1), _shifted(near, axis, -1)
        bend = np.maximum(near - behind, near - ahead)
        curve = 2 * near - behind - ahead
        jump = (curve > JUMP * np.maximum(near, 1e-9)) & (bend > JUMP * near)
        for step in (1, -1):
            other = _shifted(shown, axis, step)
            turned = (normal * _shifted(normal, axis, step)).sum(axis=-1) < CREASE
            front = near >= _shifted(near, axis, step)
            both_land = land & (other >= 0.05) & (other < 5)
            both_trees = trees & (other == TREES)
            edge = np.abs(shown - other) > 0.5
            edge &= front & ~both_land
            _darken(dark, both_land & (np.abs(shown - other) > COVER) & front, _QUIET)
            _darken(dark, edge & trees, _TREE)
            _darken(dark, edge & ~trees & ~new & ~land, _TOWN)
            _darken(dark, edge & land, _TOWN)
            crease = turned & ~land & ~trees & ~sky & (np.abs(shown - other) <= 0.5)
            _darken(dark, crease & ~new, 0.7 * _TOWN)
            _darken(dark, crease & new, _NEW)
            heavy |= (edge | crease) & new
            _darken(dark, jump & both_trees, 0.6 * _TREE)
        _darken(dark, jump & ~land & ~trees, _TOWN)
        heavy |= jump & new
    far = BEYOND * (np.median(depth[new]) if new.any() else np.median(depth[~sky]) if (~sky).any() else 1.0)
    dark *= np.where(heavy, 1.0, np.clip(1.25 - 0.5 * depth / max(far, 1e-6), 0.35, 1.0))
    for _ in range(max(weight - 1, 0)):
        heavy = _grown(heavy)
    dark = np.where(heavy, _NEW, dark)
    paper = np.where(new[..., None], np.array(tint, float), 255.0)
    return Image.fromarray(np.clip(paper * (1.0 - dark[..., None]) + 20.0 * dark[..., None], 0, 255).astype(np.uint8), "RGB")


def unpacked(packed: FloatArray) -> FloatArray:
    """Unit normals (…, 3) of what `scene.line_drawing` packs into one number: x and y in 1024 steps, and whether z points up."""
    whole = np.round(packed).astype(np.int64)
    x, y = ((whole // 1024) % 1024) / 511.5 - 1.0, (whole % 1024) / 511.5 - 1.0
    z = np.sqrt(np.maximum(1.0 - x**2 - y**2, 0.0)) * np.where(whole >= 2**20, 1.0, -1.0)
    return np.stack([x, y, z], axis=-1)


def _darken(dark: FloatArray, where: Mask, by: float) -> None:
    dark[where] = np.maximum(dark[where], by)


def _shifted(values: Any, axis: int, step: int) -> Any:
    """The neighbour of each pixel; the edge's own is its own."""
    moved = np.roll(values, step, axis=axis)
    edge = 0 if step > 0 else -1
    where = (slice(None),) * axis + (edge,)
    moved[where] = values[where]
    return moved


def _grown(mask: Mask) -> Mask:
    found = mask.copy()
    for axis in (0, 1):
        for step in (1, -1):
            found |= _shifted(mask, axis, step)
    return found
