"""Ground that comes as triangles: exactly on their planes, holes where there are none, in the right place whatever the order and unit."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import check, gather, terrain, tin
from jena_planner.jena_city.problems import InputProblem

from .site import ORIGIN

EAST, NORTH = ORIGIN.easting, ORIGIN.northing
# A square of 20 × 20 m in two triangles, rising by 0.1 m a metre to the east and 0.2 to the north.
CORNERS = [(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)]
FACES = [(0, 1, 2), (0, 2, 3)]


def plane(x: float, y: float) -> float:
    return 150.0 + 0.1 * x + 0.2 * y


def landxml(path: Path, *, unit: str = '<Metric linearUnit="meter"/>', factor: float = 1.0, swap: bool = False, hide: int = -1) -> Path:
    rows = []
    for number, (x, y) in enumerate(CORNERS):
        place = [(NORTH + y) / factor, (EAST + x) / factor]
        rows.append(f'<P id="{number + 7}">{" ".join(repr(v) for v in (place[::-1] if swap else place))} {plane(x, y) / factor!r}</P>')
    faces = [f"<F{' i=' + chr(34) + '1' + chr(34) if k == hide else ''}>{' '.join(str(c + 7) for c in f)}</F>" for k, f in enumerate(FACES)]
    path.write_text(
        f'<?xml version="1.0"?><LandXML xmlns="http://www.landxml.org/schema/LandXML-1.2" version="1.2"><Units>{unit}</Units>'
        f'<CoordinateSystem epsgCode="25832"/><Surfaces><Surface name="DGM"><Definition surfType="TIN"><Pnts>{"".join(rows)}</Pnts>'
        f"<Faces>{''.join(faces)}</Faces></Definition></Surface></Surfaces></LandXML>"
    )
    return path


def lies_right(found: terrain.Terrain, tolerance: float = 1e-3) -> None:
    places = np.array([(5.0, 2.0), (2.0, 5.0), (17.5, 3.3), (10.0, 10.0)])
    assert found.height_at(places) == pytest.approx([plane(x, y) for x, y in places], abs=tolerance)
    assert np.isnan(found.height_at(np.array([(-3.0, 5.0), (25.0, 5.0)]))).all()


def test_landxml_northing_first(tmp_path: Path) -> None:
    path = landxml(tmp_path / "dgm.xml")
    assert check.keys(path) == ("terrain",)
    found = terrain.read([path], origin=ORIGIN)
    lies_right(found)
    assert [problem.code for problem in found.report.problems] == ["terrain-gridded"]
    assert "0.00 m off at most" in found.report.problems[0].message


def test_landxml_with_the_easting_first_is_put_right_and_said(tmp_path: Path) -> None:
    found = terrain.read([landxml(tmp_path / "dgm.xml", swap=True)], origin=ORIGIN)
    lies_right(found)
    assert "swapped-axes" in {problem.code for problem in found.report.problems}


@pytest.mark.parametrize(("name", "metres"), [("foot", 0.3048), ("USSurveyFoot", 1200 / 3937)])
def test_feet_become_metres(tmp_path: Path, name: str, metres: float) -> None:
    lies_right(terrain.read([landxml(tmp_path / "dgm.xml", unit=f'<Imperial linearUnit="{name}"/>', factor=metres)], origin=ORIGIN), 1e-2)


def test_invisible_faces_are_holes(tmp_path: Path) -> None:
    found = terrain.read([landxml(tmp_path / "dgm.xml", hide=1)], origin=ORIGIN)
    assert found.height_at(np.array([(15.0, 5.0)])) == pytest.approx([plane(15, 5)], abs=1e-3)
    assert np.isnan(found.height_at(np.array([(5.0, 15.0)]))).all()
    assert {"hidden-faces", "terrain-gaps"} <= {problem.code for problem in found.report.problems}


@pytest.mark.parametrize("height", ["1e308", "-9999", "nan", "inf"])
def test_triangles_of_no_height_are_holes_and_said(tmp_path: Path, height: str) -> None:
    path = landxml(tmp_path / "dgm.xml")
    path.write_text(path.read_text().replace(f" {plane(20, 0)!r}</P>", f" {height}</P>"))
    found = terrain.read([path], origin=ORIGIN)
    assert found.height_at(np.array([(5.0, 15.0)])) == pytest.approx([plane(5, 15)], abs=1e-3)
    assert np.isnan(found.height_at(np.array([(15.0, 5.0)]))).all()
    assert "bad-triangles" in {problem.code for problem in found.report.problems}


def test_loose_points_without_numbers_are_counted(tmp_path: Path) -> None:
    path = landxml(tmp_path / "dgm.xml")
    text = path.read_text().partition("<Faces>")
    path.write_text(
        text[0].replace("</Pnts>", '<P id="99">nan 681735 150</P></Pnts>') + "<Faces>" + "</Faces>" + text[2].partition("</Faces>")[2]
    )
    found = terrain.read([path], origin=ORIGIN)
    lies_right(found)
    assert {"bad-points", "terrain-triangulated"} <= {problem.code for problem in found.report.problems}


def test_a_step_that_is_stated_counts(tmp_path: Path) -> None:
    assert terrain.read([landxml(tmp_path / "dgm.xml")], origin=ORIGIN, step=0.5).step == 0.5


def test_the_step_is_as_fine_as_the_error_that_is_stated_asks(tmp_path: Path) -> None:
    """A ditch 4 m wide and 2 m deep between long triangles, whose size alone would choose a step that misses it."""
    across, along = np.array([0.0, 48.3, 50.3, 52.3, 100.0]), np.array([0.0, 60.0, 120.0])
    depth = np.array([0.0, 0.0, -2.0, 0.0, 0.0])
    points = np.array([(x, y, 150 + z) for y in along for x, z in zip(across, depth, strict=True)])
    cells = [row * 5 + column for row in range(2) for column in range(4)]
    triangles = np.array([corners for c in cells for corners in ((c, c + 1, c + 6), (c, c + 6, c + 5))])
    rows = "".join(f'<P id="{k + 1}">{NORTH + y!r} {EAST + x!r} {z!r}</P>' for k, (x, y, z) in enumerate(points.tolist()))
    faces = "".join(f"<F>{a + 1} {b + 1} {c + 1}</F>" for a, b, c in triangles.tolist())
    path = landxml(tmp_path / "ditch.xml")
    text = path.read_text()
    path.write_text(text[: text.index("<Pnts>")] + f"<Pnts>{rows}</Pnts><Faces>{faces}</Faces>" + text[text.index("</Definition>") :])
    found = terrain.read([path], origin=ORIGIN)
    assert found.step < tin.good_steps(points, triangles)[0]
    local = ORIGIN.to_local(points + [EAST, NORTH, 0])
    off = np.abs(found.height_at(local[:, :2]) - points[:, 2])
    assert np.nanquantile(off, tin.OF_CORNERS) <= tin.ACCURATE
    said = next(one.message for one in found.report.problems if one.code == "terrain-gridded")
    assert f"grid of {found.step:g} m" in said
    assert f"{np.nanmax(off):.2f} m off at most" in said


@pytest.mark.parametrize(
    "text", ["<LandXML/>", "<LandXML><Surfaces>", '<!DOCTYPE a [<!ENTITY b "c">]><LandXML><Units><Metric/></Units></LandXML>']
)
def test_a_broken_landxml_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dgm.xml"
    path.write_text(text)
    with pytest.raises(InputProblem):
        terrain.read([path], origin=ORIGIN)


def citygml(path: Path, component: str, building: bool = False) -> Path:
    house = '<core:cityObjectMember><bldg:Building xmlns:bldg="http://www.opengis.net/citygml/building/2.0"/></core:cityObjectMember>'
    path.write_text(
        '<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:dem="http://www.opengis.net/citygml/relief/2.0"><gml:boundedBy><gml:Envelope srsName="EPSG:25832"/></gml:boundedBy>'
        f"{house if building else ''}<core:cityObjectMember><dem:ReliefFeature><dem:reliefComponent>{component}</dem:reliefComponent>"
        "</dem:ReliefFeature></core:cityObjectMember></core:CityModel>"
    )
    return path


def places(numbers: list[int]) -> str:
    return " ".join(f"{EAST + CORNERS[k][0]} {NORTH + CORNERS[k][1]} {plane(*CORNERS[k])}" for k in numbers)


def tin_relief() -> str:
    faces = "".join(
        f"<gml:Triangle><gml:exterior><gml:LinearRing><gml:posList>{places([*face, face[0]])}</gml:posList></gml:LinearRing></gml:exterior>"
        "</gml:Triangle>"
        for face in FACES
    )
    return (
        "<dem:TINRelief><dem:tin><gml:TriangulatedSurface><gml:trianglePatches>"
        f"{faces}</gml:trianglePatches></gml:TriangulatedSurface></dem:tin></dem:TINRelief>"
    )


def test_a_tin_of_citygml(tmp_path: Path) -> None:
    path = citygml(tmp_path / "relief.gml", tin_relief())
    assert check.keys(path) == ("terrain",)
    lies_right(terrain.read([path], origin=ORIGIN))


def test_a_city_model_with_buildings_and_relief_serves_both(tmp_path: Path) -> None:
    path = citygml(tmp_path / "both.gml", tin_relief(), building=True)
    assert check.keys(path) == ("buildings", "terrain")
    lies_right(terrain.read([path], origin=ORIGIN))


@pytest.mark.parametrize(
    "component",
    [
        "<dem:MassPointRelief><dem:reliefPoints><gml:MultiPoint>{points}</gml:MultiPoint></dem:reliefPoints></dem:MassPointRelief>",
        (
            "<dem:TINRelief><dem:tin><gml:Tin><gml:trianglePatches/><gml:controlPoint><gml:posList>{list}</gml:posList></gml:controlPoint></gml:Tin>"
            "</dem:tin></dem:TINRelief>"
        ),
        (
            "<dem:BreaklineRelief><dem:breaklines><gml:LineString><gml:posList>{list}</gml:posList></gml:LineString></dem:breaklines>"
            "</dem:BreaklineRelief>"
        ),
    ],
)
def test_points_and_lines_without_triangles_are_triangulated_and_said(tmp_path: Path, component: str) -> None:
    points = "".join(f"<gml:pointMember><gml:Point><gml:pos>{places([k])}</gml:pos></gml:Point></gml:pointMember>" for k in range(4))
    found = terrain.read([citygml(tmp_path / "r.gml", component.format(points=points, list=places([0, 1, 2, 3])))], origin=ORIGIN)
    lies_right(found)
    assert "terrain-triangulated" in {problem.code for problem in found.report.problems}


def test_a_raster_relief_names_the_way_out(tmp_path: Path) -> None:
    path = citygml(tmp_path / "r.gml", f"{tin_relief()}</dem:reliefComponent><dem:reliefComponent><dem:RasterRelief/>")
    found = terrain.read([path], origin=ORIGIN)
    assert "raster-relief" in {problem.code for problem in found.report.problems}


def test_a_tin_of_cityjson(tmp_path: Path) -> None:
    path = tmp_path / "relief.city.json"
    model = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [0.001] * 3, "translate": [EAST, NORTH, 0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/25832"},
        "CityObjects": {"t": {"type": "TINRelief", "geometry": [{"type": "CompositeSurface", "boundaries": [[list(f)] for f in FACES]}]}},
        "vertices": [[round(1000 * x), round(1000 * y), round(1000 * plane(x, y))] for x, y in CORNERS],
    }
    path.write_text(json.dumps(model))
    assert check.keys(path) == ("terrain",)
    lies_right(terrain.read([path], origin=ORIGIN))


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=3, max_size=12, unique=True), st.sampled_from([0.5, 1.0, 3.0]))
def test_every_grid_point_lies_on_its_triangle_and_holes_stay(corners: list[tuple[float, float]], step: float) -> None:
    """Against shapely: heights of a plane where a triangle covers the point, none where it clearly does not."""
    import shapely

    points = np.array([(x, y, plane(x, y)) for x, y in corners])
    triangles = np.arange(len(points) // 3 * 3, dtype=np.int32).reshape(-1, 3)
    if (np.abs(tin.flat_areas(points, triangles)) < 0.01).any():
        return
    x, y, heights = tin.gridded(points, triangles, step)
    rows, columns = heights.shape
    gx, gy = np.meshgrid(x + np.arange(columns) * step, y + np.arange(rows) * step)
    whole = shapely.union_all(shapely.polygons(points[triangles, :2]))
    away = shapely.distance(whole, shapely.points(gx, gy))
    assert np.isnan(heights[away > 1e-6]).all()
    inside = shapely.contains(shapely.buffer(whole, -1e-6), shapely.points(gx, gy))
    assert np.isfinite(heights[inside]).all()
    assert heights[inside] == pytest.approx(plane(gx[inside], gy[inside]), abs=1e-3)


def test_a_square_degree_of_srtm_in_a_zip(tmp_path: Path) -> None:
    """Big-endian 16 bit, 1201 rows from the north, points on whole seconds; -32768 is no height."""
    heights = np.full((1201, 1201), 300, ">i2")
    heights[:, 600:] = 400  # east of 11.5°
    heights[0, 0] = -32768
    with zipfile.ZipFile(tmp_path / "N50E011.hgt.zip", "w") as file:
        file.writestr("N50E011.hgt", heights.tobytes())
    (path,) = gather.gathered([tmp_path / "N50E011.hgt.zip"], tmp_path / "out")
    assert check.kind(path) == "terrain"
    found = terrain.read([path], origin=ORIGIN, bbox=(EAST - 20_000, NORTH - 2000, EAST + 2000, NORTH + 2000))
    line = np.array([(-17_000.0, 0.0), (1000.0, 0.0)])  # the origin lies at 11.59°: 11.5° runs about 6 km west of it
    assert found.height_at(line) == pytest.approx([300, 400])
    assert "srtm" in {problem.code for problem in found.report.problems}


@pytest.mark.needs("data")
def test_real_relief(data: Path) -> None:
    report, unreadable = check.check([data / "citygml/plateau/yokosuka-shi/udx/dem/523965_dem_6697_05_op.gml"])
    assert not unreadable
    assert report.terrain_points > 1000
    assert report.extent is not None
    assert report.extent[2] == pytest.approx(-0.02, abs=0.5)  # the envelope's heights
    assert report.extent[5] == pytest.approx(24.2, abs=0.5)
