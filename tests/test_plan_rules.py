"""What development plans fix, held against blocks: lines, storeys, heights and lengths by hand, and real plans filled up exactly."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from lxml import etree

from jena_planner.jena_city import baunvo, metrics, plan_parts, store, xplan
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.finding import Finding, sentence, with_reason
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import Report
from jena_planner.jena_city.rules import findings
from jena_planner.jena_city.site import Site, Trees
from jena_planner.jena_city.variant import Block, Roof, Variant
from jena_planner.jena_city.xplan import Height, PartArea, Plan

from .site import site

LAW = of_land("TH")
NAN = math.nan
# A Baugebiet of 100 by 60 m; 80 by 20 m of it overbuildable, with a Baulinie along its south side.
WINDOW = shapely.box(10, 20, 90, 40)
BLOCK = Block("h", shapely.box(20, 20, 40, 32), 3, "Haus", 150.0, 3.0, 3.0)


def rules_of(shape: shapely.Polygon, **given: object) -> PartArea:
    return replace(PartArea("p", shape), **given)  # type: ignore[arg-type]


def plan(**given: object) -> Plan:
    """given : what is fixed in the overbuildable area."""
    area = shapely.box(0, 0, 100, 60)
    return Plan(
        "plan", "B-Plan 1", "1", area, "1990-01-27", [rules_of(area, use="WA", grz=0.4, storeys=3.0)], [rules_of(WINDOW, **given)],
        [shapely.LineString([(90, 20), (90, 40), (10, 40), (10, 20)])], [shapely.LineString([(10, 20), (90, 20)])],
    )  # fmt: skip


def asked(place: Site, *blocks: Block) -> list[Finding]:
    applied = apply(place, Variant("v", "V", blocks))
    bodies = metrics.bodies_of(applied, LAW, Assumptions())
    sheets = metrics.sheets(applied, [], LAW, Assumptions(), bodies=bodies)
    found = findings(applied, [], LAW, Assumptions(), sheets, bodies)
    return [one for one in found if not one.rule.startswith("clearance")]


def found(folder: Path, *blocks: Block, of: Plan | None = None) -> list[Finding]:
    place = site(folder, (300, 300, 5, 5, 5))
    place.plan_parts = plan_parts.as_features([plan() if of is None else of])
    return asked(place, *blocks)


def test_a_house_on_the_line_keeps_the_plan(tmp_path: Path) -> None:
    assert found(tmp_path, BLOCK) == []


def test_beyond_the_baugrenze_by_how_much(tmp_path: Path) -> None:
    [one] = found(tmp_path, replace(BLOCK, footprint=shapely.box(20, 20, 40, 41.25)))
    assert (one.rule, one.severity, one.block, one.other) == ("baugrenze", "broken", "h", "B-Plan 1")
    assert one.by == pytest.approx(1.25)
    assert one.place[1] == pytest.approx(41.25)


def test_beyond_the_baulinie_and_behind_it(tmp_path: Path) -> None:
    rules = {one.rule: one.by for one in found(tmp_path, replace(BLOCK, footprint=shapely.box(20, 19, 40, 32)))}
    assert rules["baulinie-beyond"] == pytest.approx(1.0)
    [one] = found(tmp_path, replace(BLOCK, footprint=shapely.box(20, 22.5, 40, 32)))
    assert (one.rule, one.by) == ("baulinie", pytest.approx(2.5))
    behind = replace(BLOCK, id="b", footprint=shapely.box(25, 33, 35, 39))  # hidden from the line by the house
    assert found(tmp_path, BLOCK, behind) == []
    step = shapely.union_all([shapely.box(20, 20, 30, 32), shapely.box(30, 22, 40, 32)])
    [one] = found(tmp_path, replace(BLOCK, footprint=step))
    assert (one.rule, one.severity) == ("baulinie-part", "hint")
    assert (one.allowed, one.found, one.by) == pytest.approx((20.0, 10.0, 10.0), abs=0.2)


def test_a_garage_outside_is_a_hint(tmp_path: Path) -> None:
    [one] = found(tmp_path, replace(BLOCK, footprint=shapely.box(92, 20, 98, 26), storeys=1, counts_as="garage"))
    assert (one.rule, one.severity) == ("baugrenze", "hint")
    assert one.by == pytest.approx(8.0)


def test_storeys_of_the_window_go_before_those_of_the_baugebiet(tmp_path: Path) -> None:
    [one] = found(tmp_path, replace(BLOCK, storeys=4))
    assert (one.rule, one.allowed, one.found) == ("storeys", 3, 4)
    assert found(tmp_path, replace(BLOCK, storeys=4), of=plan(storeys=5.0)) == []
    [one] = found(tmp_path, BLOCK, of=plan(storeys=5.0, storeys_least=4.0))
    assert (one.rule, one.by) == ("storeys-least", 1)
    [one] = found(tmp_path, BLOCK, of=plan(storeys_fixed=2.0))
    assert (one.rule, one.by) == ("storeys-fixed", 1)


@pytest.mark.parametrize(
    ("height", "rule", "by"),
    [
        (Height(159.0, NAN, NAN, "NHN", "OK"), "height", 0.5),  # 9 m of storeys and 0.5 m of Attika on 150 m
        (Height(159.5, NAN, NAN, "NHN", "OK"), "", 0),
        (Height(159.0, NAN, NAN, "NHN", "TH"), "", 0),  # the wall without its Attika
        (Height(9.0, NAN, NAN, "Geländeoberkante", "HBA"), "height", 0.5),
        (Height(9.0, NAN, NAN, "NN", "OK"), "height", 0.5),  # cannot be meant: 141 m under the ground
        (Height(NAN, 160.0, NAN, "NHN", "OK"), "height-least", 0.5),
        (Height(NAN, NAN, 159.0, "NHN", "OK"), "height-fixed", 0.5),
        (Height(NAN, NAN, NAN, "Gehwegoberkante", "LH"), "", 0),
    ],
)
def test_heights_from_the_level_that_the_plan_names(tmp_path: Path, height: Height, rule: str, by: float) -> None:
    block = replace(BLOCK, roof=Roof("flat", parapet=0.5))
    told = found(tmp_path, block, of=plan(heights=(height,)))
    assert [one.rule for one in told] == ([rule] if rule else [])
    if rule:
        assert told[0].by == pytest.approx(by)


def test_heights_over_the_floor_that_the_plan_fixes_or_the_bezugspunkt(tmp_path: Path) -> None:
    floor = Height(151.0, NAN, NAN, "NN", "EFH")
    [one] = found(tmp_path, replace(BLOCK, storeys=4), of=plan(storeys=4.0, heights=(Height(10.0, NAN, NAN, "NN", "OK"), floor)))
    assert (one.rule, one.by, one.found) == ("height", pytest.approx(1.0), pytest.approx(11.0))
    street = Height(8.0, NAN, NAN, "Gehwegoberkante", "OK")
    [one] = found(tmp_path, replace(BLOCK, reference=150.4), of=plan(heights=(street,)))
    assert (one.by, one.note) == (pytest.approx(0.6), "")
    [one] = found(tmp_path, BLOCK, of=plan(heights=(street,)))
    assert "nicht angegeben" in one.note


def test_open_bauweise_ends_at_fifty_metres_with_all_that_is_joined(tmp_path: Path) -> None:
    first = replace(BLOCK, footprint=shapely.box(20, 20, 50, 32))
    second = replace(first, id="i", footprint=shapely.box(50, 20, 72, 32))
    assert found(tmp_path, first, of=plan(form="o")) == []
    told = found(tmp_path, first, second, of=plan(form="o"))
    assert [(one.rule, one.block) for one in told] == [("length", "h"), ("length", "i")]
    assert told[0].by == pytest.approx(2.0)
    assert found(tmp_path, first, second, of=plan(form="g")) == []


def test_a_baugebiet_too_full_is_a_hint_for_the_plot_counts(tmp_path: Path) -> None:
    blocks = [replace(BLOCK, id=f"h{k}", footprint=shapely.box(10 + 20 * k, 20, 30 + 20 * k, 40)) for k in range(4)]
    area = plan()
    area.parts[0] = replace(area.parts[0], grz=0.2)
    told = [one for one in found(tmp_path, *blocks, of=area) if one.rule == "grz"]
    assert [(one.severity, one.name) for one in told] == [("hint", "WA B-Plan 1")]
    assert (told[0].found, told[0].allowed) == pytest.approx((1600 / 6000, 0.2))


def test_ground_and_floors_in_square_metres(tmp_path: Path) -> None:
    area = plan(gr=200.0, gf=600.0)
    told = {one.rule: one.by for one in found(tmp_path, BLOCK, of=area)}
    assert told == {"gr": pytest.approx(40.0), "gf": pytest.approx(120.0)}


def test_reasons_stand_against_rules_of_the_plan(tmp_path: Path) -> None:
    block = with_reason(replace(BLOCK, storeys=4), "storeys", "Befreiung")
    [one] = found(tmp_path, block)
    assert (one.severity, one.reason) == ("not-applicable", "Befreiung")


def test_trees(tmp_path: Path) -> None:
    place = site(tmp_path, (300, 300, 5, 5, 5))
    position = np.array([[15.0, 26.0], [30.0, 26.0], [30.0, 60.0], [46.0, 26.0]])
    place.trees = Trees(position, np.full(4, 10.0), np.array([8.0, 8.0, 8.0, NAN]), ["Linde", "Ahorn", "Eiche", ""])
    crown, stem = sorted((one for one in asked(place, BLOCK)), key=lambda one: one.rule)
    assert (crown.rule, crown.other, stem.rule, stem.other) == ("tree-crown", "Linde 1", "tree-stem", "Ahorn 2")
    assert (crown.allowed, crown.found, crown.by) == pytest.approx((5.5, 5.0, 0.5))
    assert (crown.severity, stem.severity) == ("hint", "hint")
    assert stem.by == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("text", "edition"),
    [("1990-01-27", "1990"), ("Version vom 21.11.2017", "2017"), ("2013", "1990"), ("BauNVO 2021", "2021"), ("", None), ("alt", None)],
)
def test_editions_by_words_and_dates(text: str, edition: str | None) -> None:
    assert baunvo.edition_of(text) == edition


@pytest.mark.needs("data")
@pytest.mark.parametrize("name", ["BP2070", "BP_872A", "BPlan001_5-1", "Rotherbaum27"])
def test_real_plans_filled_up_exactly_are_kept_and_left_by_what_they_are_moved(data: Path, tmp_path: Path, name: str) -> None:
    path = data / f"xplanung/{name}.gml"
    area = xplan.read(path, None, Report()).area
    x, y = area.centroid.coords[0]
    at = Origin("EPSG:25832", int(x), int(y), "")
    read = xplan.read(path, at, Report())
    place = site(tmp_path, (3000, 3000, 5, 5, 5))
    place.terrain = None
    place.plan_parts = plan_parts.as_features([read])
    store.save_site(place, tmp_path / "data")
    place = store.load_site(tmp_path / "data")
    parts = plan_parts.of_site(place)
    kinds = (read.parts, read.overbuildable, read.boundaries, read.building_lines, read.communal, read.streets, read.greens, read.waters)
    assert len(parts) == sum(map(len, kinds)) + 1
    windows = [part for part in read.overbuildable if part.geometry.geom_type == "Polygon" and part.geometry.within(read.area)][:12]
    blocks = [Block(f"b{k}", part.geometry, 1, base=0.0) for k, part in enumerate(windows)]
    told = asked(place, *blocks)
    assert not [one for one in told if one.rule in ("baugrenze", "baulinie-beyond", "baulinie")]
    free = shapely.union_all([part.geometry for part in read.overbuildable])
    for block in blocks:
        moved = replace(block, footprint=shapely.affinity.translate(block.footprint, 1.5, 0.0))
        out = [one for one in asked(place, moved) if one.rule in ("baugrenze", "baulinie-beyond")]
        beyond = shapely.hausdorff_distance(shapely.union_all([free, moved.footprint]), free)
        if beyond > 0.2:
            assert [one.by for one in out] == [pytest.approx(min(beyond, 1.5), abs=0.02)]


@pytest.mark.needs("data")
def test_the_net_land_of_a_real_plan_is_that_of_its_baugebiete(data: Path, tmp_path: Path) -> None:
    """Rotherbaum 27 covers its area without gaps by Baugebiete, land for public needs, streets and public green."""
    path = data / "xplanung/Rotherbaum27.gml"
    area = xplan.read(path, None, Report()).area
    x, y = area.centroid.coords[0]
    read = xplan.read(path, Origin("EPSG:25832", int(x), int(y), ""), Report())
    place = site(tmp_path, (3000, 3000, 5, 5, 5))
    place.plan_areas, place.plan_parts = xplan.plan_areas([read]), plan_parts.as_features([read])
    sheet = metrics.sheets(apply(place, Variant("v", "V")), [], LAW, Assumptions())[1]
    built = sum(part.geometry.area for part in (*read.parts, *read.communal))
    assert sheet.figures["plot_area"].value == pytest.approx(built, abs=5.0)
    assert sheet.figures["gross_area"].value == pytest.approx(area.area)


def test_private_streets_and_green_are_no_public_land(tmp_path: Path) -> None:
    text = """<xplan:{kind} xmlns:xplan="http://www.xplanung.de/xplangml/5/4">{form}</xplan:{kind}>"""
    for kind, form, public in (
        ("BP_StrassenVerkehrsFlaeche", "", True),
        ("BP_StrassenVerkehrsFlaeche", "1000", False),
        ("BP_GruenFlaeche", "", False),
        ("BP_GruenFlaeche", "2000", True),
    ):
        inside = f"<xplan:nutzungsform>{form}</xplan:nutzungsform>" if form else ""
        element = etree.fromstring(text.format(kind=kind, form=inside))
        assert xplan.is_public(element) is public


@pytest.mark.parametrize(
    ("inside", "roofs", "least", "most"),
    [
        ("", (), math.nan, math.nan),
        ("<x:DN uom='grad'>20</x:DN><x:dachform>2100</x:dachform>", ("shed",), math.nan, 20.0),
        ("<x:dachform>3100</x:dachform><x:dachform>3200</x:dachform>", ("gable", "hip"), math.nan, math.nan),
        ("<x:dachform>1000</x:dachform><x:dachform>5000</x:dachform>", (), math.nan, math.nan),  # a Mischform: no block has it
        (
            (
                "<x:dachgestaltung><x:BP_Dachgestaltung><x:DNmin>30</x:DNmin><x:DNmax>45</x:DNmax><x:dachform>3100</x:dachform></x:BP_Dachgestaltung></x:dachgestaltung>"
                "<x:dachgestaltung><x:BP_Dachgestaltung><x:DNZwingend>15</x:DNZwingend><x:dachform>2100</x:dachform></x:BP_Dachgestaltung></x:dachgestaltung>"
            ),
            ("gable", "shed"),
            15.0,
            45.0,
        ),
    ],
)
def test_roofs_of_a_plan(inside: str, roofs: tuple[str, ...], least: float, most: float) -> None:
    text = f"""<x:BP_BaugebietsTeilFlaeche xmlns:x="http://www.xplanung.de/xplangml/5/4">{inside}</x:BP_BaugebietsTeilFlaeche>"""
    part = xplan._part(etree.fromstring(text), shapely.box(0, 0, 1, 1))
    assert part.roofs == roofs
    assert (part.pitch_least, part.pitch_most) == pytest.approx((least, most), nan_ok=True)


@pytest.mark.needs("data")
def test_the_roofs_of_a_real_plan(data: Path) -> None:
    """Its text has 20° and a Pultdach (2100) for its Baugebiete."""
    parts = xplan.read(data / "xplanung/bp_plan.gml", None, Report()).parts
    assert ("shed",) in {part.roofs for part in parts} and 20.0 in {part.pitch_most for part in parts}


def test_form_and_pitch_of_the_roof(tmp_path: Path) -> None:
    house = replace(BLOCK, storeys=2, roof=Roof("gable", 38.0))

    def planned(folder: Path, **fixed: object) -> Site:
        place = site(folder, (300, 300, 5, 5, 5))
        place.plan_parts = plan_parts.as_features([plan(**fixed)])
        return place

    for fixed, rules in (
        ({"roofs": ("gable", "hip")}, []),
        ({"roofs": ("flat", "shed")}, ["roof-form"]),
        ({"pitch_most": 35.0}, ["roof-pitch"]),
        ({"pitch_least": 40.0, "pitch_most": 45.0}, ["roof-pitch-least"]),
        ({"roofs": ("gable",), "pitch_least": 35.0, "pitch_most": 40.0}, []),
    ):
        place = planned(tmp_path, **fixed)
        store.save_site(place, tmp_path / "data")
        found = [one for one in asked(store.load_site(tmp_path / "data"), house) if one.rule.startswith("roof")]
        assert [one.rule for one in found] == rules, fixed
    steep = next(one for one in asked(planned(tmp_path, pitch_most=35.0), house) if one.rule == "roof-pitch")
    assert (steep.by, steep.allowed, steep.found, steep.unit) == (3.0, 35.0, 38.0, "°")
    form = next(one for one in asked(planned(tmp_path, roofs=("flat", "shed")), house) if one.rule == "roof-form")
    assert "Satteldach, zulässig: Flachdach, Pultdach" in sentence(form, "de")
    flat = replace(house, roof=Roof("flat"))
    assert not [one for one in asked(planned(tmp_path, roofs=("flat", "gable"), pitch_least=35.0), flat) if one.rule.startswith("roof")]
    shed = replace(house, counts_as="nebenanlage")
    assert not [one for one in asked(planned(tmp_path, pitch_most=35.0), shed) if one.rule.startswith("roof")]


def test_lines_of_the_plan_are_drawn_and_held_on_to(tmp_path: Path) -> None:
    import ezdxf

    from jena_planner.jena_city import dxf_write

    place = site(tmp_path, (300, 300, 5, 5, 5))
    place.plan_parts = plan_parts.as_features([plan()])
    assert [(kind, line.length) for kind, line in plan_parts.drawn_lines(place)] == [("boundary", 120.0), ("line", 80.0)]
    bare = plan()
    bare.boundaries.clear()
    place.plan_parts = plan_parts.as_features([bare])
    assert [(kind, line.length) for kind, line in plan_parts.drawn_lines(place)] == [("boundary", 200.0), ("line", 80.0)]
    dxf_write.write(apply(place, Variant("v", "V")), tmp_path / "town.dxf")
    layers = [entity.dxf.layer for entity in ezdxf.readfile(tmp_path / "town.dxf").modelspace()]
    assert layers.count("BAUGRENZE") == layers.count("BAULINIE") == 1


@pytest.mark.needs("bpy")
def test_the_ground_shows_baugrenzen_blue_and_baulinien_red(tmp_path: Path) -> None:
    from jena_planner.scene import landcover

    place = site(tmp_path, (300, 300, 5, 5, 5))
    place.plan_parts = plan_parts.as_features([plan()])
    image, _ = landcover.picture(place, (0.0, 0.0, 100.0, 60.0), 800)

    def close(colour: tuple[int, int, int]) -> np.ndarray:
        return np.argwhere(np.abs(image.astype(int) - colour).max(axis=2) < 12)

    assert {round(60 - row * 60 / len(image)) for row, _ in close(landcover.BAULINIE)} == {20}
    rows = {round(60 - row * 60 / len(image)) for row, _ in close(landcover.BAUGRENZE)}
    assert {21, 39, 40} <= rows <= set(range(20, 41))
