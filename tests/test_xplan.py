"""Development plans as XPlanGML: rules with the standard's names, arcs, dimensions, coordinate systems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from jena_planner.jena_city import arcs, xplan
from jena_planner.jena_city.check import check, keys_of, kind
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, Report

ORIGIN = Origin("EPSG:25832", 681735, 5644970)
PLAN = """<?xml version="1.0" encoding="UTF-8"?>
<xplan:XPlanAuszug xmlns:xplan="http://www.xplanung.de/xplangml/{version}" xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="all">
<gml:boundedBy><gml:Envelope srsName="EPSG:25832"><gml:lowerCorner>681735 5644970</gml:lowerCorner><gml:upperCorner>681835 5645070</gml:upperCorner></gml:Envelope></gml:boundedBy>
<gml:featureMember><xplan:BP_Plan gml:id="plan"><xplan:name>Am Anger</xplan:name><xplan:nummer>B-J 41</xplan:nummer>
 <xplan:raeumlicherGeltungsbereich><!-- drawn by hand --><gml:Polygon srsName="EPSG:25832"><gml:exterior><gml:LinearRing>
 <gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></xplan:raeumlicherGeltungsbereich></xplan:BP_Plan></gml:featureMember>
<gml:featureMember><xplan:BP_Bereich gml:id="area"><xplan:versionBauNVODatum>1990-01-27</xplan:versionBauNVODatum></xplan:BP_Bereich></gml:featureMember>
<gml:featureMember><xplan:BP_BaugebietsTeilFlaeche gml:id="part"><xplan:hoehenangabe><xplan:XP_Hoehenangabe><xplan:hoehenbezug>1000</xplan:hoehenbezug>
 <xplan:bezugspunkt>1000</xplan:bezugspunkt><xplan:h uom="m">155.5</xplan:h></xplan:XP_Hoehenangabe></xplan:hoehenangabe>
 <xplan:position><gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:Curve><gml:segments>
  <gml:LineStringSegment><gml:posList>681735 5644970 681755 5644970</gml:posList></gml:LineStringSegment>
  <gml:Arc><gml:posList>681755 5644970 681745 5644980 681735 5644970</gml:posList></gml:Arc></gml:segments></gml:Curve></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon></xplan:position>
 <xplan:GFZ>1.2</xplan:GFZ><xplan:GF uom="m2">9950</xplan:GF><xplan:GRZ>0.4</xplan:GRZ><xplan:BMZ>5,5</xplan:BMZ><xplan:Z>4</xplan:Z>
 <xplan:besondereArtDerBaulNutzung>1550</xplan:besondereArtDerBaulNutzung></xplan:BP_BaugebietsTeilFlaeche></gml:featureMember>
<gml:featureMember><xplan:BP_UeberbaubareGrundstuecksFlaeche gml:id="over"><xplan:position><gml:Polygon><gml:exterior><gml:LinearRing>
 <gml:posList srsDimension="3">681735 5644970 1 681745 5644970 1 681745 5644980 1 681735 5644970 1</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></xplan:position>
 <xplan:Zzwingend>5</xplan:Zzwingend></xplan:BP_UeberbaubareGrundstuecksFlaeche></gml:featureMember>
<gml:featureMember><xplan:BP_BauGrenze gml:id="limit"><xplan:position><gml:LineString><gml:posList>681735 5644970 681745 5644970 681745 5644980</gml:posList></gml:LineString></xplan:position></xplan:BP_BauGrenze></gml:featureMember>
<gml:featureMember><xplan:BP_BauLinie gml:id="line"><xplan:position><gml:Curve><gml:segments><gml:LineStringSegment><gml:pos>681735 5644970</gml:pos><gml:pos>681735 5644980</gml:pos></gml:LineStringSegment></gml:segments></gml:Curve></xplan:position></xplan:BP_BauLinie></gml:featureMember>
<gml:featureMember><xplan:BP_Wegerecht gml:id="way"/></gml:featureMember>
</xplan:XPlanAuszug>
"""
RING = "681735 5644970 681835 5644970 681835 5645070 681785 5645100 681735 5645070 681735 5644970"  # six points: divisible by three


def plan_file(folder: Path, version: str = "5/4", ring: str = RING) -> Path:
    path = folder / "plan.gml"
    path.write_text(PLAN.format(version=version, ring=ring), encoding="utf-8")
    return path


@pytest.mark.parametrize("version", ["4/1", "5/0", "5/4", "6/0"])
def test_the_rules_of_a_plan(tmp_path: Path, version: str) -> None:
    report = Report()
    plan = xplan.read(plan_file(tmp_path, version), ORIGIN, report)
    assert (plan.name, plan.number, plan.edition, plan.area.bounds) == ("Am Anger", "B-J 41", "1990", (0, 0, 100, 130))
    assert {name: values.tolist() for name, values in xplan.plan_areas([plan]).columns.items()} == {
        "name": ["Am Anger"], "kind": ["Bebauungsplan"], "edition": ["1990"],
    }  # fmt: skip
    [part], [over] = plan.parts, plan.overbuildable
    assert (part.use, part.storeys, part.grz, part.gfz, part.bmz, part.gf) == ("MU", 4, 0.4, 1.2, 5.5, 9950)
    [height] = part.heights
    assert (height.most, height.reference, height.point) == (155.5, "NHN", "TH")
    assert np.isnan([height.least, height.fixed, part.storeys_fixed, over.storeys]).all()
    assert (over.storeys_fixed, over.geometry.area) == (5, 50)
    assert [line.length for line in (*plan.boundaries, *plan.building_lines)] == [20, 10]
    [problem] = report.problems
    assert (problem.code, "1 BP_Wegerecht" in problem.message) == ("not-read", True)


def test_arcs_leave_the_true_ones_by_a_centimetre_at_most(tmp_path: Path) -> None:
    [part] = xplan.read(plan_file(tmp_path), ORIGIN, Report()).parts
    assert part.geometry.area == pytest.approx(np.pi * 50, abs=0.3)
    assert (
        shapely.hausdorff_distance(
            part.geometry.exterior, shapely.Point(10, 0).buffer(10, 4000).intersection(shapely.box(0, 0, 20, 10)).exterior, 0.001
        )
        < 0.011
    )


@given(*[st.tuples(st.floats(-200, 200), st.floats(-200, 200))] * 3)
def test_stroked_arcs_pass_their_three_points(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> None:
    corners = np.array([a, b, c])
    area = abs(shapely.Polygon(corners).area)
    assume(area > 1)
    line = shapely.LineString(arcs.stroked(*corners))
    assert line.coords[0] == a
    assert line.coords[-1] == c
    assert line.distance(shapely.Point(b)) < 0.0101


def test_check_and_import_know_a_plan(tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    assert (kind(path), keys_of("plans")) == ("plans", ("plans",))
    report, unreadable = check([path])
    assert (report.features, report.crs, unreadable) == ({"plans": 1}, "EPSG:25832", [])
    assert report.extent == (681735, 5644970, 0, 681835, 5645100, 0)


def test_a_plan_area_in_another_system_than_it_says_is_left_out(tmp_path: Path) -> None:
    report = Report()
    plan = xplan.read(plan_file(tmp_path, ring="3478519 5889194 3480922 5889194 3480922 5890728 3478519 5889194"), ORIGIN, report)
    assert plan.area is None
    assert len(plan.parts) == 1
    assert "Gauß-Krüger" in next(problem.message for problem in report.problems if problem.code == "bad-geometry")


@pytest.mark.parametrize("ring", ["", "1 2 3", "words here", "nan nan nan nan nan nan nan nan"])
def test_broken_coordinates_are_reported(tmp_path: Path, ring: str) -> None:
    report = Report()
    assert xplan.read(plan_file(tmp_path, ring=ring), ORIGIN, report).area is None
    assert "bad-geometry" in {problem.code for problem in report.problems}


def test_a_damaged_file_and_one_without_a_plan(tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:2000], encoding="utf-8")
    with pytest.raises(InputProblem, match="damaged"):
        xplan.read(path, ORIGIN, Report())
    path.write_text(whole.replace("BP_Plan", "FP_Plan"), encoding="utf-8")
    with pytest.raises(InputProblem, match="no BP_Plan"):
        xplan.read(path, ORIGIN, Report())


@pytest.mark.needs("data")
@pytest.mark.parametrize(
    ("name", "counts"),
    [("BP2070", (37, 31, 33, 23)), ("BP_872A", (4, 16, 16, 4)), ("BPlan001_5-1", (1, 28, 28, 0)), ("Rotherbaum27", (4, 23, 18, 0))],
)
def test_plans_by_others(data: Path, name: str, counts: tuple[int, ...]) -> None:
    report = Report()
    plan = xplan.read(data / f"xplanung/{name}.gml", None, report)
    assert (len(plan.parts), len(plan.overbuildable), len(plan.boundaries), len(plan.building_lines)) == counts
    assert "bad-geometry" not in {problem.code for problem in report.problems}
    assert plan.area is not None
    inside = [part.geometry.intersection(plan.area).area / part.geometry.area for part in plan.parts]
    assert min(inside) > 0.99
