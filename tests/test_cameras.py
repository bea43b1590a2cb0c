"""Named cameras: where they look from, what they stand in, how a project keeps them, and sets of pictures that must be alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import cameras, growth
from jena_planner.jena_city.cameras import NamedCamera
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.variant import Block, PlantedTree, Variant
from jena_planner.jena_city.viewing import Axis
from jena_planner.pipeline import editing, opening

from . import small
from .site import ORIGIN, site, with_variant

E0, N0 = ORIGIN.easting, ORIGIN.northing


def camera(**more: Any) -> NamedCamera:
    return NamedCamera.model_validate({"name": "K", "at": (E0 - 20, N0 + 5), "to": (E0 + 100, N0 + 5), **more})


def test_an_eye_is_above_the_ground_and_looks_level_unless_a_height_is_given(tmp_path: Path) -> None:
    town = site(tmp_path, (0, 0, 20, 10, 8))  # on flat ground, 150 m high
    eye, target = cameras.eye_and_target(camera(), town)
    assert eye == pytest.approx([-20, 5, 151.6]) and target == pytest.approx([100, 5, 151.6])
    assert cameras.eye_and_target(camera(eye=30, target=2), town)[1] == pytest.approx([100, 5, 152])


def test_a_camera_in_a_house_or_a_block_is_found_and_one_above_the_roof_is_not(tmp_path: Path) -> None:
    town = site(tmp_path, (0, 0, 20, 10, 8))
    applied = with_variant(town, Variant("v", "V", (Block("a", shapely.box(40, 0, 50, 10), 2, "Haus A"),)))
    assert cameras.inside(applied, np.array([10.0, 5, 151.6])) == "B0"
    assert cameras.inside(applied, np.array([45.0, 5, 151.6])) == "Haus A"
    assert cameras.inside(applied, np.array([30.0, 5, 151.6])) == ""
    assert cameras.inside(applied, np.array([10.0, 5, 160])) == ""
    gone = with_variant(town, Variant("v", "V", (), ("B0",)))
    assert cameras.inside(gone, np.array([10.0, 5, 151.6])) == ""


def test_cameras_of_sight_lines_blocks_and_lines() -> None:
    level = cameras.of_axis(Axis(name="Achse", start=(E0, N0), end=(E0 + 100, N0), target=15))
    steep = cameras.of_axis(Axis(name="Turm", start=(E0, N0), end=(E0 + 100, N0), target=60))
    assert (level["target"], steep["target"], level["eye"]) == (None, 60, 1.6)
    around = [NamedCamera.model_validate(one) for one in cameras.around(shapely.box(E0, N0, E0 + 40, N0 + 20), 12.0, "Hof")]
    assert [one.name for one in around] == [f"Hof, von {word}" for word in ("Nordosten", "Südosten", "Südwesten", "Nordwesten")]
    sides = [np.sign(np.subtract(one.at, (E0 + 20, N0 + 10))).tolist() for one in around]
    assert sides == [[1, 1], [1, -1], [-1, -1], [-1, 1]]
    for one in around:  # all corners within the picture, 36 mm by 20 mm
        ahead = np.subtract([*one.to, one.target], [*one.at, one.eye])
        ahead = ahead / np.linalg.norm(ahead)
        for corner in ((0, 0), (40, 0), (0, 20), (40, 20)):
            for high in (0.0, 12.0):
                ray = np.array([E0 + corner[0] - one.at[0], N0 + corner[1] - one.at[1], high - one.eye])
                assert np.arccos(ray @ ahead / np.linalg.norm(ray)) < np.arctan(18 / one.focal_length)
    walk = cameras.along([(E0, N0), (E0 + 100, N0)], 25.0, "Weg")
    assert [one["at"] for one in walk] == [(E0 + 25.0 * k, N0) for k in range(4)] and walk[3]["to"] == (E0 + 90, N0)


def test_a_project_keeps_renames_and_gives_up_cameras(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    plain = {"at": (E0 - 20, N0 + 5), "to": (E0 + 100, N0 + 5)}
    opened = editing.with_view(opening.load(folder), "cameras", plain, {**plain, "name": "Platz"}, {**plain, "name": "Platz"})
    assert [one.name for one in opened.file.cameras] == ["Kamera 1", "Platz", "Platz (2)"]
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[pictures]]\nname = "Vom Platz"\ncamera = "Platz"\n\n[[decks]]\ncamera = "Platz"\n')
    opened = editing.with_camera_named(opening.load(folder), "Platz", "Markt")
    assert opened.file.pictures[-1].camera == opened.file.decks[-1].camera == "Markt"
    with pytest.raises(InputProblem, match="cannot be called"):
        editing.with_camera_named(opened, "Markt", "Kamera 1")
    with pytest.raises(InputProblem, match="the camera Markt is that of Vom Platz, Folien"):
        editing.without_view(opened, "cameras", 1)
    assert [one.name for one in editing.without_view(opened, "cameras", 2).file.cameras] == ["Kamera 1", "Markt"]
    text = (folder / "project.toml").read_text(encoding="utf-8")
    (folder / "project.toml").write_text(text.replace('camera = "Markt"', 'camera = "Dach"', 1), encoding="utf-8")
    with pytest.raises(InputProblem, match="no camera called Dach"):
        opening.load(folder)


@pytest.mark.parametrize(
    ("pictures", "sentence"),
    [
        ([("bestand", "13:00"), ("neu", "16:00")], "an unequal set is refused: B1 differs from B0 in time"),
        ([("neu", "13:00")], "an unequal set is refused: it does not show the Bestand"),
        ([("bestand", "13:00"), ("neu", "13:00")], ""),
    ],
)
def test_an_unequal_set_is_refused(pictures: list[tuple[str, str]], sentence: str, tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        for number, (variant, time) in enumerate(pictures):
            file.write(f'\n[[pictures]]\nname = "B{number}"\nset = "Reihe"\nvariant = "{variant}"\ntime = "{time}"\n')
    if sentence:
        with pytest.raises(InputProblem, match=sentence):
            opening.load(folder)
    else:
        opening.load(folder)


def test_planted_trees_grow_but_never_beyond_their_size() -> None:
    trees = [PlantedTree("a", (0, 0), height=25, crown=14), PlantedTree("b", (0, 0), height=3, crown=1)]
    young, old = growth.at(trees, "planted"), growth.at(trees, "20-years")
    assert (young[0].height, young[0].crown) == (4.5, 2.0) and (young[1].height, young[1].crown) == (3, 1)
    assert 4.5 < old[0].height < 25 and 2 < old[0].crown < 14 and old[1] == trees[1]
