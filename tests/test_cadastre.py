"""Plots of the cadastre ALKIS: NAS, the simplified schema and INSPIRE as GML, Shape and GeoPackage; never whose they are."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from jena_planner.jena_city import vectors
from jena_planner.jena_city.check import check, keys, kind
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.vectors import gml

from .test_vectors import ORIGIN, E, N

UTM32 = "urn:adv:crs:ETRS89_UTM32"
ID = "160350012001200003__"
SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]
WFS = 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink"'


def numbers(points: list[tuple[float, float]], shift: tuple[float, float] = (E, N), turned: bool = False) -> str:
    placed = [(x + shift[0], y + shift[1]) for x, y in points]
    return " ".join(f"{y} {x}" if turned else f"{x} {y}" for x, y in placed)


def segments(points: list[tuple[float, float]]) -> str:
    """A ring in the way of NAS: a curve for each side."""
    sides = zip(points, points[1:], strict=False)
    return "".join(curve(f"<gml:LineStringSegment><gml:posList>{numbers([a, b])}</gml:posList></gml:LineStringSegment>") for a, b in sides)


def curve(inside: str) -> str:
    return f"<gml:curveMember><gml:Curve><gml:segments>{inside}</gml:segments></gml:Curve></gml:curveMember>"


def arc(*points: tuple[float, float]) -> str:
    return curve(f"<gml:Arc><gml:posList>{numbers(list(points))}</gml:posList></gml:Arc>")


def surface(ring: str, srs: str = UTM32) -> str:
    patch = f"<gml:PolygonPatch><gml:exterior><gml:Ring>{ring}</gml:Ring></gml:exterior></gml:PolygonPatch>"
    return f'<gml:Surface gml:id="g" srsName="{srs}"><gml:patches>{patch}</gml:patches></gml:Surface>'


def plot(ring: str, number: str = "<zaehler>120</zaehler><nenner>3</nenner>", name: str = "a", srs: str = UTM32) -> str:
    return (
        f'<AX_Flurstueck gml:id="{name}"><gml:identifier codeSpace="http://www.adv-online.de/">urn:adv:oid:{name}</gml:identifier>'
        "<modellart><AA_Modellart><advStandardModell>DLKM</advStandardModell></AA_Modellart></modellart>"
        "<zeigtAufExternes><AA_Fachdatenverbindung><art>1</art><fachdatenobjekt><AA_Fachdatenobjekt><name>95001</name></AA_Fachdatenobjekt>"
        f"</fachdatenobjekt></AA_Fachdatenverbindung></zeigtAufExternes><position>{surface(ring, srs)}</position>"
        f'<objektkoordinaten><gml:Point gml:id="p" srsName="{srs}"><gml:pos>{E} {N}</gml:pos></gml:Point></objektkoordinaten>'
        "<gemarkung><AX_Gemarkung_Schluessel><land>16</land><gemarkungsnummer>0350</gemarkungsnummer></AX_Gemarkung_Schluessel></gemarkung>"
        f"<flurstuecksnummer><AX_Flurstuecksnummer>{number}</AX_Flurstuecksnummer></flurstuecksnummer>"
        f'<flurstueckskennzeichen>{ID}</flurstueckskennzeichen><amtlicheFlaeche uom="urn:adv:uom:m2">101.00</amtlicheFlaeche>'
        '<flurnummer>12</flurnummer><istGebucht xlink:href="urn:adv:oid:b"/></AX_Flurstueck>'
    )


OWNERS = [
    '<AX_Person gml:id="o"><nachnameOderFirma>Muster</nachnameOderFirma><vorname>Erika</vorname></AX_Person>',
    '<AX_Buchungsblatt gml:id="b"><buchungsblattkennzeichen>160350001</buchungsblattkennzeichen></AX_Buchungsblatt>',
    '<AX_Namensnummer gml:id="n"><benennt xlink:href="urn:adv:oid:o"/></AX_Namensnummer>',
]
DISTRICT = (
    '<AX_Gemarkung gml:id="d"><schluessel><AX_Gemarkung_Schluessel><land>16</land><gemarkungsnummer>0350</gemarkungsnummer>'
    "</AX_Gemarkung_Schluessel></schluessel><bezeichnung>Jena</bezeichnung></AX_Gemarkung>"
)


def nas(path: Path, *features: str, version: str = "7.1") -> Path:
    """An excerpt of the cadastre, as the states hand it out."""
    members = "".join(f"<wfs:member>{one}</wfs:member>" for one in features)
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><AX_Bestandsdatenauszug xmlns="http://www.adv-online.de/namespaces/adv/gid/{version}" {WFS}>'
        f"<enthaelt><wfs:FeatureCollection>{members}</wfs:FeatureCollection></enthaelt></AX_Bestandsdatenauszug>",
        encoding="utf-8",
    )
    return path


def read(path: Path) -> tuple[list[tuple[str, str, str, float]], list[shapely.Polygon], Report]:
    report = Report()
    plots = vectors.read_plots([path], ORIGIN, report)
    rows = list(zip(*(plots.columns[name].tolist() for name in ("number", "id", "district", "area")), strict=True))
    return rows, list(plots.geometry), report


@pytest.mark.parametrize("version", ["5.1", "6.0", "7.1"])
def test_a_plot_of_nas(tmp_path: Path, version: str) -> None:
    path = nas(tmp_path / "a.xml", plot(segments(SQUARE)), DISTRICT, version=version)
    rows, [shape], report = read(path)
    assert rows == [("120/3", ID, "Jena", 101.0)]
    assert shape.equals(shapely.box(0, 0, 10, 10))
    assert report.problems == []
    assert (kind(path), keys(path)) == ("plots", ("plots",))


def test_a_boundary_that_is_an_arc(tmp_path: Path) -> None:
    """The side to the east bulges as half a circle of five metres."""
    ring = segments(SQUARE[:2]) + arc((10, 0), (15, 5), (10, 10)) + segments(SQUARE[2:])
    _, [shape], _ = read(nas(tmp_path / "a.xml", plot(ring)))
    assert shape.area == pytest.approx(100 + math.pi * 25 / 2, abs=0.01 * math.pi * 5)
    assert shape.bounds == pytest.approx((0, 0, 15, 10), abs=0.01)


def test_owners_are_counted_and_never_read(tmp_path: Path) -> None:
    path = nas(
        tmp_path / "a.xml",
        *OWNERS,
        plot(segments(SQUARE)),
        '<AX_Gebaeude gml:id="h"><gebaeudefunktion>1000</gebaeudefunktion></AX_Gebaeude>',
    )
    report, unreadable = check([path])
    assert (report.features, unreadable, report.crs) == ({"plots": 1}, [], "EPSG:25832")
    said = {problem.code: problem.message for problem in report.problems}
    assert set(said) == {"persons-dropped", "not-read"}
    assert all(name in said["persons-dropped"] for name in ("1 AX_Person", "1 AX_Buchungsblatt", "1 AX_Namensnummer"))
    assert said["not-read"].endswith("1 AX_Gebaeude")
    assert "Muster" not in str(report.as_dict())


def test_a_plot_with_a_number_of_one_part_and_one_that_is_damaged(tmp_path: Path) -> None:
    broken = plot(segments(SQUARE).replace(str(E), "x", 1), name="kaputt")
    rows, _, report = read(nas(tmp_path / "a.xml", plot(segments(SQUARE), "<zaehler>85</zaehler>"), broken))
    assert [row[0] for row in rows] == ["85"]
    [problem] = report.problems
    assert (problem.code, problem.id) == ("bad-geometry", "kaputt")


@pytest.mark.parametrize(
    ("srs", "east"), [("urn:adv:crs:ETRS89_UTM32", 32_000_000.0), ("urn:ogc:def:crs:EPSG::4647", 32_000_000.0), ("EPSG:25832", 0.0)]
)
def test_eastings_with_and_without_their_zone(tmp_path: Path, srs: str, east: float) -> None:
    ring = curve(f"<gml:LineStringSegment><gml:posList>{numbers(SQUARE, (E + east, N))}</gml:posList></gml:LineStringSegment>")
    _, [shape], report = read(nas(tmp_path / "a.xml", plot(ring, srs=srs)))
    assert shape.bounds == pytest.approx((0, 0, 10, 10), abs=1e-3)
    assert {problem.code for problem in report.problems} == ({"zone-prefix"} if "adv" in srs else set())


def simplified(path: Path, *features: str) -> Path:
    """An answer of a web feature service in the AdV's simplified schema."""
    members = "".join(f"<wfs:member>{one}</wfs:member>" for one in features)
    path.write_text(
        f'<wfs:FeatureCollection {WFS} xmlns:ave="http://repository.gdi-de.org/schemas/adv/produkt/alkis-vereinfacht/2.0" numberReturned="1">'
        f"{members}</wfs:FeatureCollection>"
    )
    return path


def ave(name: str = "Flurstueck", srs: str = "urn:ogc:def:crs:EPSG::25832", content: str = "", points: str = "") -> str:
    ring = f"<gml:exterior><gml:LinearRing><gml:posList>{points or numbers(SQUARE)}</gml:posList></gml:LinearRing></gml:exterior>"
    polygon = (
        f'<gml:MultiSurface srsName="{srs}"><gml:surfaceMember><gml:Polygon>{ring}</gml:Polygon></gml:surfaceMember></gml:MultiSurface>'
    )
    words = content or (
        f"<ave:flstkennz>{ID}</ave:flstkennz><ave:flstnrzae>120</ave:flstnrzae><ave:flstnrnen>3</ave:flstnrnen>"
        "<ave:gemarkung>Jena</ave:gemarkung><ave:gemaschl>160350</ave:gemaschl><ave:flur>Flur 12</ave:flur><ave:flaeche>101</ave:flaeche>"
    )
    return f'<ave:{name} gml:id="{name}_1">{words}<ave:geometrie>{polygon}</ave:geometrie></ave:{name}>'


def test_the_simplified_schema(tmp_path: Path) -> None:
    path = simplified(tmp_path / "a.gml", ave())
    rows, [shape], report = read(path)
    assert rows == [("120/3", ID, "Jena", 101.0)]
    assert shape.equals(shapely.box(0, 0, 10, 10))
    assert (report.problems, kind(path)) == ([], "plots")


def test_a_file_of_several_classes_belongs_under_several_keys(tmp_path: Path) -> None:
    use = ave("Nutzung", content="<ave:nutzart>Wald</ave:nutzart>")
    path = simplified(tmp_path / "a.gml", ave(), use, ave("GebaeudeBauwerk", content="<ave:gebnutzbez>Wohnhaus</ave:gebnutzbez>"))
    assert (kind(path), keys(path)) == ("layers", ("areas", "plots", "lines"))
    assert len(vectors.read_plots([path], ORIGIN, Report())) == 1
    assert vectors.read_areas([path], ORIGIN, Report()).columns["kind"].tolist() == ["Wald"]
    assert vectors.read_lines([path], ORIGIN, Report()).columns["layer"].tolist() == ["GebaeudeBauwerk"]
    assert check([path])[0].features == {"areas": 1, "plots": 1, "lines": 1}


def test_inspire_in_degrees_with_the_latitude_first(tmp_path: Path) -> None:
    around = [(11.5858, 50.9277), (11.5860, 50.9277), (11.5860, 50.9279), (11.5858, 50.9277)]
    words = (
        "<ave:nationalCadastralReference>160350012000850000__</ave:nationalCadastralReference><ave:areaValue uom='m2'>156</ave:areaValue>"
    )
    path = simplified(
        tmp_path / "a.gml",
        ave("CadastralParcel", "http://www.opengis.net/def/crs/EPSG/0/4258", words, numbers(around, (0, 0), turned=True)),
    )
    rows, [shape], _ = read(path)
    assert rows == [("85", "160350012000850000__", "", 156.0)]
    assert shape.area == pytest.approx(0.0002 * 0.0002 / 2 * 111_200**2 * math.cos(math.radians(50.9)), rel=0.01)


@pytest.mark.parametrize("ending", [".shp", ".gpkg", ".geojson"])
@pytest.mark.parametrize(
    "columns",
    [
        {"flstkennz": ID, "gemarkung": "Jena", "flstnrzae": "120", "flstnrnen": "3", "flaeche": 101.0},  # vereinfacht
        {"FLURSTUECK": ID, "AMTLICHEFL": 101.0, "GEMNR": "0350", "GEMNAME": "Jena", "FLURSTZ": "120", "FLURSTN": "3"},  # Wuppertal
        {"FSK": ID, "GEMARKUNG": "Jena", "FLURSTUECK": "120/3", "AFL": 101.0},
        {"flstkennz": ID, "gemarkung": "Jena", "flaeche": 101.0},
    ],
)
def test_shape_and_geopackage_with_the_names_of_publishers(tmp_path: Path, ending: str, columns: dict[str, str | float]) -> None:
    path = tmp_path / f"flst{ending}"
    fields = [np.array([value], object if isinstance(value, str) else float) for value in columns.values()]
    shape = np.array([shapely.to_wkb(shapely.box(E, N, E + 10, N + 10))], object)
    pyogrio.raw.write(path, shape, fields, list(columns), crs="EPSG:25832", geometry_type="Polygon")
    assert kind(path) == "plots"
    assert read(path)[0] == [("120/3", ID, "Jena", 101.0)]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = nas(tmp_path / "a.xml", plot(segments(SQUARE)))
    path.write_text(path.read_text()[:-60])
    with pytest.raises(InputProblem, match="damaged"):
        vectors.read_plots([path], ORIGIN, Report())


def test_a_large_file_is_read_piece_by_piece(tmp_path: Path) -> None:
    """What was read is let go of: the tree never holds more than a few features."""
    path = nas(tmp_path / "a.xml", *(plot(segments(SQUARE), name=f"f{k}") for k in range(1000)))
    most = 0
    for feature, _ in gml._features(path):
        most = max(most, len(feature.getparent().getparent()))
    assert 0 < most < 60  # lxml reads 32 kB ahead


@pytest.mark.parametrize("place", ["posList", "Polygon", "MultiSurface"])
def test_a_third_number_is_a_height_wherever_it_is_said(tmp_path: Path, place: str) -> None:
    """Six points of three numbers could as well be nine of two: only srsDimension tells."""
    heights = " ".join(f"{x + E} {y + N} 143.5" for x, y in [*SQUARE[:4], (0, 5), SQUARE[4]])
    said = ave(points=heights).replace(f"<gml:{place}", f'<gml:{place} srsDimension="3"')
    _, [shape], _ = read(simplified(tmp_path / "a.gml", said))
    assert shape.equals(shapely.box(0, 0, 10, 10))


def test_nine_points_of_two_numbers_are_not_six_of_three(tmp_path: Path) -> None:
    around = [(0, 0), (5, 0), (10, 0), (10, 5), (10, 10), (5, 10), (0, 10), (0, 5), (0, 0)]
    _, [shape], _ = read(simplified(tmp_path / "a.gml", ave(points=numbers(around))))
    assert shape.equals(shapely.box(0, 0, 10, 10))
