"""Development plans (Bebauungspläne) as XPlanGML 4.1 to 6.0: what may be built where.

Names of the standard stand in brackets. Read are BP_Plan, BP_Bereich, BP_BaugebietsTeilFlaeche, BP_GemeinbedarfsFlaeche,
BP_UeberbaubareGrundstuecksFlaeche, BP_BauGrenze and BP_BauLinie, and public land: BP_StrassenVerkehrsFlaeche,
BP_VerkehrsflaecheBesondererZweckbestimmung, BP_GruenFlaeche, BP_GewaesserFlaeche; the other classes are counted in the report.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from lxml import etree

from . import arcs
from . import crs as crs_names
from .arrays import FloatArray
from .baunvo import edition_of
from .files import first_bytes
from .origin import Origin
from .problems import InputProblem, Report
from .site import Features
from .variant import RoofKind
from .vectors.tables import number

_GML_ID = re.compile(r"\{http://www\.opengis\.net/gml(?:/3\.2)?\}id")
# Enumerations of the XPlanung object type catalogue 4.1 to 6.0: numbers never change their meaning from one version to the next, later ones
# add some (1450 and hoehenbezug 1100, 1200, 3500, 4000 in 5.x and 6.0).
# XP_BesondereArtDerBaulNutzung, by the letters of the BauNVO; 3000 (Wochenendhausgebiet) and 4000 (Sondergebiet) are of its old editions.
USES = {
    "1000": "WS", "1100": "WR", "1200": "WA", "1300": "WB", "1400": "MD", "1450": "MDW", "1500": "MI", "1550": "MU", "1600": "MK",
    "1700": "GE", "1800": "GI", "2000": "SO", "2100": "SO", "3000": "SO", "4000": "SO",
}  # fmt: skip
# hoehenbezug (XP_ArtHoehenbezug) and bezugspunkt (XP_ArtHoehenbezugspunkt).
_REFERENCES = {
    "1000": "NHN", "1100": "NN", "1200": "DHHN", "2000": "Geländeoberkante", "2500": "Gehwegoberkante", "3000": "Bezugshöhe",
    "3500": "Straße", "4000": "EFH",
}  # fmt: skip
_POINTS = {
    "1000": "TH", "2000": "FH", "3000": "OK", "3500": "LH", "4000": "SH", "4500": "EFH", "5000": "HBA", "5500": "UK", "6000": "GBH",
    "6500": "WH", "6600": "GOK",
}  # fmt: skip
_PUBLIC = {
    "BP_StrassenVerkehrsFlaeche": "streets",
    "BP_VerkehrsflaecheBesondererZweckbestimmung": "streets",
    "BP_GruenFlaeche": "greens",
    "BP_GewaesserFlaeche": "waters",
}
_PITCHED: tuple[RoofKind, ...] = ("gable", "hip", "half-hip", "shed", "mansard")
_ROOFS: dict[str, tuple[RoofKind, ...]] = {  # BP_Dachform; others (Kuppel, Bogen, Mischform …) no block has
    "1000": ("flat",), "2100": ("shed",), "2200": ("shed",), "3000": _PITCHED, "3100": ("gable",), "3200": ("hip",), "3300": ("half-hip",),
    "3400": ("mansard",), "3500": ("hip",),
}  # fmt: skip
_FORMS = {"1000": "o", "2000": "g", "3000": "a"}  # BP_Bauweise: offen, geschlossen, abweichend
_EDITIONS = {"1000": "1962", "2000": "1968", "3000": "1977", "4000": "1990"}  # XP_VersionBauNVO up to 5.0


@dataclass(frozen=True)
class Height:
    """A height (XP_Hoehenangabe) in metres: at most `most` [h, hMax], at least `least` [hMin], exactly `fixed` [hZwingend]; NaN: not set.

    reference : what it is counted from [hoehenbezug], "" where not said. point : which height it is [bezugspunkt]: TH, FH, OK, …
    """

    most: float
    least: float
    fixed: float
    reference: str
    point: str


@dataclass(frozen=True)
class PartArea:
    """Where one set of rules holds (BP_BaugebietsTeilFlaeche, BP_GemeinbedarfsFlaeche, or BP_UeberbaubareGrundstuecksFlaeche with rules of
    its own).

    geometry : polygon(s) in scene coordinates. use : letters of the BauNVO [besondereArtDerBaulNutzung], "" where not set. storeys : at
    most [Z, Zmax]; storeys_least [Zmin]; storeys_fixed [Zzwingend]. grz, gfz, bmz : shares. gf, gr : m² of floors and of ground, gfz_least
    [GFZmin]. NaN where not set. form : "o", "g" or "a" [bauweise: open, closed, other]; "" where not set. roofs : kinds that are allowed
    [dachform]; none where not set, or where one is among them that no block has. pitch_least, pitch_most : degrees [DN…].
    """

    id: str
    geometry: Any
    use: str = ""
    storeys: float = math.nan
    storeys_least: float = math.nan
    storeys_fixed: float = math.nan
    grz: float = math.nan
    gfz: float = math.nan
    bmz: float = math.nan
    gf: float = math.nan
    heights: tuple[Height, ...] = ()
    gr: float = math.nan
    gfz_least: float = math.nan
    form: str = ""
    roofs: tuple[RoofKind, ...] = ()
    pitch_least: float = math.nan
    pitch_most: float = math.nan


@dataclass
class Plan:
    """A development plan (BP_Plan). area : raeumlicherGeltungsbereich in scene coordinates, None where it has no usable one.

    edition : of the BauNVO, as year or as written, "" where not said. parts : BP_BaugebietsTeilFlaeche. overbuildable :
    BP_UeberbaubareGrundstuecksFlaeche. boundaries : BP_BauGrenze. building_lines : BP_BauLinie (lines in scene coordinates). communal :
    BP_GemeinbedarfsFlaeche. streets, greens, waters : public land (streets but those called private, green that is called public).
    """

    id: str
    name: str
    number: str
    area: Any
    edition: str
    parts: list[PartArea] = field(default_factory=list)
    overbuildable: list[PartArea] = field(default_factory=list)
    boundaries: list[Any] = field(default_factory=list)
    building_lines: list[Any] = field(default_factory=list)
    communal: list[PartArea] = field(default_factory=list)
    streets: list[Any] = field(default_factory=list)
    greens: list[Any] = field(default_factory=list)
    waters: list[Any] = field(default_factory=list)


def is_one(path: str | PathLike[str]) -> bool:
    """Whether a file is XPlanGML, by its first bytes."""
    return b"xplanung.de/xplangml/" in first_bytes(path)


def read(path: str | PathLike[str], origin: Origin | None, report: Report) -> Plan:
    """The plan of a file; what cannot be used is left out and reported. origin : None for coordinates as the file has them.

    Raises InputProblem for a file that is no XPlanGML, is damaged or has no BP_Plan.
    """
    path = Path(path)
    if not is_one(path):
        raise InputProblem(path, "this is no XPlanGML", "Name a file of a development plan (XPlanGML 4.1 to 6.0)")
    try:
        root = etree.parse(
            path, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
        ).getroot()
    except (etree.XMLSyntaxError, OSError, LookupError) as error:  # the last two for an encoding that is none, or not the file's
        raise InputProblem(path, f"the file is damaged ({getattr(error, 'msg', error)})", "Export it again") from error
    report.files.append(str(path))
    shapes = _Shapes(path, origin, report)
    features = [one for one in root.iter(etree.Element) if _local(one)[:3] in ("BP_", "SO_") and _id(one)]
    plan_element = next((one for one in features if _local(one) == "BP_Plan"), None)
    if plan_element is None:
        raise InputProblem(path, "there is no BP_Plan in it", "Only development plans (Bebauungspläne) are read, no land use plans")
    plan = Plan(
        _id(plan_element),
        _text(plan_element, "name"),
        _text(plan_element, "nummer"),
        shapes.of(plan_element, "raeumlicherGeltungsbereich"),
        next((edition for one in features if _local(one) in ("BP_Plan", "BP_Bereich") if (edition := _edition(one))), ""),
    )  # fmt: skip
    others: Counter[str] = Counter()
    areas = {
        "BP_BaugebietsTeilFlaeche": plan.parts,
        "BP_UeberbaubareGrundstuecksFlaeche": plan.overbuildable,
        "BP_GemeinbedarfsFlaeche": plan.communal,
    }
    for one in features:
        kind = _local(one)
        if kind in areas:
            if (shape := shapes.of(one, "position")) is not None:
                areas[kind].append(_part(one, shape))
        elif kind in ("BP_BauGrenze", "BP_BauLinie"):
            if (shape := shapes.of(one, "position")) is not None:
                (plan.boundaries if kind == "BP_BauGrenze" else plan.building_lines).append(shape)
        elif kind in _PUBLIC:
            if is_public(one) and (shape := shapes.of(one, "position")) is not None:
                getattr(plan, _PUBLIC[kind]).append(shape)
        elif kind not in ("BP_Plan", "BP_Bereich"):
            others[kind] += 1
    if others:
        listed = ", ".join(f"{count} {kind}" for kind, count in others.most_common())
        report.add("not-read", path, plan.id, f"not read of the plan: {listed}")
    report.features["plans"] = report.features.get("plans", 0) + 1
    report.crs = report.crs or shapes.system
    if plan.area is not None and origin is None:
        west, south, east, north = plan.area.bounds
        report.extent = (west, south, 0.0, east, north, 0.0)
    return plan


def is_public(element: Any) -> bool:
    """Whether a traffic area, green or water is public, by its nutzungsform (1000: private, 2000: public). Where that is not said, a green
    is not, for it may be either; streets and water are."""
    form = _text(element, "nutzungsform")
    return form == "2000" if _local(element) == "BP_GruenFlaeche" else form != "1000"


def plan_areas(plans: list[Plan]) -> Features:
    """The areas of plans as polygons with columns name, kind and edition, as a Site has them."""
    parts, owner = shapely.get_parts(np.array([plan.area for plan in plans], object), return_index=True)
    columns = {
        "name": np.array([plan.name or plan.number for plan in plans], object)[owner],
        "kind": np.full(len(parts), "Bebauungsplan", object),
        "edition": np.array([edition_of(plan.edition) or "" for plan in plans], object)[owner],
    }
    return Features(parts, columns)


def _part(element: Any, shape: Any) -> PartArea:
    def value(*names: str) -> float:
        return next((found for name in names if math.isfinite(found := number(_text(element, name)))), math.nan)

    heights = tuple(
        Height(
            next((found for name in ("hMax", "h") if math.isfinite(found := number(_text(one, name)))), math.nan),
            number(_text(one, "hMin")),
            number(_text(one, "hZwingend")),
            _REFERENCES.get(_text(one, "hoehenbezug"), _text(one, "abweichenderHoehenbezug")),
            _POINTS.get(_text(one, "bezugspunkt"), ""),
        )
        for one in element.iter("{*}XP_Hoehenangabe")
    )
    return PartArea(
        _id(element), shape, USES.get(_text(element, "besondereArtDerBaulNutzung"), ""),
        value("Zmax", "Z"), value("Zmin"), value("Zzwingend"),
        value("GRZmax", "GRZ"), value("GFZmax", "GFZ"), value("BMZ"), value("GFmax", "GF"), heights,
        value("GRmax", "GR"), value("GFZmin"), _FORMS.get(_text(element, "bauweise"), ""), _roofs(element), *_pitch(element),
    )  # fmt: skip


def _roofs(element: Any) -> tuple[RoofKind, ...]:
    codes = [str(one.text).strip() for one in element.iter("{*}dachform") if one.text]
    if any(code not in _ROOFS for code in codes):
        return ()
    return tuple(dict.fromkeys(kind for code in codes for kind in _ROOFS[code]))


def _pitch(element: Any) -> tuple[float, float]:
    """Least and most degrees of all kinds of roofs that are allowed; NaN where there is no such bound."""
    ranges = []
    for one in (*element.iter("{*}BP_Dachgestaltung"), element):
        least, most, top, fixed = (number(_text(one, name)) for name in ("DNmin", "DNmax", "DN", "DNZwingend"))
        if not all(map(math.isnan, (least, most, top, fixed))):
            found = [next((value for value in of if math.isfinite(value)), math.nan) for of in ((fixed, least), (fixed, most, top))]
            ranges.append(found)
    if not ranges:
        return math.nan, math.nan
    lows, highs = zip(*ranges, strict=True)
    return (math.nan if any(map(math.isnan, lows)) else min(lows)), (math.nan if any(map(math.isnan, highs)) else max(highs))


def _edition(element: Any) -> str:
    """versionBauNVODatum, versionBauNVOText, versionBauNVO (a code, or XP_GesetzlicheGrundlage from 6.0 on)."""
    date = _text(element, "versionBauNVODatum") or next((one.text or "" for one in element.iterfind("{*}versionBauNVO//{*}datum")), "")
    return date[:4] or _text(element, "versionBauNVOText") or _EDITIONS.get(_text(element, "versionBauNVO"), "")


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _id(element: Any) -> str:
    return next((str(value) for key, value in element.attrib.items() if _GML_ID.fullmatch(key)), "")


def _text(element: Any, name: str) -> str:
    found = element.find(f"{{*}}{name}")
    return "" if found is None or found.text is None else str(found.text).strip()


class _Shapes:
    """GML of one file to shapes in scene coordinates."""

    def __init__(self, path: Path, origin: Origin | None, report: Report) -> None:
        self.path, self.origin, self.report = path, origin, report
        self.system = ""

    def of(self, element: Any, name: str) -> Any:
        """The shape under a property; None where there is none or it is of no use, which is reported."""
        holder = element.find(f"{{*}}{name}")
        if holder is None or not len(holder):
            self._lost(element, f"{name} has no geometry in the file")
            return None
        try:
            shape = _shape(holder[0])
            system = crs_names.parse(_stated(holder[0], element)).horizontal
            if not system:
                raise ValueError("its coordinate system is not known")
            if reason := crs_names.doubt(system, *shape.bounds):
                raise ValueError(reason)
        except (ValueError, IndexError, shapely.errors.GEOSException) as error:
            self._lost(element, str(error))
            return None
        if not shape.is_valid:
            shape = shapely.make_valid(shape, method="structure")
            self.report.add("mended-polygon", self.path, _id(element), "a polygon that touches or crosses itself was mended")
        self.system = self.system or system
        target = self.origin.crs if self.origin else self.system
        if system != target:
            transformer = pyproj.Transformer.from_crs(crs_names.proj(system), crs_names.proj(target), always_xy=True)
            shape = shapely.transform(shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
        return shapely.transform(shape, self.origin.to_local) if self.origin else shape

    def _lost(self, element: Any, why: str) -> None:
        self.report.add("bad-geometry", self.path, _id(element), f"{_local(element)} was left out: {why}")


def _stated(shape: Any, feature: Any) -> str:
    """The srsName of a shape: its own or one inside it, else the one of its feature's envelope, else the file's first."""
    of_all = feature.getroottree().getroot()
    return next(
        (str(one.get("srsName")) for root in (shape, feature, of_all) for one in root.iter(etree.Element) if one.get("srsName")), ""
    )


def _nearest(element: Any, name: str) -> str:
    """An attribute of the element or of what it stands in."""
    while element is not None:
        if value := element.get(name):
            return str(value)
        element = element.getparent()
    return ""


def _shape(element: Any) -> Any:
    kind = _local(element)
    if kind in ("Polygon", "PolygonPatch"):
        rings = [_curve(one) for place in ("exterior", "interior") for holder in element.findall(f"{{*}}{place}") for one in holder]
        return shapely.Polygon(rings[0], rings[1:])
    if kind in ("MultiSurface", "CompositeSurface", "Surface"):
        polygons = [one for one in element.iter(etree.Element) if _local(one) in ("Polygon", "PolygonPatch")]
        return shapely.unary_union([_shape(one) for one in polygons])
    if kind in ("LineString", "Curve", "CompositeCurve"):
        return shapely.LineString(_curve(element))
    if kind == "MultiCurve":
        return shapely.MultiLineString([_curve(member[0]) for member in element])
    raise ValueError(f"a {kind} is no area and no line")


def _curve(element: Any) -> FloatArray:
    """The points of a ring or line, (n, 2); arcs stroked so that they leave the true ones by a centimetre at most."""
    kind = _local(element)
    if kind in ("LinearRing", "LineString", "LineStringSegment", "GeodesicString"):
        return _points(element)
    if kind == "Circle" and len(points := _points(element)) == 3:
        return arcs.whole(*points)
    if kind in ("Arc", "ArcString", "Circle"):
        return arcs.string(_points(element))
    if kind in ("Ring", "Curve", "CompositeCurve", "curveMember", "segments"):
        parts = [_curve(one) for one in element if isinstance(one.tag, str)]
        if not parts:
            raise ValueError(f"a {kind} is empty or is named by a reference")
        joined = [parts[0]]
        for part in parts[1:]:  # a segment begins where the one before ends
            joined.append(part[1:] if np.abs(part[0] - joined[-1][-1]).max() < 1e-3 else part)
        return np.vstack(joined)
    raise ValueError(f"lines of the kind {kind} are not known")


def _points(element: Any) -> FloatArray:
    words: list[str] = []
    for one in element.iter("{*}posList", "{*}pos"):
        words += (one.text or "").split()
    first = element.find("{*}posList")
    dimension = int(_nearest(element if first is None else first, "srsDimension") or 2)  # never by the length: see XPlan's 2D rule
    numbers = np.array(words, float)
    if dimension not in (2, 3) or not len(numbers) or len(numbers) % dimension or not np.isfinite(numbers).all():
        raise ValueError(f"{len(numbers)} numbers make no points of {dimension} dimensions")
    return numbers.reshape(-1, dimension)[:, :2]
