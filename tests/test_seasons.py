"""Seasons and weather of pictures: which a date has, what trees look like, and that it is seen."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from jena_planner.jena_city import filming, palette, seasons
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import FilmEntry, PictureEntry
from jena_planner.pipeline import opening, steps
from jena_planner.scene import tree_forms
from jena_planner.scene.shapes import Shape

from . import small

JENA, CAPE_TOWN = 50.9, -33.9


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ("01-15", "winter"),
        ("03-21", "winter"),
        ("04-15", "spring"),
        ("06-21", "summer"),
        ("09-23", "summer"),
        ("10-15", "autumn"),
        ("11-01", "winter"),
    ],
)
def test_a_date_has_a_season_and_the_opposite_one_in_the_south(day: str, season: str) -> None:
    date = dt.date.fromisoformat(f"2025-{day}")
    assert seasons.of(date, JENA) == season
    half_a_year_later = dt.date(2025, (date.month + 5) % 12 + 1, date.day)
    assert seasons.of(half_a_year_later, CAPE_TOWN) == season


def test_a_caption_speaks_of_trees_unless_it_is_summer_anyway() -> None:
    june, march = dt.date(2025, 6, 21), dt.date(2025, 3, 21)
    assert seasons.shown("summer", june, JENA) == ("summer", "")
    assert seasons.shown("date", june, JENA) == ("summer", "")
    assert seasons.shown("summer", march, JENA) == ("summer", "Bäume im Sommer")  # leaves that are not there on that day
    assert seasons.shown("date", march, JENA) == ("winter", "Bäume kahl")
    assert seasons.shown("autumn", june, JENA)[0] == "autumn"


@pytest.mark.parametrize("forms", [tree_forms.light, tree_forms.leafy, tree_forms.near, tree_forms.bare])
def test_trees_are_as_large_as_the_data_say(forms: object) -> None:
    made: list[Shape] = forms()  # type: ignore[operator]
    assert len(made) == len(palette.CROWNS) == len(palette.FOLIAGE["autumn"])
    for shape in made:
        high, wide = shape.vertices[:, 2].max(), np.hypot(*shape.vertices[:, :2].T)
        assert shape.vertices[:, 2].min() == pytest.approx(0, abs=0.01)  # neither floating nor sunken
        assert high == pytest.approx(1.0, abs=0.07)
        assert wide.max() == pytest.approx(0.5, abs=0.1)
        assert np.isfinite(shape.vertices).all()


def test_only_conifers_are_green_in_winter() -> None:
    green = [bool((shape.slots == tree_forms.CROWN).any()) for shape in tree_forms.bare()]
    assert green == [number == tree_forms.CONIFER for number in range(len(green))]


def test_branches_hang_together() -> None:
    """Each begins where another ends, down to the trunk's foot."""
    for number, shape in enumerate(tree_forms.bare()):
        if number != tree_forms.CONIFER:
            starts, ends = (np.round(part.mean(axis=1), 9) for part in np.moveaxis(shape.vertices.reshape(-1, 2, 4, 3), 1, 0))
            known = {tuple(end) for end in ends.tolist()} | {(0.0, 0.0, 0.0)}
            assert all(tuple(start) in known for start in starts.tolist())


def test_there_is_no_film_of_the_shadow_under_clouds() -> None:
    with pytest.raises(InputProblem, match="under an overcast sky there is no shadow to film"):
        filming.shots(FilmEntry(name="Tag", weather="overcast"), 0.0)
    assert filming.shots(FilmEntry(name="Flug", kind="fly-around", weather="overcast", seconds=1.0, fps=5), 0.0)


def test_seasons_and_weather_are_seen_and_said(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    _plant(folder)
    asked = [("sommer", "summer", "clear"), ("herbst", "autumn", "clear"), ("winter", "winter", "clear"), ("grau", "summer", "overcast")]
    entries = [
        PictureEntry.model_validate(
            {"name": name, "season": season, "weather": weather, "width": 320, "height": 180, "samples": 4, "caption": False}
        )
        for name, season, weather in asked
    ]
    steps.run(opening.load(folder), only=("pictures",), pictures=entries)
    pixels, said = {}, {}
    for entry in entries:
        with Image.open(folder / "pictures" / f"{entry.name}.png") as image:
            pixels[entry.name] = np.asarray(image.convert("RGB"), float)
        said[entry.name] = json.loads((folder / "pictures" / f"{entry.name}.json").read_text(encoding="utf-8"))
    changed = {name: np.abs(one - pixels["sommer"]).max(axis=2) > 25 for name, one in pixels.items()}
    trees = changed["winter"] & changed["herbst"]
    assert trees.sum() > 50, "there are no trees in the picture"
    red, green, _ = pixels["herbst"][trees].mean(axis=0)
    assert red > green  # leaves have turned
    red, green, _ = pixels["sommer"][trees].mean(axis=0)
    assert green > red
    # Under clouds nothing has a dark side: what is darkest of the town in the sun is not so any more.
    shadow = pixels["sommer"].mean(axis=2) < np.quantile(pixels["sommer"].mean(axis=2), 0.1)
    assert pixels["grau"][shadow].mean() > 1.15 * pixels["sommer"][shadow].mean()
    assert "Bäume kahl" in said["winter"]["facts"] and "Bäume im Herbst" in said["herbst"]["facts"]
    assert not any(fact.startswith("Bäume") for fact in said["sommer"]["facts"])
    assert "bedeckter Himmel" in said["grau"]["facts"] and not any("Sonnenhöhe" in fact for fact in said["grau"]["facts"])


def _plant(folder: Path) -> None:
    """A dozen trees in front of the houses of the small project."""
    east, north = small.ORIGIN.easting, small.ORIGIN.northing
    trees = [
        {
            "type": "Feature",
            "properties": {"height": 9.0, "crown": 6.0},
            "geometry": {"type": "Point", "coordinates": [east + x, north + y]},
        }
        for x in range(0, 96, 16)
        for y in (-8.0, -45.0)
    ]
    content = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:25832"}}, "features": trees}
    (folder / "trees.geojson").write_text(json.dumps(content), encoding="utf-8")
    project = folder / "project.toml"
    project.write_text(project.read_text(encoding="utf-8").replace("[data]", '[data]\ntrees = ["trees.geojson"]'), encoding="utf-8")
