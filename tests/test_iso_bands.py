"""Bands between lines of equal value: where the line lies, that bands tile the ground, and what a map of noise shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from jena_planner.analyses.noise.colours import SAFE, USUAL
from jena_planner.jena_city import iso_bands, maps, store
from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.result import Grid, Result
from jena_planner.jena_city.result_words import in_english
from jena_planner.jena_city.site import Features
from jena_planner.jena_city.variant import NULL_VARIANT

from .site import ORIGIN
from .site import site as small_site


def slope(hole: bool = False) -> Result:
    """40 dB(A) at x = 0 and 1 dB more for each 2 m to the east, in cells of 4 m."""
    grid = Grid(0.0, 0.0, 4.0, 10, 12, np.zeros(120))
    valid = np.ones(120, bool)
    if hole:
        valid[[50, 51, 62, 63]] = False
    values = (40.0 + grid.points[:, 0] / 2.0).astype(np.float32)
    return Result("road_noise", "ground-day", "Pegel", "dB(A)", "bestand", ORIGIN, grid, values, valid, USUAL, "von Hand")


def polygons(result: Result, folder: Path) -> dict[str, shapely.Geometry]:
    result.write_geojson(folder / "bands.geojson")
    features = json.loads((folder / "bands.geojson").read_text())["features"]
    return {one["properties"]["label"]: shapely.geometry.shape(one["geometry"]) for one in features}


def test_a_band_ends_where_the_value_is_and_not_where_a_cell_does(tmp_path: Path) -> None:
    found = polygons(slope(), tmp_path)
    for label, low, high in (("über 40 bis 45", 0.0, 10.0), ("über 45 bis 50", 10.0, 20.0), ("über 50 bis 55", 20.0, 30.0)):
        west, _, east, _ = found[label].bounds
        assert west - ORIGIN.easting == pytest.approx(low, abs=0.5)  # pieces of a metre
        assert east - ORIGIN.easting == pytest.approx(high, abs=0.5)


def test_bands_tile_what_is_valid(tmp_path: Path) -> None:
    found = list(polygons(slope(hole=True), tmp_path).values())
    whole = shapely.union_all(found)
    assert sum(part.area for part in found) == pytest.approx(whole.area, rel=1e-6)
    assert whole.area == pytest.approx(40 * 48 - 4 * 16, rel=0.01)
    assert all(part.is_valid for part in found)


def test_what_is_not_valid_speaks_for_nobody() -> None:
    values = np.array([[50.0, 90.0, 60.0]])
    fine, valid = iso_bands.between(values, np.array([[True, False, True]]), 4)
    assert fine.max() <= 60.0 and fine.min() >= 50.0
    assert valid[0].tolist() == [True] * 4 + [False] * 4 + [True] * 4


def town(folder: Path) -> Applied:
    """A house, a street and a tram in a plan area."""
    site = small_site(folder, (4, 12, 8, 8, 9), plan=shapely.box(2, 10, 14, 22))
    lines = [shapely.LineString([(20, -5), (20, 60)]), shapely.LineString([(34, -5), (34, 60)])]
    streets = Features(
        np.array(lines), {"class": np.array(["residential", "tram"]), "name": np.array(["Musterweg", ""]), "width": np.array([4.0, 3.5])}
    )
    return apply(replace(site, streets=streets), NULL_VARIANT)


def test_the_legend_is_told_in_english_word_for_word(tmp_path: Path) -> None:
    told = [in_english(words) for _, words in maps.entries(slope(), town(tmp_path))]
    told += [in_english(words) for _, words in maps.entries(replace(slope(), inputs={"base": "b"}), town(tmp_path))]
    assert told == ["Building", "edge of the road", "track", "no value", "dashed: plan area"] + [
        "Building", "edge of the road", "track", "no value (existing building)", "dashed: plan area",
    ]  # fmt: skip


def test_the_map_shows_bands_streets_and_rails(tmp_path: Path) -> None:
    applied = town(tmp_path)
    maps.write(slope(), tmp_path / "map.png", applied)
    picture = np.asarray(Image.open(tmp_path / "map.png").convert("RGB")).astype(int)
    scale = 125  # pixels of a cell of 4 m on a map about 1500 pixels wide

    def at(x: float, y: float) -> list[int]:
        return picture[round(10 * scale - y / 4 * scale), round(x / 4 * scale)].tolist()

    yellow, green = [0xFF, 0xF2, 0x00], [0x22, 0x73, 0x3B]
    assert at(9.5, 38.0) == green and at(10.5, 38.0) == yellow  # the line of 45 dB(A), inside of a cell
    assert at(34.0, 30.0) == list(maps.RAIL)
    assert at(8.0, 16.0) == list(maps.BUILDING)


def test_the_map_shows_no_tunnels(tmp_path: Path) -> None:
    applied = town(tmp_path)
    streets = applied.site.streets
    assert streets is not None
    streets.columns["tunnel"] = np.array([False, True])
    assert "Gleis" not in [words for _, words in maps.entries(slope(), applied)]


def test_it_is_kept_with_the_result(tmp_path: Path) -> None:
    store.save_result(slope(), tmp_path / "slope.npz")
    assert store.load_result(tmp_path / "slope.npz").classes == USUAL


def _seen(colour: str, kind: str) -> np.ndarray:
    """(L, a, b) of a colour as people without red or green cones see it. Source: Viénot, Brettel and Mollon 1999."""
    srgb = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lms = np.array([[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]])
    lost = {
        "none": np.eye(3),
        "red": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
        "green": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
    }
    rgb = np.clip(np.linalg.inv(lms) @ lost[kind] @ lms @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", ["none", "red", "green"])
def test_the_safe_colours_grow_darker_step_by_step_for_everybody(kind: str) -> None:
    seen = np.array([_seen(colour, kind) for colour in SAFE.colours])
    assert (np.diff(seen[:, 0]) < -3).all()  # lightness alone tells them apart
    assert (np.linalg.norm(np.diff(seen, axis=0), axis=1) > 6).all()
