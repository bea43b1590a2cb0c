"""Line drawings: lines where one thing ends and where surfaces turn, none on a plane however steeply it is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from jena_planner.jena_city import inking
from jena_planner.jena_city.project import PictureEntry
from jena_planner.pipeline import opening, steps

from . import small


def ground(high: int = 80, wide: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A level ground seen at a flat angle from 10 m above it: depth, normals, what is shown."""
    down = np.linspace(0.1, 1.0, high)[:, None] * np.ones(wide)
    return 10.0 / down, np.tile([0.0, 0.0, 1.0], (high, wide, 1)), np.full((high, wide), 0.5)


def test_a_plane_has_no_lines_in_it() -> None:
    drawn = np.asarray(inking.ink(*ground(), (200, 220, 255), 2))
    assert (drawn == 255).all()


def test_the_variant_has_the_heaviest_lines_and_its_tint_and_the_town_thin_black_ones() -> None:
    depth, normal, shown = ground()
    for left, what in ((10, inking.BLOCKS), (70, 12.0)):
        depth[20:60, left : left + 30], shown[20:60, left : left + 30] = 12.0, what
        normal[20:60, left : left + 15], normal[20:60, left + 15 : left + 30] = (1, 0, 0), (0, 1, 0)
    drawn = np.asarray(inking.ink(depth, normal, shown, (200, 220, 255), 3)).astype(int)
    new, old = drawn[40, 5:45].sum(axis=-1), drawn[40, 65:105].sum(axis=-1)
    assert (drawn[40, 18] == (200, 220, 255)).all() and (drawn[40, 78] == 255).all()
    dark = [np.flatnonzero(row < 500) for row in (new, old)]
    assert len(dark[0]) > len(dark[1]) >= 3  # both sides and the edge between their faces
    assert {5, 34} <= set(dark[1].tolist()) and {5, 34} <= set(dark[0].tolist())
    assert min(new) < min(old) + 1


def test_normals_come_back_from_one_number() -> None:
    packed = np.array([512 * 1024 + 512 + 2**20, 1023 * 1024 + 512, 512 * 1024 + 0], float)
    assert inking.unpacked(packed) == pytest.approx(np.array([[0, 0, 1], [1, 0, 0], [0, -1, 0]]), abs=0.05)


@pytest.mark.needs("bpy")
def test_a_drawing_of_a_project_is_black_on_white_with_the_variant_tinted(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    asked = PictureEntry(name="Linien", preset="lines", variant="neu", width=320, height=200)
    steps.run(opening.load(folder), only=("pictures",), pictures=[asked])
    with Image.open(folder / "pictures/linien.png") as image:
        drawn = np.asarray(image.convert("RGB")).astype(int)[:200]
    assert (drawn.sum(axis=-1) > 750).mean() > 0.5  # paper
    tinted = np.abs(drawn - (247, 223, 204)).sum(axis=-1) < 12  # the variant's #D55E00, lightened by four fifths
    assert tinted.mean() > 0.02
    assert (drawn.sum(axis=-1) < 200).mean() > 0.002  # lines
