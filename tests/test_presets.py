"""Presets of pictures: those of the program, and a user's own in a folder for all projects."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from jena_planner import render_presets
from jena_planner.jena_city import described
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import PictureEntry
from jena_planner.pipeline import opening, steps
from jena_planner.render_presets import Preset, copying

from . import small
from .test_cli import answer, one_line, run

TINY = 'title = "Winzig"\ndescription = "Für den Test."\nwidth = 48\nheight = 32\nsamples = 1\n'


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder for presets."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config/jena-planner/presets"
    folder.mkdir(parents=True)
    return folder


def test_the_programs_own_are_those_beside_the_loader() -> None:
    assert sorted(render_presets.BUILT_IN) == sorted(path.stem for path in Path(render_presets.__file__).parent.glob("*.toml"))


def test_one_of_the_users_counts_by_its_name_in_a_project(own: Path, tmp_path: Path) -> None:
    (own / "für mich.toml").write_text(TINY, encoding="utf-8")
    folder = small.write(tmp_path / "town")
    text = (folder / "project.toml").read_text(encoding="utf-8")
    (folder / "project.toml").write_text(text.replace('name = "Straße"\n', 'name = "Straße"\npreset = "für mich"\n'), encoding="utf-8")
    opened = opening.load(folder)
    assert opened.preset(opened.file.pictures[0]).title == "Winzig"
    (own / "für mich.toml").unlink()
    with pytest.raises(InputProblem, match=r"picture Straße: there is no preset für mich. Allowed: still, .*, or a .toml file"):
        opening.load(folder)


def test_they_are_listed_after_the_programs_and_a_broken_one_breaks_no_other(own: Path) -> None:
    assert tuple(render_presets.listed().presets) == render_presets.BUILT_IN and not render_presets.listed().problems
    (own / "zwei.toml").write_text(TINY, encoding="utf-8")
    (own / "eins.toml").write_text(TINY, encoding="utf-8")
    (own / "kaputt.toml").write_text('title = "Kaputt"\n[camera]\nfarbe = 1\n', encoding="utf-8")
    (own / "leer.toml").write_bytes(b"\xff\xfe")
    (own / "Still.toml").write_text(TINY, encoding="utf-8")
    (own / ".zwei.1234.toml").write_text("halb", encoding="utf-8")
    found = render_presets.listed()
    assert tuple(found.presets) == (*render_presets.BUILT_IN, "eins", "zwei")
    said = [str(problem) for problem in found.problems]
    assert len(said) == 3
    assert any("kaputt.toml: unknown key camera.farbe. Allowed here: kind, " in one for one in said)
    assert any("leer.toml: this is not valid TOML" in one for one in said)
    assert any("Still.toml: the program has a preset of this name itself. Give the file another name." in one for one in said)
    with pytest.raises(InputProblem, match="of this name itself"):
        render_presets.load("Still")
    assert render_presets.load("still").title == "Bild"
    (own / "kaputt.toml").write_text(TINY, encoding="utf-8")  # mended: seen without a restart
    assert "kaputt" in render_presets.listed().presets


def test_a_copy_holds_every_key_with_its_meaning_and_is_the_same_preset(own: Path) -> None:
    for name in render_presets.BUILT_IN:
        path = copying.copy(name, f"mein {name}")
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        assert render_presets.load(f"mein {name}") == render_presets.load(name).model_copy(update={"title": f"mein {name}"})
        assert set(content) == set(Preset.model_fields)
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if " = " in line and not line.startswith("#")]
        assert all("  # " in line for line in lines) and max(map(len, lines)) < 200
    keys = set(Preset.model_fields) | {
        f"{section}.{key}"
        for section, field in Preset.model_fields.items()
        if hasattr(field.annotation, "model_fields")
        for key in field.annotation.model_fields
    }
    assert set(copying.MEANINGS) == keys


def test_a_copy_writes_over_nothing(own: Path) -> None:
    path = copying.copy("still", "mein-bild")
    before = path.read_bytes()
    with pytest.raises(InputProblem, match="there is a preset of this name already"):
        copying.copy("eye", "mein-bild")
    assert path.read_bytes() == before
    with pytest.raises(InputProblem, match="the program has a preset of this name itself"):
        copying.copy("eye", "Still")
    for name in ("../still", ".eye", "a/b", "", "a.toml"):
        with pytest.raises(InputProblem, match="no name for a preset"):
            copying.copy("eye", name)
    with pytest.raises(InputProblem, match="there is no preset fehlt"):
        copying.copy("fehlt", "neu")
    assert [one.name for one in own.iterdir()] == ["mein-bild.toml"]


def test_the_command_lists_and_copies(own: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(own.parent.parent)}
    done = run("presets", "--copy", "night", "--as", "abends", env=env)
    assert done.returncode == 0 and str(own / "abends.toml") in done.stdout
    done = run("presets", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    for name in render_presets.BUILT_IN:
        assert f"{render_presets.load(name).title}: {render_presets.load(name).description}" in done.stdout
    assert f"{own / 'abends.toml'}\n" in done.stdout and f"belong in {own}" in done.stdout
    (own / "plan.toml").write_text(TINY, encoding="utf-8")
    done = run("presets", "--json", env=env)
    told = answer(done)
    assert done.returncode == 1 and [one["preset"] for one in told["presets"]] == [*render_presets.BUILT_IN, "abends"]
    assert len(told["problems"]) == 1 and told["folder"] == str(own)
    assert "already" in one_line(run("presets", "--copy", "still", "--as", "abends", env=env))
    assert "there is no preset fehlt" in one_line(run("presets", "fehlt", env=env))
    assert run("presets", "--copy", "still", env=env).returncode == 2


@pytest.mark.needs("bpy")
def test_a_picture_for_the_web_has_no_words_below_it_but_in_its_file(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    text = (folder / "project.toml").read_text(encoding="utf-8")
    line = "© Stadt Jena, dl-de/by-2-0 (www.govdata.de/dl-de/by-2-0), Daten verändert"
    (folder / "project.toml").write_text(text.replace("Testdaten (CC0)", line), encoding="utf-8")
    asked = {"name": "Vorschau", "preset": "web", "variant": "neu", "samples": 1}
    told = PictureEntry.model_validate({**asked, "name": "Mit Band", "width": 64, "height": 40, "caption": True})
    steps.run(opening.load(folder), only=("pictures",), pictures=[PictureEntry.model_validate(asked), told])
    said = json.loads((folder / "pictures/vorschau.json").read_text(encoding="utf-8"))
    with Image.open(folder / "pictures/vorschau.png") as image:
        assert image.size == (1200, 630) and said["drawing"] == [0, 0, 1200, 630]
        assert image.text["Description"] == said["alternative_text"] and "Neubau Süd" in image.text["Description"]
        assert image.text["Copyright"] == "© Stadt Jena, dl-de/by-2-0, Daten verändert"
        assert image.text["Source"] == line
        assert image.text["Comment"] == "Entwurf, nicht öffentlich" == said["status"]
    with Image.open(folder / "pictures/mit-band.png") as image:
        assert image.width == 64 and image.height > 40  # the picture's own word goes before its preset's


def test_licences_are_shortened_by_their_addresses_alone() -> None:
    assert described.short("Musterdaten, frei erfunden (CC0)") == "Musterdaten, frei erfunden (CC0)"
    assert described.short("© A, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/) · B (2024), ODbL (opendatacommons.org)") == (
        "© A, CC BY 4.0 · B (2024), ODbL"
    )


@pytest.mark.needs("bpy")
def test_the_panel_lists_them_and_keeps_the_chosen_one(own: Path) -> None:
    import bpy

    import jena_planner

    jena_planner.register()
    try:
        settings = bpy.context.scene.jena
        (own / "zwei.toml").write_text(TINY, encoding="utf-8")
        settings.preset = "zwei"
        (own / "eins.toml").write_text(TINY, encoding="utf-8")  # stands before it in the list
        assert settings.preset == "zwei"
        (own / "zwei.toml").unlink()
        assert settings.preset == ""
        settings.preset = "eins"
    finally:
        jena_planner.unregister()
