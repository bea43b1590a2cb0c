"""All the spellings of a CRS that publishers use, and lies about it."""

from __future__ import annotations

import pytest

from jena_planner.jena_city import crs
from jena_planner.jena_city.problems import InputProblem


@pytest.mark.parametrize(
    ("name", "horizontal", "vertical"),
    [
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH", "EPSG:25832", "DE_DHHN2016_NH"),
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016", "EPSG:25832", "DE_DHHN2016_NH"),
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN92_NH", "EPSG:25832", "DE_DHHN92_NH"),
        ("urn:adv:crs:ETRS89_UTM32", "EPSG:25832", ""),
        ("urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH*GCG2016", "EPSG:25833", "DE_DHHN2016_NH"),
        ("urn:adv:crs:DE_DHDN_3GK4*DE_DHHN92_NH", "EPSG:31468", "DE_DHHN92_NH"),
        ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783", "EPSG:25832", "DE_DHHN92_NH"),
        ("urn:ogc:def:crs,crs:EPSG:6.12:25833,crs:EPSG:6.12:5783", "EPSG:25833", "DE_DHHN92_NH"),
        ("urn:ogc:def:crs:EPSG:7.7:31468", "EPSG:31468", ""),
        ("urn:ogc:def:crs:EPSG:25832, crs:EPSG:5783", "EPSG:25832", "DE_DHHN92_NH"),
        ("urn:ogc:def,crs::EPSG:31467", "EPSG:31467", ""),
        ("urn:ogc:def:crs:EPSG::31256", "EPSG:31256", ""),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", "EPSG:25832", ""),
        ("http://www.opengis.net/def/crs/EPSG/0/6697", "EPSG:6668", "EPSG:6695"),
        ("http://www.opengis.net/gml/srs/epsg.xml#25832", "EPSG:25832", ""),
        ("EPSG:25832", "EPSG:25832", ""),
        ("epsg:4326", "EPSG:4326", ""),
        ("EPSG:32632", "EPSG:32632", ""),
        ("25832", "EPSG:25832", ""),
        ("CH1903", "EPSG:21781", ""),
        ("ETRS89 / UTM zone 32N", "EPSG:25832", ""),
        ('LOCAL_CS["ETRS89 / UTM zone 32N",UNIT["metre",1]]', "EPSG:25832", ""),
        ("EPSG:23632", "", ""),
        ("#local-CRS-1", "", ""),
        ("urn:adv:crs:ETRS89_UTM99", "", ""),
        ("", "", ""),
        ("nonsense", "", ""),
    ],
)
def test_spellings(name: str, horizontal: str, vertical: str) -> None:
    found = crs.parse(name)
    assert (found.horizontal, found.vertical) == (horizontal, vertical)


def test_an_unknown_name_typed_by_the_user_is_refused() -> None:
    with pytest.raises(InputProblem, match="EPSG:25832"):
        crs.given("UTM, I think")


@pytest.mark.parametrize(
    ("system", "box", "words"),
    [
        ("EPSG:25832", (681735, 5644970, 681800, 5645000), ""),
        ("EPSG:25833", (260000, 5640000, 260100, 5640100), ""),  # Jena lies beyond zone 33's edge, and some use it
        ("EPSG:25832", (4460000, 5640000, 4460100, 5640100), "Gauß-Krüger zone 4 (EPSG:31468)"),
        ("EPSG:25832", (11.58, 50.92, 11.59, 50.93), "EPSG:4326"),
        ("EPSG:4326", (681735, 5644970, 681800, 5645000), "EPSG:25832"),
        ("EPSG:4326", (3459158, 5431351, 3459200, 5431400), "EPSG:31467"),
        ("EPSG:21781", (681735, 5644970, 681800, 5645000), "outside"),
    ],
)
def test_numbers_that_do_not_fit_are_doubted_with_a_guess(system: str, box: tuple[float, float, float, float], words: str) -> None:
    found = crs.doubt(system, *box)
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        ("EPSG:4326", (11.0, 11.1), (50.0, 50.1), True),
        ("urn:ogc:def:crs:EPSG::4326", (50.0, 50.1), (11.0, 11.1), False),
        ("EPSG:4979", (-77.5, -77.4), (38.0, 38.1), True),
        ("http://www.opengis.net/def/crs/EPSG/0/6697", (35.6, 35.7), (139.7, 139.8), False),
        ("http://www.opengis.net/def/crs/EPSG/0/4258", (50.9, 50.95), (11.5, 11.6), False),
        ("EPSG:4258", (11.5, 11.6), (50.9, 50.95), True),
    ],
)
def test_axis_order_of_degrees(name: str, first: tuple[float, float], second: tuple[float, float], expected: bool) -> None:
    assert crs.longitude_first(crs.parse(name), first, second) is expected


def test_zone_of_a_place() -> None:
    assert crs.utm_at(11.58, 50.93) == "EPSG:25832"
    assert crs.utm_at(13.4, 52.5) == "EPSG:25833"
    assert crs.utm_at(139.7, 35.7) == "EPSG:32654"
    assert crs.utm_at(151.2, -33.9) == "EPSG:32756"
