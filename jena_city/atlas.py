"""Many pictures of textures on a few sheets: what is used of each is cut out, repeated as its surfaces ask, and given a rim."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from .appearance import Appearance
from .arrays import FloatArray, IntArray

SIDE = 4096  # pixels of a sheet, at most
MOST = 8 * SIDE * SIDE  # pixels of all sheets of a town: of more, all patches are made smaller
LONGEST = 2048  # pixels of a patch
RIM = 4  # pixels around a patch that go on with its edge, so that no neighbour shines through
ALONE = 1.5  # pictures: a surface that spans more of them gets a patch of its own
QUALITY = 90
UNDER = (233, 229, 222)  # what is seen through where a picture is clear
_WHOLE = 1 << 24  # pixels that are repeated at full size before they are made smaller


@dataclass(frozen=True)
class Sheet:
    """jpeg : a picture of `size` (columns, rows)."""

    jpeg: bytes
    size: tuple[int, int]


@dataclass
class _Patch:
    """A piece of a texture's plane: columns x0 to x1 and rows y0 to y1 of the picture (size w, h), repeated beyond it."""

    texture: int
    x0: int
    y0: int
    x1: int
    y1: int
    size: tuple[int, int]
    sheet: int = 0
    x: int = 0
    y: int = 0


@dataclass
class Pieces:
    """What a mesh uses of the textures of a model. uv (T, 3, 2), patch (T,) : coordinates and patch of each of its triangles, -1 for
    none."""

    uv: FloatArray
    patch: IntArray
    patches: list[_Patch]

    @property
    def pixels(self) -> int:
        return sum((one.size[0] + 2 * RIM) * (one.size[1] + 2 * RIM) for one in self.patches)


def pieces(look: Appearance, triangles: IntArray, surface: IntArray) -> Pieces:
    """What some triangles (T, 3) of a model, of these surfaces (T,), use of its textures."""
    texture = look.surface_texture[surface]
    there = np.array([*(bool(one.image) for one in look.textures), False], bool)
    texture = np.where(there[texture], texture, -1)
    uv = look.uv[triangles].astype(np.float64)
    patch = np.full(len(triangles), -1, np.int32)
    has = np.flatnonzero(texture >= 0)
    if not len(has):
        return Pieces(uv, patch, [])
    # Each surface is moved by whole pictures to the first one: what repeats looks the same there.
    of, number = np.unique(surface[has], return_inverse=True)
    low, high = np.full((len(of), 2), np.inf), np.full((len(of), 2), -np.inf)
    np.minimum.at(low, number, uv[has].min(axis=1))
    np.maximum.at(high, number, uv[has].max(axis=1))
    wraps = np.array([{"repeat": 1.0, "mirror": 2.0}.get(one.wrap, 0.0) for one in look.textures])[look.surface_texture[of]][:, None]
    shift = np.where(wraps > 0, np.floor(low / np.maximum(wraps, 1) + 1e-4) * wraps, 0.0)
    low, high = low - shift, high - shift
    uv[has] -= shift[number][:, None]
    alone = ((high - low) > ALONE).any(axis=1)
    group = np.column_stack([look.surface_texture[of], np.where(alone, of, -1)])
    groups, member = np.unique(group, axis=0, return_inverse=True)
    member = member.reshape(-1)
    begin, end = np.full((len(groups), 2), np.inf), np.full((len(groups), 2), -np.inf)
    np.minimum.at(begin, member, low)
    np.maximum.at(end, member, high)
    patch[has] = member[number]
    patches = []
    for (index, _), (u0, v0), (u1, v1) in zip(groups.tolist(), begin.tolist(), end.tolist(), strict=True):
        w, h = look.textures[index].size
        x0, x1 = int(np.floor(u0 * w + 0.01)), int(np.ceil(u1 * w - 0.01))
        y0, y1 = int(np.floor((1 - v1) * h + 0.01)), int(np.ceil((1 - v0) * h - 0.01))
        x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
        patches.append(_Patch(index, x0, y0, x1, y1, (min(x1 - x0, LONGEST), min(y1 - y0, LONGEST))))
    return Pieces(uv, patch, patches)


def scale(every: list[Pieces]) -> float:
    """What the length of all patches of a town is multiplied with, so that its sheets have at most `MOST` pixels."""
    pixels = sum(one.pixels for one in every)
    return min(1.0, float(np.sqrt(0.8 * MOST / pixels))) if pixels else 1.0


def sheets(look: Appearance, used: Pieces, factor: float) -> tuple[list[Sheet], npt.NDArray[np.float32], IntArray]:
    """The patches on sheets; (T, 3, 2) coordinates on these, and (T,) which sheet each triangle is on, -1 for none.

    factor : what the length of each patch is multiplied with.
    """
    patches = used.patches
    for one in patches:
        one.size = (max(1, round(one.size[0] * factor)), max(1, round(one.size[1] * factor)))
    sizes = _arranged(patches)
    canvas = [np.full((rows, columns, 3), UNDER, np.uint8) for columns, rows in sizes]
    order = sorted(range(len(patches)), key=lambda number: patches[number].texture)
    texture, picture = -1, np.zeros((1, 1, 3), np.uint8)
    for one in (patches[number] for number in order):
        if one.texture != texture:
            texture, picture = one.texture, _pixels(look.textures[one.texture].image)
        cut = np.pad(_cut(picture, one, look.textures[one.texture].wrap), ((RIM, RIM), (RIM, RIM), (0, 0)), mode="edge")
        canvas[one.sheet][one.y : one.y + cut.shape[0], one.x : one.x + cut.shape[1]] = cut
    made = []
    for pixels in canvas:
        packed = io.BytesIO()
        Image.fromarray(pixels).save(packed, "JPEG", quality=QUALITY, subsampling=0)
        made.append(Sheet(packed.getvalue(), (pixels.shape[1], pixels.shape[0])))
    uv, sheet = _placed(look, used, sizes)
    return made, uv, sheet


def _placed(look: Appearance, used: Pieces, sizes: list[tuple[int, int]]) -> tuple[npt.NDArray[np.float32], IntArray]:
    """Coordinates on the sheets, and which sheet; see `sheets`."""
    has = used.patch >= 0
    uv, sheet = np.zeros(used.uv.shape), np.full(len(used.patch), -1, np.int32)
    if not has.any():
        return uv.astype(np.float32), sheet
    columns = np.array(
        [
            [*look.textures[one.texture].size, one.x0, one.y0, one.x1, one.y1, *one.size, one.x, one.y, *sizes[one.sheet]]
            for one in used.patches
        ],
        np.float64,
    )[used.patch[has]].T[:, :, None]
    w, h, x0, y0, x1, y1, across, down, x, y, width, height = columns
    u, v = used.uv[has, :, 0], used.uv[has, :, 1]
    uv[has, :, 0] = (x + RIM + (u * w - x0) * across / (x1 - x0)) / width
    uv[has, :, 1] = 1 - (y + RIM + ((1 - v) * h - y0) * down / (y1 - y0)) / height
    sheet[has] = np.array([one.sheet for one in used.patches], np.int32)[used.patch[has]]
    return uv.astype(np.float32), sheet


def _arranged(patches: list[_Patch]) -> list[tuple[int, int]]:
    """Put the patches on shelves, the highest first; the size of each sheet."""
    if not patches:
        return []
    total = sum((one.size[0] + 2 * RIM) * (one.size[1] + 2 * RIM) for one in patches)
    widest = max(one.size[0] for one in patches) + 2 * RIM
    width = min(SIDE, max(widest, 1 << int(np.ceil(np.log2(np.sqrt(1.1 * total))))))
    sizes: list[tuple[int, int]] = []
    x = y = shelf = reach = 0
    for one in sorted(patches, key=lambda one: (-one.size[1], one.texture, one.x0, one.y0)):
        across, down = one.size[0] + 2 * RIM, one.size[1] + 2 * RIM
        if x + across > width:
            x, y, shelf = 0, y + shelf, 0
        if y + down > SIDE:
            sizes.append((width, reach))
            x = y = shelf = reach = 0
        one.sheet, one.x, one.y = len(sizes), x, y
        x, shelf, reach = x + across, max(shelf, down), max(reach, y + down)
    return [*sizes, (width, reach)]


def _pixels(image: bytes) -> npt.NDArray[np.uint8]:
    """(rows, columns, 3) of a picture, its clear parts filled."""
    opened: Image.Image = Image.open(io.BytesIO(image))
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        under = Image.new("RGBA", opened.size, UNDER)
        opened = Image.alpha_composite(under, opened.convert("RGBA"))
    return np.asarray(opened.convert("RGB"))


def _cut(picture: npt.NDArray[np.uint8], one: _Patch, wrap: str) -> npt.NDArray[np.uint8]:
    """(rows, columns, 3) of a patch at its size."""
    rows, columns = picture.shape[:2]
    across, down = one.x1 - one.x0, one.y1 - one.y0
    if across * down > _WHOLE:
        across, down = one.size
    x = one.x0 + ((np.arange(across) + 0.5) * (one.x1 - one.x0) / across).astype(np.int64)
    y = one.y0 + ((np.arange(down) + 0.5) * (one.y1 - one.y0) / down).astype(np.int64)
    cut: npt.NDArray[np.uint8] = picture[_inside(y, rows, wrap)][:, _inside(x, columns, wrap)]
    if (across, down) != one.size:
        cut = np.asarray(Image.fromarray(cut).resize(one.size, Image.Resampling.BOX))
    return cut


def _inside(place: Any, number: int, wrap: str) -> Any:
    """Rows or columns beyond a picture of so many, as ones of it. Rows count from above, so that whole pictures are counted from below:
    mirrored, each second one is turned, the first one is not."""
    if wrap == "clamp":
        return np.clip(place, 0, number - 1)
    turn, within = np.divmod(place, number)
    return np.where(turn % 2 == 1, number - 1 - within, within) if wrap == "mirror" else within
