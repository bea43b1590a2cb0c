"""Drawings (DXF): their shapes in the right place, whatever they are made of, and damaged ones with a sentence."""

from __future__ import annotations

import io
import math
import resource
import tempfile
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pytest
import shapely
from ezdxf.math import Vec3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jena_planner.jena_city import drawings, vectors
from jena_planner.jena_city.check import check, keys_of, kind
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.site import Features

from .test_vectors import ORIGIN, E, N

SAGITTA = 0.01


def drawing(units: int = 6, version: str = "R2010") -> tuple[Any, Any]:
    made = ezdxf.new(version)
    made.header["$INSUNITS"] = units
    return made, made.modelspace()


def saved(made: Any, folder: Path, name: str = "plan.dxf", *, binary: bool = False) -> Path:
    made.saveas(folder / name, fmt="bin" if binary else "asc")
    return folder / name


def lines(path: Path, report: Report | None = None) -> Features:
    return vectors.read_lines([path], ORIGIN, report or Report())


@pytest.mark.parametrize("version", ["R12", "R2000", "R2010", "R2018"])
@pytest.mark.parametrize("binary", [False, True])
def test_layers_labels_and_places(tmp_path: Path, version: str, binary: bool) -> None:
    made, space = drawing(version=version)
    space.add_line((E, N), (E + 3, N + 4), dxfattribs={"layer": "Gebäude"})
    space.add_point((E + 1, N + 1), dxfattribs={"layer": "PUNKTE"})
    space.add_text("Flur 3", dxfattribs={"layer": "TEXTE", "insert": (E + 2, N + 2)})
    space.add_polyline2d([(E, N), (E + 1, N), (E + 1, N + 1)], dxfattribs={"layer": "R"}, close=True)
    report = Report()
    found = lines(saved(made, tmp_path, binary=binary), report)
    shown = {layer: (shape, text) for layer, shape, text in zip(found.columns["layer"], found.geometry, found.columns["text"], strict=True)}
    assert shapely.get_coordinates(shown["Gebäude"][0]) == pytest.approx(np.array([[0, 0], [3, 4]]), abs=1e-6)
    assert (shown["PUNKTE"][0].x, shown["TEXTE"][1]) == (pytest.approx(1, abs=1e-6), "Flur 3")
    assert shown["R"][0].length == pytest.approx(2 + math.sqrt(2))
    assert set(found.columns["file"]) == {"plan.dxf"}
    assert (report.problems, report.features) == ([], {"lines": 4})


def test_layers_are_counted_by_check(tmp_path: Path) -> None:
    made, space = drawing()
    for k in range(3):
        space.add_circle((E + 10 * k, N), 2, dxfattribs={"layer": "Schächte"})
    space.add_line((E, N), (E + 9, N), dxfattribs={"layer": "GAS"})
    path = saved(made, tmp_path)
    assert (kind(path), keys_of("lines")) == ("lines", ("lines",))
    report, unreadable = check([path])
    assert unreadable == []
    assert report.features == {"lines": 4, "layer GAS": 1, "layer Schächte": 3}
    assert report.extent is not None
    assert report.extent[:2] == pytest.approx((E - 2, N - 2), abs=SAGITTA)


@settings(max_examples=60)
@given(radius=st.floats(0.05, 500), start=st.floats(0, 360), sweep=st.floats(1, 359), up=st.booleans())
def test_arcs_leave_the_true_ones_by_a_centimetre_at_most(radius: float, start: float, sweep: float, up: bool) -> None:
    made, space = drawing()
    extra = {} if up else {"extrusion": (0, 0, -1)}
    sign = 1 if up else -1  # drawn from below: x runs the other way
    space.add_arc((sign * E, N), radius, start, start + sweep, dxfattribs=extra)
    with tempfile.TemporaryDirectory() as folder:
        (line,) = lines(saved(made, Path(folder))).geometry
    off = np.hypot(*shapely.get_coordinates(line).T)
    assert off == pytest.approx(radius, abs=1e-6)  # its points lie on the arc
    middles = (shapely.get_coordinates(line)[1:] + shapely.get_coordinates(line)[:-1]) / 2
    assert (radius - np.hypot(*middles.T)).max() <= SAGITTA
    assert line.length == pytest.approx(math.radians(sweep) * radius, rel=0.02, abs=0.02)
    first = np.array([sign * math.cos(math.radians(start)), math.sin(math.radians(start))]) * radius
    assert shapely.get_coordinates(line)[0] == pytest.approx(first, abs=1e-6)


def test_a_circle_of_two_bulges_an_ellipse_and_a_spline(tmp_path: Path) -> None:
    made, space = drawing()
    space.add_lwpolyline([(E - 5, N, 1), (E + 5, N, 1)], format="xyb", close=True, dxfattribs={"layer": "kreis"})
    space.add_ellipse((E, N), major_axis=(0, 8), ratio=0.5, dxfattribs={"layer": "ellipse"})
    space.add_open_spline([(E, N), (E + 10, N), (E + 10, N + 10)], degree=2, dxfattribs={"layer": "parabel"})
    space.add_rational_spline([(E + 7, N), (E + 7, N + 7), (E, N + 7)], [1, math.sqrt(0.5), 1], degree=2, dxfattribs={"layer": "viertel"})
    found = lines(saved(made, tmp_path))
    by_layer = dict(zip(found.columns["layer"].tolist(), found.geometry, strict=True))
    assert shapely.Polygon(by_layer["kreis"]).area == pytest.approx(25 * math.pi, rel=0.003)
    x, y = shapely.get_coordinates(by_layer["ellipse"]).T
    assert (x / 4) ** 2 + (y / 8) ** 2 == pytest.approx(1, abs=1e-6)
    assert shapely.Polygon(by_layer["ellipse"]).area == pytest.approx(32 * math.pi, rel=0.003)
    t = np.linspace(0, 1, 500)
    true = shapely.LineString(np.column_stack([20 * t * (1 - t) + 10 * t**2, 10 * t**2]))
    assert by_layer["parabel"].hausdorff_distance(true) <= SAGITTA
    assert np.hypot(*shapely.get_coordinates(by_layer["viertel"]).T) == pytest.approx(7, abs=1e-6)


@settings(max_examples=40)
@given(
    inner=st.tuples(st.floats(-5, 5).filter(lambda s: abs(s) > 0.1), st.floats(0.1, 5), st.floats(0, 360)),
    outer=st.tuples(st.floats(-3, 3).filter(lambda s: abs(s) > 0.1), st.floats(0.1, 3), st.floats(0, 360)),
    extrusion=st.sampled_from([(0, 0, 1), (0, 0, -1)]),
    base=st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
)
def test_blocks_in_blocks_lie_where_another_program_puts_them(inner: Any, outer: Any, extrusion: Any, base: Any) -> None:
    """Scaled, mirrored, turned, drawn from below: held against the matrices that ezdxf gives its inserts."""
    made, space = drawing()
    leaf = made.blocks.new("blatt", base_point=base)
    leaf.add_line((1, 2), (4, 3))
    branch = made.blocks.new("ast", base_point=(2, -1))
    twig = branch.add_blockref("blatt", (3, 4), dxfattribs={"xscale": inner[0], "yscale": inner[1], "rotation": inner[2]})
    at = (E if extrusion[2] > 0 else -E, N)
    attributes = {"xscale": outer[0], "yscale": outer[1], "rotation": outer[2], "extrusion": extrusion, "layer": "Baum"}
    tree = space.add_blockref("ast", at, dxfattribs=attributes)
    ends = tree.matrix44().transform_vertices(twig.matrix44().transform_vertices([Vec3(1, 2), Vec3(4, 3)]))
    with tempfile.TemporaryDirectory() as folder:
        found = lines(saved(made, Path(folder)))
    expected = np.array([(end.x, end.y) for end in ends]) - [E, N]
    assert shapely.get_coordinates(found.geometry[0]) == pytest.approx(expected, abs=1e-6)
    assert found.columns["layer"].tolist() == ["Baum"]  # what is on layer 0 in a block is on the layer it is put on


def test_a_curve_in_a_large_block_is_as_true_as_any(tmp_path: Path) -> None:
    made, space = drawing()
    made.blocks.new("einheit").add_circle((0, 0), 0.5)
    space.add_blockref("einheit", (E, N), dxfattribs={"xscale": 80, "yscale": 80})
    (line,) = lines(saved(made, tmp_path)).geometry
    assert shapely.Point(0, 0).distance(line) >= 40 - SAGITTA


def test_rows_of_blocks_and_their_labels(tmp_path: Path) -> None:
    made, space = drawing()
    made.blocks.new("pfahl").add_point((0, 0))
    reference = space.add_blockref("pfahl", (E, N), dxfattribs={"row_count": 2, "column_count": 3, "row_spacing": 5, "column_spacing": 2})
    reference.add_attrib("NR", "P 7", (E + 1, N + 1))
    found = lines(saved(made, tmp_path))
    points = sorted((shape.x, shape.y) for shape, text in zip(found.geometry, found.columns["text"], strict=True) if not text)
    assert np.array(points) == pytest.approx(np.array([(0, 0), (0, 5), (2, 0), (2, 5), (4, 0), (4, 5)]), abs=1e-6)
    assert "P 7" in found.columns["text"].tolist()


def test_hatches_are_areas_with_holes_and_faces_are_outlines(tmp_path: Path) -> None:
    made, space = drawing()
    hatch = space.add_hatch(dxfattribs={"layer": "WA"})
    hatch.paths.add_polyline_path([(E, N), (E + 20, N), (E + 20, N + 20), (E, N + 20)])
    edges = hatch.paths.add_edge_path()
    edges.add_line((E + 5, N + 5), (E + 15, N + 5))
    edges.add_arc((E + 10, N + 5), 5, 0, 180)
    space.add_3dface([(E, N, 5), (E + 4, N, 5), (E + 4, N + 3, 6), (E, N + 3, 6)], dxfattribs={"layer": "dach"})
    space.add_3dface([(E, N, 0), (E + 4, N, 0), (E + 4, N, 5), (E, N, 5)], dxfattribs={"layer": "wand"})
    path = saved(made, tmp_path)
    areas = vectors.read_areas([path], ORIGIN, Report())
    by_kind = dict(zip(areas.columns["kind"].tolist(), areas.geometry, strict=True))
    assert by_kind["WA"].area == pytest.approx(400 - 12.5 * math.pi, rel=0.002)
    assert by_kind["dach"].area == pytest.approx(12)
    found = lines(path)
    assert sorted(shape.length for shape, layer in zip(found.geometry, found.columns["layer"], strict=True) if layer == "wand") == [4.0]


def test_closed_lines_are_plots_and_plan_areas_named_by_the_text_in_them(tmp_path: Path) -> None:
    made, space = drawing()
    for k, number in enumerate(("12/3", "12/4")):
        space.add_lwpolyline(
            [(E + 20 * k, N), (E + 20 * k + 18, N), (E + 20 * k + 18, N + 30), (E + 20 * k, N + 30)],
            close=True,
            dxfattribs={"layer": "FLURSTUECK"},
        )
        space.add_text(number, dxfattribs={"insert": (E + 20 * k + 9, N + 15)})
    path = saved(made, tmp_path)
    plots = vectors.read_plots([path], ORIGIN, Report())
    assert dict(zip(plots.columns["number"].tolist(), shapely.area(plots.geometry), strict=True)) == pytest.approx(
        {"12/3": 540, "12/4": 540}
    )
    plan = vectors.read_plan_areas([path], ORIGIN, Report())
    assert plan.columns["kind"].tolist() == ["FLURSTUECK"] * 2


@pytest.mark.parametrize(("units", "metres"), [(4, 0.001), (5, 0.01), (6, 1.0), (14, 0.1), (0, 1.0)])
def test_units(tmp_path: Path, units: int, metres: float) -> None:
    made, space = drawing(units)
    space.add_line((E / metres, N / metres), ((E + 3) / metres, (N + 4) / metres))
    space.add_circle((E / metres, N / metres), 5 / metres)
    report = Report()
    found = lines(saved(made, tmp_path), report)
    assert found.geometry[0].length == pytest.approx(5)
    assert 31.3 < found.geometry[1].length < 10 * math.pi
    assert report.problems == []


def test_units_that_the_numbers_belie_are_put_right_and_said(tmp_path: Path) -> None:
    made, space = drawing(units=4)  # what the template had: millimetres
    space.add_line((E, N), (E + 3, N + 4))
    report = Report()
    assert lines(saved(made, tmp_path), report).geometry[0].length == pytest.approx(5)
    assert [problem.code for problem in report.problems] == ["other-units"]


def test_zones_before_the_easting_gauss_krueger_and_outliers(tmp_path: Path) -> None:
    made, space = drawing()
    for k in range(3):
        space.add_line((32_000_000 + E, N + k), (32_000_000 + E + 7, N + k))
    space.add_text("Legende", dxfattribs={"insert": (0, 0)})
    report = Report()
    found = lines(saved(made, tmp_path), report)
    assert shapely.get_coordinates(found.geometry[0]) == pytest.approx(np.array([[0, 0], [7, 0]]), abs=1e-6)
    assert (len(found), [problem.code for problem in report.problems]) == (3, ["far-away"])


def test_local_coordinates_are_refused_with_what_to_do(tmp_path: Path) -> None:
    made, space = drawing()
    space.add_line((12, 7), (40, 7), dxfattribs={"layer": "EG"})
    path = saved(made, tmp_path)
    with pytest.raises(InputProblem, match=r"coordinates of its own.*Move it to its place in EPSG:25832"):
        lines(path)
    report, unreadable = check([path])
    assert (report.features, [problem.code for problem in report.problems], unreadable) == (
        {"lines": 1, "layer EG": 1},
        ["local-coordinates"],
        [],
    )


def test_dwg_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "plan.dxf"  # whatever it is called
    path.write_bytes(b"AC1032\0\0\0\0" + bytes(500))
    for reader in (kind, lines):
        with pytest.raises(InputProblem, match=r"this is a DWG drawing.*Save it as DXF"):
            reader(path)


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    made, space = drawing()
    space.add_line((E, N), (E + 1, N))
    space.add_ray((E, N), (1, 0))
    space.add_blockref("fehlt", (E, N))
    report = Report()
    lines(saved(made, tmp_path), report)
    said = {problem.code: problem.message for problem in report.problems}
    assert said == {"missing-block": "blocks that are not in the file were left out: 1 fehlt", "not-read": "not read of the drawing: 1 RAY"}


def test_blocks_that_unfold_without_end_are_cut(tmp_path: Path) -> None:
    made, space = drawing()
    made.blocks.new("b0").add_line((0, 0), (1, 1))
    for level in range(1, 12):
        block = made.blocks.new(f"b{level}")
        for k in range(10):
            block.add_blockref(f"b{level - 1}", (k, 0))
    loop = made.blocks.new("kreis")
    loop.add_blockref("kreis", (1, 1))
    loop.add_line((0, 0), (1, 0))
    space.add_line((E, N), (E + 1, N))
    space.add_blockref("b11", (E, N))
    space.add_blockref("kreis", (E, N))
    report = Report()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = lines(saved(made, tmp_path), report)
    assert 1 < len(found) < 1_000_000
    assert {"too-many-shapes"} <= {problem.code for problem in report.problems}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kB


def test_a_file_cut_short_or_with_a_broken_entity_gives_the_rest(tmp_path: Path) -> None:
    made, space = drawing()
    for k in range(20):
        space.add_line((E, N + k), (E + 5, N + k))
    content = saved(made, tmp_path).read_bytes()
    end = content.rindex(b"AcDbLine")
    (tmp_path / "kurz.dxf").write_bytes(content[:end])
    report = Report()
    assert len(lines(tmp_path / "kurz.dxf", report)) == 19
    assert {problem.code for problem in report.problems} == {"damaged-entity", "damaged-drawing"}
    (tmp_path / "wort.dxf").write_bytes(content.replace(str(float(E + 5)).encode(), b"vier", 1))
    report = Report()
    assert len(lines(tmp_path / "wort.dxf", report)) == 19
    assert {problem.code for problem in report.problems} == {"damaged-entity"}


def _fixture(binary: bool) -> bytes:
    made, space = drawing()
    block = made.blocks.new("b")
    block.add_circle((0, 0), 1)
    block.add_lwpolyline([(0, 0, 0.5), (1, 1, 0)], format="xyb", close=True)
    space.add_blockref("b", (E, N), dxfattribs={"row_count": 2, "row_spacing": 3})
    space.add_line((E, N), (E + 1, N))
    space.add_spline([(E, N), (E + 5, N + 5), (E + 9, N)])
    space.add_ellipse((E, N), (5, 0), 0.5)
    space.add_mtext("Text", dxfattribs={"insert": (E, N)})
    space.add_hatch().paths.add_polyline_path([(E, N, 0.2), (E + 9, N, 0), (E, N + 9, 0)])
    space.add_polyline3d([(E, N, 1), (E + 2, N, 2)])
    space.add_3dface([(E, N, 0), (E + 1, N, 0), (E + 1, N + 1, 0)])
    with space.add_mesh().edit_data() as data:
        data.vertices, data.faces = [(E, N, 0), (E + 1, N, 0), (E, N + 1, 0)], [(0, 1, 2)]
    if binary:
        stream = io.BytesIO()
        made.write(stream, fmt="bin")
        return stream.getvalue()
    text = io.StringIO()
    made.write(text)
    return text.getvalue().encode()


FIXTURES = [_fixture(False), _fixture(True)]
STARTS = [FIXTURES[0].index(b"BLOCKS"), FIXTURES[1].index(b"BLOCKS")]


@settings(max_examples=150)
@example(which=1, damages=[(0.11328125, 243, "insert")], anywhere=False)  # a name over two lines
@given(
    which=st.sampled_from([0, 1]),
    damages=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255), st.sampled_from(["flip", "cut", "insert"])), min_size=1, max_size=8),
    anywhere=st.booleans(),
)
def test_damaged_drawings_end_with_a_report_or_a_sentence(which: int, damages: list[tuple[float, int, str]], anywhere: bool) -> None:
    content = bytearray(FIXTURES[which])
    first = 0 if anywhere else STARTS[which]
    for place, value, how in damages:
        at = first + int(place * (len(content) - first - 1))
        if how == "flip":
            content[at] = value
        elif how == "cut":
            del content[at : at + value]
        else:
            content[at:at] = (b"1e308", b"-1e300", b"nan", b"\n", b"9999999", b"\xff\xfe")[value % 6]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kaputt.dxf"
        path.write_bytes(content)
        report, unreadable = check([path])
        try:
            shapes = lines(path).geometry if not unreadable else np.zeros(0, object)
        except InputProblem as problem:
            shapes, unreadable = np.zeros(0, object), [problem]
    assert np.isfinite(shapely.get_coordinates(shapes)).all()
    for problem in unreadable:
        assert "\n" not in str(problem)
    assert all("\n" not in found.message for found in report.problems)


def test_text_of_other_formats_is_no_drawing(tmp_path: Path) -> None:
    path = tmp_path / "punkte.xyz"
    path.write_text("0 0 1\n1 0 2\n0 1 3\n1 1 3\n")
    assert not drawings.is_one(path)
