"""The shadow in a picture is that of the analysis: the same sun, the same north, the same houses."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image
from scipy import ndimage
from scipy.spatial.transform import Rotation

from jena_planner.analyses.shadow_moments import ground_shadows
from jena_planner.jena_city import imported
from jena_planner.jena_city.project import PictureEntry
from jena_planner.pipeline import opening, steps
from jena_planner.pipeline.work import Work

from . import small

# A hard sun and no sky: what is not lit is black. No denoiser is needed where there is nothing but light and dark.
PRESET = """title = "Schatten"
look = "white"
orthophoto = false
width = 720
height = 540
samples = 4

[camera]
kind = "bird"
azimuth = 250.0
elevation = 42.0
focal_length = 50.0
fill = 0.30

[light]
sun = 3.0
sky = 0.0
exposure = 0.0

[haze]
most = 0.0
"""
NEAR = 6.0  # metres around shadows in which the sun is looked for
STEP, EDGE = 0.2, 0.5  # metres between points; how far from the rim of a shadow and from walls they are taken
WIDE, HIGH, FOCAL = 720, 540, 50.0


@pytest.mark.parametrize(
    ("day", "clock", "variant"), [("2025-03-21", "09:00", "neu"), ("2025-09-23", "15:30", "neu"), ("2025-12-21", "12:00", "bestand")]
)
def test_the_ground_is_dark_in_a_picture_where_the_analysis_says_so(day: str, clock: str, variant: str, tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    (folder / "schatten.toml").write_text(PRESET, encoding="utf-8")
    opened = opening.load(folder)
    entry = PictureEntry.model_validate(
        {"name": "Schatten", "preset": "schatten.toml", "variant": variant, "date": day, "time": clock, "caption": False}
    )
    steps.run(opened, only=("pictures",), pictures=[entry])

    work = Work(opened, imported.imported(opened.file, folder, lambda _share, _what: None), folder)
    obstacles = work.obstacles(variant)
    found = ground_shadows(
        obstacles, None, (-40.0, -40.0, 140.0, 140.0), STEP, [dt.date.fromisoformat(day)], [clock], time_zone="Europe/Berlin"
    )[0]
    free = ~np.isnan(found.grid.points[:, 2]).reshape(found.dark.shape)
    built = np.zeros_like(free)
    x, y = found.grid.points[:, 0], found.grid.points[:, 1]
    for shape in (*obstacles.applied.footprints, *(block.footprint for block in obstacles.applied.variant.blocks)):
        if shape is not None:
            built |= shapely.contains_xy(shape.buffer(EDGE), x, y).reshape(free.shape)
    near = ndimage.binary_dilation(found.dark, iterations=int(NEAR / STEP))
    reach = np.ones((int(2 * EDGE / STEP) + 1,) * 2, bool)
    dark = ndimage.binary_erosion(found.dark & ~built, reach) & free
    light = ndimage.binary_erosion(~found.dark & ~built, reach) & free & near

    told = json.loads((folder / "pictures" / "schatten.json").read_text(encoding="utf-8"))["camera"]
    eye = np.append(work.site.origin.to_local(np.array(told["position"][:2])), told["position"][2])
    rotation = Rotation.from_euler("xyz", told["rotation_euler"]).as_matrix()
    with Image.open(folder / "pictures" / "schatten.png") as image:
        seen = np.asarray(image.convert("L")).astype(float)
    assert seen.shape == (HIGH, WIDE)

    said, shown = [], []
    for mask, is_dark in ((dark, True), (light, False)):
        points = found.grid.points[mask.ravel()]
        local = (points - eye) @ rotation
        pixel = np.column_stack(
            [WIDE / 2 + local[:, 0] / -local[:, 2] * FOCAL / 36 * WIDE, HIGH / 2 - local[:, 1] / -local[:, 2] * FOCAL / 36 * WIDE]
        )
        inside_picture = ((pixel >= 1) & (pixel < [WIDE - 1, HIGH - 1])).all(axis=1)
        points, pixel = points[inside_picture], pixel[inside_picture].astype(int)
        away = eye - points
        away /= np.linalg.norm(away, axis=1)[:, None]
        pixel = pixel[~obstacles.rays.blocked(points + away * EDGE, away)]
        shown.append(seen[pixel[:, 1], pixel[:, 0]])
        said.append(np.full(len(pixel), is_dark))
    values, expected = np.concatenate(shown), np.concatenate(said)
    assert (expected.sum() > 200) and ((~expected).sum() > 1000)
    threshold = 0.8 * np.median(values[~expected])  # walls in the sun lighten the shade before them, though none as much as the sun
    assert np.median(values[expected]) < threshold / 2
    for is_dark in (True, False):  # each for itself: most of the ground lies in the sun
        agreeing = ((values < threshold) == expected)[expected == is_dark].mean()
        assert agreeing >= 0.995, f"{agreeing:.4f} of the ground that is {'dark' if is_dark else 'in the sun'}"
