"""Films move evenly, rest at both ends, say what they show, and lose no frame when they are stopped."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jena_planner.jena_city import filming
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import FilmEntry
from jena_planner.pipeline import opening, steps

from . import small


def film(**more: Any) -> FilmEntry:
    return FilmEntry.model_validate({"name": "Film", **more})


@given(st.integers(10, 2000), st.integers(5, 60))
@settings(deadline=None)
def test_a_movement_goes_forward_and_gathers_its_pace(frames: int, fps: int) -> None:
    way = filming.eased(frames, fps)
    step = np.diff(way)
    assert way[0] == 0 and way[-1] == pytest.approx(1) and (step > -1e-12).all()
    assert step.max() <= 2.3 / (frames - 1)  # never much faster than the mean, and at the ends slower
    assert step[0] < step.max() and step[-1] < step.max()


def test_a_shadow_film_rests_three_seconds_at_both_ends_and_shows_each_minute_once() -> None:
    shots, order = filming.shots(film(kind="shadow", start="08:00", end="10:00", seconds=10, fps=24), 0.0)
    assert len(order) == (10 + 2 * 3) * 24 and len(shots) == len(set(shots)) == 121
    assert order[:72] == [0] * 72 and order[-72:] == [len(shots) - 1] * 72
    assert (shots[0].time, shots[-1].time) == ("08:00", "10:00")
    assert [shots[one].time for one in order] == sorted(shots[one].time for one in order)


def test_a_flight_comes_back_to_where_it_began() -> None:
    shots, order = filming.shots(film(kind="fly-around", seconds=5, fps=12), 30.0)
    turns = np.array([shots[one].view.azimuth for one in order])  # type: ignore[union-attr]
    assert turns[0] == 30 and turns[-1] == 390 and (np.diff(turns) >= 0).all()


def test_a_walker_follows_the_path_and_looks_ahead() -> None:
    path = [(681700.0, 5644900.0), (681760.0, 5644900.0), (681760.0, 5644980.0)]
    shots, order = filming.shots(film(kind="walk", path=path, seconds=20, fps=10), 0.0)
    views = [shots[one].view for one in order]
    eyes, turns = [], []
    for view in views:
        assert view is not None and view.target is not None and view.azimuth is not None
        turn = np.radians(view.azimuth)
        eyes.append(np.array(view.target) - filming.AHEAD * np.array([np.sin(turn), np.cos(turn)]))
        turns.append(view.azimuth)
    eyes_ = np.array(eyes)
    steps = np.hypot(*np.diff(eyes_, axis=0).T)
    assert steps.max() < 2.5 * (140 / 200)  # no leap, at the corner either
    assert turns[0] == pytest.approx(90, abs=1) and turns[-1] == pytest.approx(0, abs=1)  # east, then north
    assert np.abs(np.diff(turns)).max() < 8
    assert np.hypot(*(eyes_[0] - path[0])) < 4 and np.hypot(*(eyes_[-1] - path[-1])) < 4


def test_what_cannot_be_filmed_is_refused() -> None:
    with pytest.raises(InputProblem, match="at least two points"):
        filming.shots(film(kind="walk"), 0.0)
    with pytest.raises(InputProblem, match="it ends at 08:00, before it begins at 10:00"):
        filming.shots(film(start="10:00", end="08:00"), 0.0)


def test_subtitles_tell_the_hours_one_after_the_other() -> None:
    entry = film(kind="shadow", start="08:00", end="11:00", seconds=9, fps=10)
    shots, order = filming.shots(entry, 0.0)
    lines = filming.subtitles(entry, "Titel", shots, order).splitlines()
    assert lines[0] == "WEBVTT"
    cues = [line for line in lines if "-->" in line]
    ends = [cue.split(" --> ") for cue in cues]
    assert [one[1] for one in ends[:-1]] == [one[0] for one in ends[1:]] and ends[-1][1] == "00:00:15.000"
    assert [line[:5] for line in lines if line.endswith("Uhr")][0::3] == ["08:00", "11:00"]


def test_subtitles_are_told_in_other_languages_at_the_same_times() -> None:
    entry = film(kind="shadow", start="08:00", end="11:00", seconds=9, fps=10)
    shots, order = filming.shots(entry, 0.0)
    german, english = (filming.subtitles(entry, "Titel", shots, order, one) for one in ("de", "en"))
    assert english == german.replace(" Uhr", "") != german
    assert filming.subtitles(entry, "Titel", shots, order, "plain") == german
    around = film(kind="fly-around", seconds=2, fps=10)
    shots, order = filming.shots(around, 0.0)
    told = {one: filming.subtitles(around, "Der Anger", shots, order, one).splitlines() for one in ("de", "plain", "en")}
    assert {lines[2] for lines in told.values()} == {"00:00:00.000 --> 00:00:08.000"}
    assert told["de"][3] == "Der Anger" and "flies once around" in told["en"][3] and "rundherum" in told["plain"][3]


@pytest.mark.needs("bpy")
@pytest.mark.parametrize("ending", [".mp4", ".webm"])
def test_a_film_has_its_pictures_in_order_and_in_their_colours(tmp_path: Path, ending: str) -> None:
    """Run apart: encoding empties the scene. The pictures are decoded by Blender's own reader and held against what went in."""
    colours = [(200, 40, 40), (40, 180, 60), (50, 60, 200), (220, 220, 220)]
    for number, colour in enumerate(colours):
        high = 91 if number != 2 else 85  # a caption with a line less
        Image.new("RGB", (121, high), colour).save(tmp_path / f"{number}.png")
    code = f"""
from pathlib import Path
import bpy
from jena_planner.scene import film
folder = Path({str(tmp_path)!r})
film.encode([folder / f"{{number}}.png" for number in (0, 0, 1, 1, 2, 2, 3, 3)], folder / "film{ending}", 10)
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
editor = scene.sequence_editor_create()
strips = editor.strips if hasattr(editor, "strips") else editor.sequences
movie = strips.new_movie("film", str(folder / "film{ending}"), 1, 1)
print("LENGTH", movie.frame_final_duration, movie.elements[0].orig_width, movie.elements[0].orig_height)
scene.render.resolution_x, scene.render.resolution_y = movie.elements[0].orig_width, movie.elements[0].orig_height
scene.render.use_sequencer, scene.view_settings.view_transform = True, "Standard"
for number in range(4):
    scene.frame_set(2 * number + 2)
    scene.render.filepath = str(folder / f"out{{number}}.png")
    bpy.ops.render.render(write_still=True)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LENGTH 8 120 90" in done.stdout
    for number, colour in enumerate(colours):
        shown = np.asarray(Image.open(tmp_path / f"out{number}.png").convert("RGB")).astype(int)
        assert np.abs(np.median(shown.reshape(-1, 3), axis=0) - colour).max() <= 8
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


ENTRY = {"name": "Tag", "kind": "shadow", "variant": "neu", "start": "09:00", "end": "09:15", "seconds": 1.6, "fps": 10}
SMALL = {"width": 64, "height": 64, "samples": 1}
KILLS = 10


def frames_of(folder: Path) -> dict[str, int]:
    """Those that are whole, with the time of their making."""
    return {one.name: one.stat().st_mtime_ns for one in folder.glob("0*.png")}


@pytest.mark.needs("bpy")
def test_a_film_that_was_killed_ten_times_goes_on_and_is_the_same(tmp_path: Path) -> None:
    """Killed by -9 wherever it was: what is there is not rendered again, and all frames are those of a film that was not stopped."""
    project = small.write(tmp_path / "project")
    entry = FilmEntry.model_validate({**ENTRY, **SMALL})
    whole = tmp_path / "whole"
    steps.run(opening.load(project), only=("import", "films"), films=[entry], out=whole)
    frames = sorted((whole / "films/tag").glob("0*.png"))
    assert len(frames) == 16 and (whole / "films/tag.mp4").stat().st_size > 1000
    with (project / "project.toml").open("a", encoding="utf-8") as file:
        file.write("\n[[films]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in {**ENTRY, **SMALL}.items()))
    opened, folder, chance = opening.load(project), project / "films/tag", random.Random(os.urandom(8))
    fork = multiprocessing.get_context("forkserver")  # what all of them import is imported once
    fork.set_forkserver_preload(["jena_planner.pipeline.steps"])
    before: dict[str, int] = {}
    for _ in range(KILLS):
        child = fork.Process(target=steps.run, args=(opened,), kwargs={"only": ("films",)})
        child.start()
        more, deadline = min(chance.choice((1, 1, 2)), len(frames) - len(before)), time.monotonic() + 120
        while len(frames_of(folder)) < len(before) + more:
            assert child.is_alive() and time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.3))
        child.kill()
        child.join()
        there = frames_of(folder)
        assert before.items() <= there.items()
        before = there
    report = steps.run(opening.load(project), only=("films",))
    assert before.items() <= frames_of(folder).items()
    assert {Path(one["path"]).suffix for one in report["made"] if one["kind"] == "film"} == {".mp4", ".webm", ".png", ".vtt", ".json"}
    for one in frames:
        assert (np.asarray(Image.open(one)) == np.asarray(Image.open(folder / one.name))).all()
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".json") == [one.name for one in frames]  # nothing half made
