"""What real files of city models do (docs/formats.md, "What real files do"): units, arcs, several systems in one file, names that lie."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pyproj
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jena_planner.jena_city import arcs, citygml, cityjson
from jena_planner.jena_city.model import CityModel
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.triangulate import volume

from . import gml
from .cityjson import Town

X, Y, Z = gml.JENA
BOX = gml.solid(gml.box(X, Y, Z, 4, 4, 4), 1)


def read(tmp_path: Path, text: str, **options: object) -> CityModel:
    return citygml.read(gml.write(tmp_path / "tile.gml", text), **options)  # type: ignore[arg-type]


def codes(model: CityModel) -> list[str]:
    return sorted(problem.code for problem in model.report.problems)


@pytest.mark.parametrize(
    ("uom", "metres"),
    [
        ("m", 30.0),
        ("#m", 30.0),
        ("urn:adv:uom:m", 30.0),
        ("urn:ogc:def:uom:UCUM::m", 30.0),
        ("http://www.opengis.net/def/uom/UCUM/0/m", 30.0),
        ("", 30.0),
        ("ft", 9.144),
        ("#ft", 9.144),
        ("urn:ogc:def:uom:UCUM::[ft_i]", 9.144),
        ("urn:ogc:def:uom:EPSG::9002", 9.144),
        ("[ft_us]", 30 * 1200 / 3937),
        ("cm", 0.3),
    ],
)
def test_heights_are_metres_whatever_their_unit(tmp_path: Path, uom: str, metres: float) -> None:
    old = f'<bldg:measuredHeight uom="{uom}">30</bldg:measuredHeight>'
    new = f'<con:height><con:Height><con:value uom="{uom}">30</con:value></con:Height></con:height>'
    for content, version in ((old, "2.0"), (new, "3.0")):
        text = gml.city(gml.building("B", content + BOX.replace("bldg:", "core:" if version == "3.0" else "bldg:")), version=version)
        model = read(tmp_path, text)
        assert model.measured_height[0] == pytest.approx(metres)
        assert codes(model) == []


def test_a_height_in_an_unknown_unit_is_kept_and_said(tmp_path: Path) -> None:
    content = '<bldg:measuredHeight uom="fathom">30</bldg:measuredHeight>' + BOX
    model = read(tmp_path, gml.city(gml.building("B", content)))
    assert (model.measured_height[0], codes(model)) == (30.0, ["unknown-unit"])


@pytest.mark.parametrize("value", ["5644970.25", "-1e7", "1e300", "0.1"])
def test_numbers_among_attributes_stay_numbers_whatever_their_size(tmp_path: Path, value: str) -> None:
    content = f'<gen:doubleAttribute name="north"><gen:value>{value}</gen:value></gen:doubleAttribute>{BOX}'
    assert read(tmp_path, gml.city(gml.building("B", content))).attributes[0] == {"north": float(value)}


def ring_of(*segments: str) -> str:
    inside = "".join(segments)
    return f"<gml:Ring><gml:curveMember><gml:Curve><gml:segments>{inside}</gml:segments></gml:Curve></gml:curveMember></gml:Ring>"


def face(ring: str) -> str:
    polygon = f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>"
    return f"<bldg:lod2MultiSurface><gml:MultiSurface>{gml.member(polygon)}</gml:MultiSurface></bldg:lod2MultiSurface>"


def area(model: CityModel) -> float:
    a, b, c = (model.points[model.triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def test_a_round_gable_is_round(tmp_path: Path) -> None:
    """Half a circle of radius 5 that stands upright: π 25 / 2, to what pieces that leave it by a centimetre at most can lose."""
    line = f"<gml:LineStringSegment>{gml.pos_list([(X, Y, Z), (X + 10, Y, Z)])}</gml:LineStringSegment>"
    over = (X + 5 - 5 * math.cos(0.7), Y, Z + 5 * math.sin(0.7))
    arc = f"<gml:Arc>{gml.pos_list([(X + 10, Y, Z), over, (X, Y, Z)])}</gml:Arc>"
    model = read(tmp_path, gml.city(gml.building("B", face(ring_of(line, arc)))))
    assert codes(model) == []
    assert area(model) == pytest.approx(math.pi * 12.5, abs=5 * math.pi * arcs.SAGITTA)
    assert area(model) < math.pi * 12.5


def test_a_circle_and_a_string_of_arcs(tmp_path: Path) -> None:
    around = [(X + 3 * math.cos(a), Y + 3 * math.sin(a), Z) for a in (0, 1, 2.5, 4, 2 * math.pi)]
    circle = f"<gml:Circle>{gml.pos_list(around[:3])}</gml:Circle>"
    string = f"<gml:ArcString>{gml.pos_list([around[0], around[1], around[2], around[3], around[0]])}</gml:ArcString>"
    for segment in (circle, string):
        model = read(tmp_path, gml.city(gml.building("B", face(ring_of(segment)))))
        assert area(model) == pytest.approx(math.pi * 9, rel=0.005)


def test_a_curve_that_runs_backwards(tmp_path: Path) -> None:
    there = [(X, Y, Z), (X + 10, Y, Z), (X + 10, Y + 5, Z)]
    back = [(X, Y, Z), (X, Y + 5, Z), (X + 10, Y + 5, Z)]
    one, other = (f"<gml:LineString>{gml.pos_list(points)}</gml:LineString>" for points in (there, back))
    turned = f'<gml:OrientableCurve orientation="-"><gml:baseCurve>{other}</gml:baseCurve></gml:OrientableCurve>'
    ring = f"<gml:Ring><gml:curveMember>{one}</gml:curveMember><gml:curveMember>{turned}</gml:curveMember></gml:Ring>"
    model = read(tmp_path, gml.city(gml.building("B", face(ring))))
    assert (area(model), codes(model)) == (pytest.approx(50.0), [])


def test_a_curve_that_is_not_read_is_left_out_and_not_half_read(tmp_path: Path) -> None:
    spline = f"<gml:CubicSpline>{gml.pos_list([(X, Y, Z), (X + 5, Y, Z), (X + 5, Y + 5, Z), (X, Y, Z)])}</gml:CubicSpline>"
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", gml.box(X, Y, Z, 4, 4, 4)) + face(ring_of(spline)))))
    assert (len(model.surface_building), codes(model)) == (6, ["malformed-coordinates"])


@given(st.floats(0.5, 500), *[st.floats(0, 6.28)] * 3, *[st.floats(-1, 1)] * 2)
def test_stroked_arcs_lie_on_their_circle(radius: float, first: float, second: float, third: float, tilt: float, turn: float) -> None:
    """In space, at real coordinates: all points on the sphere and in the plane, the middles of pieces within a centimetre of the arc."""
    assume(min(abs(first - second), abs(second - third), abs(first - third)) > 0.05)
    u = np.array([math.cos(turn), math.sin(turn), 0.0])
    v = np.cross(u, [math.sin(tilt) * math.sin(turn), -math.sin(tilt) * math.cos(turn), math.cos(tilt)])
    middle = np.array([681735.0, 5644970.0, 150.0])
    corners = [middle + radius * (math.cos(a) * u + math.sin(a) * v) for a in (first, second, third)]
    points = arcs.stroked(*corners) - middle
    assert np.abs(np.linalg.norm(points, axis=1) - radius).max() < 1e-4 * radius + 1e-6
    assert np.abs(points @ np.cross(u, v)).max() < 1e-4 * radius + 1e-6
    halves = (points[1:] + points[:-1]) / 2
    assert radius - np.linalg.norm(halves, axis=1).min() < arcs.SAGITTA + 1e-4 * radius
    assert np.linalg.norm(points - (corners[1] - middle), axis=1).min() < radius * math.radians(10)


def at(east: float, north: float, epsg: str) -> tuple[float, float]:
    x, y = pyproj.Transformer.from_crs("EPSG:25832", epsg, always_xy=True).transform(east, north)
    return float(x), float(y)


def test_each_geometry_is_placed_by_the_system_stated_at_it(tmp_path: Path) -> None:
    """Three houses 100 m apart: in zone 32 as the file says, in zone 33 as its geometry says, in zone 33 as its own envelope says."""
    east, north = at(X + 100, Y, "EPSG:25833")
    third, above = at(X + 200, Y, "EPSG:25833")
    other = gml.solid(gml.box(east, north, Z, 10, 10, 5), 1).replace("<gml:Solid>", '<gml:Solid srsName="EPSG:25833">')
    own = gml.envelope("EPSG:25833") + gml.solid(gml.box(third, above, Z, 10, 10, 5), 1)
    text = gml.city(gml.building("A", gml.solid(gml.box(X, Y, Z, 10, 10, 5), 1)), gml.building("B", other), gml.building("C", own))
    most, given = read(tmp_path, text), read(tmp_path, text, origin=Origin("EPSG:25832", int(X), int(Y)))
    assert (most.origin.crs, given.origin.crs) == ("EPSG:25833", "EPSG:25832")
    for model in (most, given):
        places = [model.points[model.triangles[model.triangle_building == row]].reshape(-1, 3).mean(axis=0) for row in range(3)]
        apart = [float(np.linalg.norm(places[row][:2] - places[0][:2])) for row in range(3)]
        assert apart == pytest.approx([0, 100, 200], abs=1.0)  # to what the zones' norths, 4.6° apart, turn a house about its corner
        assert volume(model.points, model.triangles) == pytest.approx(1500, rel=3e-3)
        assert codes(model) == ["several-crs"]


def test_what_the_user_says_goes_before_every_name_in_the_file(tmp_path: Path) -> None:
    text = gml.city(gml.box_building("B", X, Y, Z, 20, 10, 8), srs="EPSG:4326")
    model = read(tmp_path, text.replace("<gml:MultiSurface>", '<gml:MultiSurface srsName="EPSG:31467">'), crs="EPSG:25832")
    assert (model.origin.crs, codes(model)) == ("EPSG:25832", [])
    assert model.report.extent == pytest.approx((X, Y, Z, X + 20, Y + 10, Z + 8))


def test_degrees_under_the_name_of_a_metric_system_are_doubted_and_can_be_put_right(tmp_path: Path) -> None:
    """A file that declares Gauß-Krüger and holds longitude and latitude."""
    ring = [(8.4, 49.0, 110.0), (8.4001, 49.0, 110.0), (8.4001, 49.0001, 110.0), (8.4, 49.0, 110.0)]
    text = " ".join(str(value) for point in ring for value in point)
    polygon = gml.member(gml.polygon([], coordinates=f"<gml:posList>{text}</gml:posList>"))
    content = f"<bldg:lod2MultiSurface><gml:MultiSurface>{polygon}</gml:MultiSurface></bldg:lod2MultiSurface>"
    lying = gml.city(gml.building("B", content), srs="EPSG:31467")
    doubted = read(tmp_path, lying)
    assert "doubtful-crs" in codes(doubted)
    assert "EPSG:4326" in next(problem.message for problem in doubted.report.problems if problem.code == "doubtful-crs")
    right = read(tmp_path, lying, crs="EPSG:4326")
    assert (right.origin.crs, codes(right)) == ("EPSG:25832", [])
    assert area(right) == pytest.approx(7.314 * 11.12 / 2, rel=0.01)  # a degree at 49° north: 73.14 km east, 111.2 km north


def test_one_broken_point_of_a_cityjson_does_not_cost_the_others_their_places(tmp_path: Path) -> None:
    """Written without a transform, as CityJSON 1.0 allows: northings of millions of metres."""
    town = Town()
    town.add("A", "Building", town.box(X, Y, Z, 9, 9, 9))
    document = town.document()
    transform = document.pop("transform")
    vertices = np.array(document["vertices"]) * transform["scale"] + transform["translate"]
    document["vertices"] = [*vertices.tolist(), [1, 2, "three"]]
    path = tmp_path / "town.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    model = cityjson.read(path)
    assert volume(model.points, model.triangles) == pytest.approx(729.0)


def test_a_room_without_a_house_around_it_is_kept_by_both_encodings(tmp_path: Path) -> None:
    """OGC's example of a robot's way has an inner wall with a door and nothing else; a house with walls loses its rooms."""
    town = Town()
    wall, door, floor = (gml.box(X, Y, Z, 4, 4, 4)["WallSurface"][k] for k in (0, 1, 2))
    kinds = [("InteriorWallSurface", wall), ("Door", door)]

    def surfaces(*kinds: tuple[str, gml.Ring]) -> dict[str, object]:
        meanings = {"surfaces": [{"type": kind} for kind, _ in kinds], "values": list(range(len(kinds)))}
        return {"type": "MultiSurface", "lod": "3", "boundaries": [[town.ring(ring)] for _, ring in kinds], "semantics": meanings}

    town.add("R", "Building", surfaces(*kinds))
    town.add("H", "Building", surfaces(*kinds, ("WallSurface", floor)))
    path = tmp_path / "town.json"
    path.write_text(json.dumps(town.document()), encoding="utf-8")
    model = cityjson.read(path)
    assert np.bincount(model.surface_building).tolist() == [2, 2]
    assert codes(model) == ["interior"]
