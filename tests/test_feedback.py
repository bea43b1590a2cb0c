"""Collecting into a project and the report, by the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import shapely

from jena_planner.jena_city import sample, variant_files
from jena_planner.jena_city.sample.layout import ORIGIN
from jena_planner.jena_city.variant import Block, Variant


def run(*words: object) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "jena_planner", *map(str, words), "--json"],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.write(tmp_path_factory.mktemp("feedback") / "project").parent


def said(publication: str) -> dict[str, Any]:
    block = Block("h", shapely.box(60, -80, 72, -70), 3, "Unser Haus")
    design = variant_files.as_geojson(Variant("mein", "Unser Hof", (block,)), ORIGIN)
    comment = {
        "id": str(uuid.uuid4()),
        "position": [ORIGIN.easting + 60, ORIGIN.northing - 70, 146.0],
        "text": "Mehr Bäume",
        "feeling": "like",
    }
    return {
        "format": "jena-planner/contribution", "schema": 1, "publication": publication, "id": str(uuid.uuid4()), "crs": "EPSG:25832", "consent": True,
        "created": "2026-12-03T10:00:00Z", "comments": [comment], "judgements": [], "choices": [], "variants": [{**design, "based_on": "bestand", "reason": "weil"}],
    }  # fmt: skip


def test_collecting_and_reporting(project: Path, tmp_path: Path) -> None:
    import tomllib

    asked = tomllib.loads((project / "project.toml").read_text(encoding="utf-8"))["participation"]
    good = tmp_path / "beitrag.json"
    good.write_text(json.dumps(said(asked["id"])), encoding="utf-8")
    code, made, _ = run("collect", good, "--project", project)
    assert (code, made["new"], made["total"], made["problems"]) == (0, 1, 1, [])
    code, made, _ = run("collect", good, "--project", project)
    assert (code, made["new"], made["there"], made["total"]) == (0, 0, 1, 1)
    other = tmp_path / "anderes.json"
    other.write_text(json.dumps(said("anderswo")), encoding="utf-8")
    code, made, _ = run("collect", other, "--project", project)
    assert (code, made["refused"]) == (1, 1) and "another procedure" in made["problems"][0]["message"]
    code, _, words = run("collect", tmp_path / "nothing.json", "--project", project)
    assert code == 2 and "there is no such file" in words and "Traceback" not in words

    code, made, _ = run("report", project, "--out", tmp_path / "out")
    assert (code, made["contributions"], made["comments"], made["designs"]) == (0, 1, 1, 1)
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "Unser Hof" in page and "Mehr Bäume" in page and "J-0001" in page
    # 12 m x 10 m on three storeys of which 75 % are Wohnfläche, in flats of 75 m²: 3.6 of them, told as 4.
    assert "<td>4</td>" in page
