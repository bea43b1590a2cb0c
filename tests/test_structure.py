"""What we write is built as the standards ask: by tables that OGC's own examples satisfy too."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from jena_planner.jena_city import buildings, citygml, cityjson, exporting, sample
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.model import CityModel
from jena_planner.jena_city.problems import no_progress
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.themes import WHOLE
from jena_planner.jena_city.variant import NULL_VARIANT

from . import gml, site, structure, themes
from .cityjson import Town
from .test_writing import ATTRIBUTES, BLOCKS, SIZES, VARIANT, full

X, Y, Z = gml.JENA


def written(model: CityModel, folder: Path, kind: str) -> Path:
    path = folder / f"out{exporting.FORMATS[kind][1]}"
    exporting.export(apply(Site(model.origin, model), NULL_VARIANT), path, kind, name="Jena", progress=no_progress)
    return path


def is_sound(path: Path, kind: str) -> None:
    if kind == "cityjson":
        assert list(structure.cityjson_faults(json.loads(path.read_text(encoding="utf-8")))) == []
    else:
        root = etree.parse(str(path)).getroot()
        assert Counter(structure.faults(root, all_known=True)) == {}
        assert_closed(root)


def assert_closed(root: Any) -> None:
    """Every solid encloses something and faces outward: its volume is positive, and its faces, as vectors, add up to nothing (to the two
    millimetres that points may lie off an edge)."""
    polygons = {}
    for polygon in root.iter("{*}Polygon"):
        rings = [np.array(text.split(), float).reshape(-1, 3) for text in polygon.xpath(".//*[local-name()='posList']/text()")]
        polygons[named(polygon)] = rings
    for solid in root.iter("{*}Solid"):
        names = [link.removeprefix("#") for link in solid.xpath(".//@*[local-name()='href']")] + [*map(named, solid.iter("{*}Polygon"))]
        middle = polygons[names[0]][0][0]
        volume, length, faces = 0.0, 0.0, np.zeros(3)
        for ring in (ring for name in names for ring in polygons[name]):
            assert (ring[0] == ring[-1]).all()
            points = ring - middle
            areas = np.cross(points[1:-1] - points[0], points[2:] - points[0]) / 2
            faces += areas.sum(axis=0)
            volume += float(points[0] @ areas.sum(axis=0)) / 3
            length += float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
        assert volume > 0
        assert np.linalg.norm(faces) <= 0.002 * length


def named(element: Any) -> str:
    return next(str(value) for name, value in element.attrib.items() if name.endswith("}id"))


@pytest.mark.needs("data")
def test_ogcs_own_examples_satisfy_the_tables(data: Path) -> None:
    """Else the tables would say no more than that our files are like our files."""
    seen: Counter[str] = Counter()
    for path in sorted((data / "citygml").glob("ogc-*/**/*.gml")):
        root = etree.parse(str(path)).getroot()
        if not etree.QName(root).namespace.endswith("1.0"):
            assert (path.name, list(structure.faults(root, all_known=False))) == (path.name, [])
            seen.update({structure.word(element) for element in root.iter(etree.Element)} & (structure.OLD.keys() | structure.NEW.keys()))
    assert len(seen) > 45
    assert {"bldg:Building", "core:Address", "con:Height", "tran:TrafficSpace", "brid:Bridge", "bldg:BuildingInstallation"} <= set(seen)


@pytest.mark.needs("data")
def test_sound_cityjson_by_others_satisfies_the_rules(data: Path) -> None:
    for name in ("cjio/delft.json", "cjio/multi_lod.json", "val3dity/test_cityjson/geomtemplate_2.json"):
        assert list(structure.cityjson_faults(json.loads((data / "suites" / name).read_text(encoding="utf-8")))) == []
    broken = json.loads((data / "suites/cjio/rotterdam/rotterdam_subset.json").read_text(encoding="utf-8"))
    assert all(": ring [" in fault for fault in structure.cityjson_faults(broken))  # corners that are there twice


@pytest.mark.parametrize("kind", ["citygml2", "citygml3"])
def test_the_tables_see_what_is_wrong(tmp_path: Path, kind: str) -> None:
    text = written(full(tmp_path), tmp_path, kind).read_text(encoding="utf-8")
    new = kind == "citygml3"
    spoilt = {
        "order": text.replace("bldg:class", "bldg:X").replace("bldg:function", "bldg:class").replace("bldg:X", "bldg:function"),
        "unknown": text.replace("storeysAboveGround", "storeys"),
        "twice": text.replace("<bldg:roofType>1000</bldg:roofType>", "<bldg:roofType>1000</bldg:roofType>" * 2),
        "missing": text.replace("core:xalAddress", "core:address"),
        "space": text.replace("con:value" if new else "bldg:measuredHeight", "gen:value"),
    }
    for what, one in spoilt.items():
        assert one != text, what
        assert list(structure.faults(etree.fromstring(one.encode()), all_known=True)), what


@pytest.mark.parametrize("kind", structure.KINDS)
def test_a_town_with_a_variant(tmp_path: Path, kind: str) -> None:
    place = site.site(tmp_path, (0, 0, 12, 10, 8), (30, 0, 12, 10, 8), (60, 0, 10, 10, 6))
    path = tmp_path / "out"
    exporting.export(site.with_variant(place, VARIANT), path, kind, name="", progress=no_progress)
    is_sound(path, kind)
    assert path.read_text(encoding="utf-8").count("sued-1_") >= len(BLOCKS)


@pytest.mark.parametrize("kind", structure.KINDS)
def test_a_building_with_everything(tmp_path: Path, kind: str) -> None:
    is_sound(written(full(tmp_path), tmp_path, kind), kind)


@pytest.mark.parametrize("kind", structure.KINDS)
def test_the_sample(tmp_path: Path, kind: str) -> None:
    sample.write(tmp_path / "sample")
    model = buildings.read_many(sorted((tmp_path / "sample").glob("**/*.gml")))
    is_sound(written(model, tmp_path, kind), kind)


@pytest.mark.parametrize("kind", structure.KINDS)
def test_what_a_town_has_beside_buildings(tmp_path: Path, kind: str) -> None:
    is_sound(written(citygml.read(gml.write(tmp_path / "in.gml", themes.town())), tmp_path, kind), kind)


@pytest.mark.parametrize("kind", structure.KINDS)
@pytest.mark.parametrize("lod", ["0", "1", "2", "3"])
def test_every_kind_in_every_level(tmp_path: Path, kind: str, lod: str) -> None:
    town = Town()
    for number, name in enumerate(WHOLE):
        box = town.box(X + 20 * number, Y, Z, 4, 4, 4, lod=lod, kind="MultiSurface")
        words = {"function": "1000", "usage": "2", "class": "3", "zahl": number}
        town.add(name, name if name != "GenericCityObject" else "+GenericCityObject", box, attributes=words)
    is_sound(written(cityjson.read(town.write(tmp_path / "in.city.json")), tmp_path, kind), kind)


@pytest.mark.parametrize("kind", structure.KINDS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=SIZES, attributes=ATTRIBUTES, storeys=st.integers(-1, 99), lod=st.integers(0, 4), meaning=st.lists(st.integers(0, 12), max_size=6)
)
def test_any_boxes(
    tmp_path: Path, kind: str, sizes: list[Any], attributes: dict[str, Any], storeys: int, lod: int, meaning: list[int]
) -> None:
    text = gml.city(*(gml.box_building(f"B{k}", X + s[0], Y + s[1], Z + s[2], *s[3:]) for k, s in enumerate(sizes)))
    model = citygml.read(gml.write(tmp_path / "in.gml", text), origin=site.ORIGIN)
    model.attributes[0], model.storeys[0], model.building_lod[0] = attributes, storeys, lod
    first = np.flatnonzero(model.surface_building == 0)[: len(meaning)]
    model.surface_semantics[first] = meaning[: len(first)]
    is_sound(written(model, tmp_path, kind), kind)


@pytest.mark.needs("data")
@pytest.mark.parametrize("kind", structure.KINDS)
def test_a_real_tile(data: Path, tmp_path: Path, kind: str) -> None:
    model = buildings.read(sorted((data / "citygml/nrw").glob("LoD2_32_32*_NW.gml"))[0])
    is_sound(written(model, tmp_path, kind), kind)
