"""Files damaged at random: always a report or one sentence, never a traceback, and quickly."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jena_planner.jena_city.check import check

from . import gml, themes
from .cityjson import Town

X, Y, Z = gml.JENA


def _sources() -> list[bytes]:
    parts = [gml.part("P", gml.surfaces("P", gml.box(X, Y, Z, 5, 5, 5)))]
    texts = [
        gml.city(
            gml.box_building("A", X, Y, Z, 9, 9, 9, version=version),
            gml.building("B", gml.solid_of_links("A", gml.box(X, Y, Z, 9, 9, 9)), parts=parts),
            version=version,
        )
        for version in ("1.0", "2.0", "3.0")
    ]
    town = Town()
    town.add("A", "Building", town.box(X, Y, Z, 9, 9, 9, lod="1.2"), town.box(X, Y, Z, 9, 9, 9), children=["P"])
    town.add("P", "BuildingPart", town.box(X + 20, Y, Z, 9, 9, 9, kind="MultiSurface"), parents=["A"])
    town.add("B", "Building", town.box(X, Y + 20, Z, 9, 9, 9, kind="CompositeSolid"))
    head = {**town.head(), "CityObjects": {}, "vertices": []}
    feature = {"type": "CityJSONFeature", "CityObjects": town.objects, "vertices": town.vertices}
    texts += [json.dumps(town.document()), f"{json.dumps(head)}\n{json.dumps(feature)}\n"]
    around = Town()
    around.templates = {
        "templates": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]]]}],
        "vertices-templates": [[0, 0, 0], [1, 0, 0], [0, 0, 3]],
    }
    around.add("A", "Building", around.box(X, Y, Z, 9, 9, 9))
    around.add("BR", "Bridge", around.box(X + 20, Y, Z, 9, 9, 1), children=["BP"])
    around.add("BP", "BridgePart", around.box(X + 29, Y, Z, 9, 9, 1), parents=["BR"])
    place = around.vertex((X, Y + 30, Z))
    matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    tree = {"type": "GeometryInstance", "template": 0, "boundaries": [place], "transformationMatrix": matrix}
    around.add("T", "SolitaryVegetationObject", tree)
    texts += [themes.town(), json.dumps(around.document())]
    axis = np.arange(8.0)
    x, y = np.meshgrid(X + axis, Y + axis)
    lines = "".join(f"{a:.2f} {b:.2f} {150 + a - X:.2f}\n" for a, b in zip(x.ravel(), y.ravel(), strict=True))
    grid = "ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n1 2 3\n4 5 6\n7 8 9\n"
    return [text.encode() for text in (*texts, lines, "x;y;z\n" + lines.replace(" ", ";"), grid)]


def _buildings(content: bytes) -> int:
    """How many buildings a file holds that can be read without a complaint, counted without our readers."""
    if b'"CityObjects"' not in content:
        return content.count(b"</bldg:Building>")
    objects = [one for line in content.splitlines() if line.strip() for one in json.loads(line)["CityObjects"].values()]
    return sum(one["type"] == "Building" for one in objects)


SOURCES = _sources()
HOSTILE = [b"NaN", b"1e308", b"-1e30", b"", b"abc", b"inf", b"<", b">", b"\0", b"&amp;", b"&x;", b"]]>", b"\xff", b"<!--", b"0 0 0", b"1e5"]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SOURCES),
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 0.2), st.sampled_from(["flip", "cut", "double", "insert"]), st.integers(0, 255)),
        min_size=1,
        max_size=6,
    ),
    st.one_of(st.none(), st.floats(0, 1)),
)
def test_damaged_files_end_with_a_report_or_a_sentence(
    source: bytes, damages: list[tuple[float, float, str, int]], end: float | None
) -> None:
    content = bytearray(source)
    for place, length, kind, value in damages:
        if not content:
            break
        at = min(int(place * len(content)), len(content) - 1)
        stop = min(at + int(length * 300), len(content))
        if kind == "flip":
            content[at] = value
        elif kind == "cut":
            del content[at:stop]
        elif kind == "double":
            content[at:at] = content[at:stop]
        else:
            content[at:at] = HOSTILE[value % len(HOSTILE)]
    if end is not None:
        del content[int(end * len(content)) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged"
        path.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report, unreadable = check([path])
    for problem in unreadable:
        assert "\n" not in str(problem)
        assert len(str(problem)) < 1000
    for found in report.problems:
        assert found.message
        assert "\n" not in found.message
    if not unreadable and not report.problems:  # nothing is lost without a word
        assert report.buildings == _buildings(bytes(content))
    if report.extent is not None:
        assert np.isfinite(report.extent).all()
