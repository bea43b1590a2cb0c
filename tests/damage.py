"""Small files of every kind that is read, and what can happen to them on the way: flipped bytes, cut ends, words that belong elsewhere."""

from __future__ import annotations

import functools
import io
import json
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from jena_planner.jena_city import check, gather, imported, orthophoto, profiles, project, store, terrain, variant_files, vectors, xplan
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.site import Features, Trees

from . import (
    gml,
    small,
    test_cadastre,
    test_orthophoto,
    test_profiles,
    test_relief,
    test_streets_osm,
    test_tree_registers,
    test_xplan,
    themes,
)
from .cityjson import Town
from .site import ORIGIN, site
from .test_drawings import FIXTURES as DRAWINGS

X, Y, Z = gml.JENA
Damage = tuple[str, float, float, int]  # what, where (0..1), how much (0..1), and a number that chooses among what is possible
WAYS = ("flip", "cut", "double", "insert", "word", "word", "value", "swap")
HOSTILE = [
    b"NaN", b"1e308", b"-1e30", b"", b"abc", b"inf", b"<", b">", b"\0", b"&amp;", b"&x;", b"]]>", b"\xff", b"<!--", b"0 0 0", b"1e5",
    b"null", b"true", b"[]", b"{}", b"-1", b"9" * 30, b"0", b'"', b"'", b",", b"{", b"]", b"\n", "\u2028ü".encode(), b"[" * 3000, b"../../x",
    b"1e-320", b"2147483648", b"EPSG:4326", b"0.0", b"Polygon", b"=", b"#", b"1e999", b"\xf0\x9f\x8c\xb3",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0, 1e308, -1e30, 2**70, 1.5, "", "abc", [], {}, [[]], [None], {"type": "Solid"}, [[[0, 1, 2]]], [[[[0, 1, 2]]]], "NaN", 7,
    [1, 2, 3], "Building", float("nan"), float("inf"), [float("nan")] * 3, {"a": {"b": []}}, "MultiSurface", [0, "1", None],
]  # fmt: skip
WORD = re.compile(rb"<[^<>]*>|[^\s<>,;:\"'={}\[\]]+")


@dataclass(frozen=True)
class Sound:
    """A file that is read without complaint, with those that lie beside it. read : all ways in which it may be read. count : how many
    buildings it holds, counted without our readers; None where that is not counted."""

    name: str
    content: bytes = field(repr=False)
    read: tuple[Callable[[Path], object], ...] = ()
    beside: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    count: Callable[[bytes], int] | None = None
    is_data: bool = True
    """Geodata, that `check` knows; else a file of a project's own, or an archive."""


def damaged(content: bytes, damages: Sequence[Damage], end: float | None = None) -> bytes:
    """The content after these damages, one after the other, and after all behind `end` (a share of it) is lost."""
    made = content
    for damage in damages:
        if made:
            made = _one(made, *damage)
    return made if end is None else made[: int(end * len(made))]


def _one(content: bytes, way: str, place: float, length: float, number: int) -> bytes:
    at = min(int(place * len(content)), len(content) - 1)
    stop = min(at + 1 + int(length * 60), len(content))
    hostile = HOSTILE[number % len(HOSTILE)]
    if way == "flip":
        return content[:at] + bytes([number % 256]) + content[at + 1 :]
    if way == "cut":
        return content[:at] + content[stop:]
    if way == "double":
        return content[:at] + content[at:stop] + content[at:]
    if way == "insert":
        return content[:at] + hostile + content[at:]
    if way == "value" and content.lstrip().startswith(b"{"):
        return _other_value(content, place, number)
    words = [word.span() for word in WORD.finditer(content)]
    if not words:
        return content
    first, last = words[min(int(place * len(words)), len(words) - 1)]
    if way == "swap":
        other = words[number % len(words)]
        hostile = content[other[0] : other[1]]
    return content[:first] + hostile + content[last:]


def _other_value(content: bytes, place: float, number: int) -> bytes:
    """JSON (each line of a sequence) with one of its values, at any depth, replaced by another or gone."""
    lines = content.splitlines()
    line = min(int(place * len(lines)), len(lines) - 1)
    try:
        tree = json.loads(lines[line])
    except (ValueError, RecursionError):
        return content
    places: list[tuple[Any, Any]] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        places += [(node, key) for key in keys]
        stack += [node[key] for key in keys]
    if not places:
        return content
    node, key = places[number * 7919 % len(places)]
    choice = int(place * 1e6) % (len(VALUES) + 1)
    if choice == len(VALUES):
        del node[key]
    else:
        node[key] = VALUES[choice]
    lines[line] = json.dumps(tree).encode()
    return b"\n".join(lines)


def read(sound: Sound, content: bytes, which: int, folder: Path) -> None:
    """Read a damaged file in every way, and see that all it leads to is a report or one sentence. which : 0 damages the file itself,
    others one of those beside it."""
    files = [(sound.name, sound.content), *sound.beside]
    files[which] = (files[which][0], content)
    for name, text in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    path = folder / sound.name
    for reader in sound.read:
        try:
            reader(path)
        except InputProblem as problem:
            said(problem)
    if not sound.is_data:
        return
    report, unreadable = check.check([path])
    for problem in unreadable:
        said(problem)
    for found in report.problems:
        assert found.message
        assert "\n" not in found.message
    if report.extent is not None:
        assert np.isfinite(report.extent).all()
    if sound.count is not None and not unreadable and not report.problems:  # nothing is lost without a word
        assert report.buildings == sound.count(content)


def said(problem: InputProblem) -> None:
    assert "\n" not in str(problem)
    assert len(str(problem)) < 1000
    assert problem.what
    assert problem.what_to_do


def _layer(reader: Callable[..., object]) -> Callable[[Path], object]:
    """How a project reads what it names under a key."""
    return lambda path: reader([path], ORIGIN, Report())


def _gathered(path: Path) -> object:
    found = gather.gathered([path], path.parent / "into")
    for one in found:
        assert one.resolve().is_relative_to(path.parent.resolve())
    return check.check(list(found))


def _photo(path: Path) -> object:
    return orthophoto.read([path], ORIGIN, Report(), (-50.0, -50.0, 50.0, 50.0))


def _plan(path: Path) -> object:
    return xplan.read(path, ORIGIN, Report())


def _ground(path: Path) -> object:
    return terrain.read([path], origin=ORIGIN)


def _kept(path: Path) -> object:
    imported.forget()
    return store.load_site(path.parent)


def pbf() -> bytes:
    """OpenStreetMap's binary form of three nodes (one a tree) and a street, by hand."""

    def number(value: int) -> bytes:
        made = b""
        while value > 127:
            made, value = made + bytes([value & 127 | 128]), value >> 7
        return made + bytes([value])

    def zigzag(*values: int) -> bytes:
        steps = [values[0], *(b - a for a, b in zip(values, values[1:], strict=False))]
        return b"".join(number(step << 1 if step >= 0 else (-step << 1) - 1) for step in steps)

    def field(key: int, value: bytes | int) -> bytes:
        return number(key << 3) + number(value) if isinstance(value, int) else number(key << 3 | 2) + number(len(value)) + value

    def blob(kind: bytes, content: bytes) -> bytes:
        body = field(2, len(content)) + field(3, zlib.compress(content))
        head = field(1, kind) + field(3, len(body))
        return struct.pack(">I", len(head)) + head + body

    words = b"".join(field(1, word) for word in (b"", b"highway", b"residential", b"natural", b"tree"))
    latitudes, longitudes = (509270000, 509271000, 509275000), (115850000, 115870000, 115855000)
    tags = b"".join(number(value) for value in (0, 0, 3, 4, 0))
    nodes = field(1, zigzag(9, 10, 11)) + field(8, zigzag(*latitudes)) + field(9, zigzag(*longitudes)) + field(10, tags)
    way = field(1, 20) + field(2, number(1)) + field(3, number(2)) + field(8, zigzag(9, 10))
    block = field(1, words) + field(2, field(2, nodes)) + field(2, field(3, way))
    return blob(b"OSMHeader", field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes")) + blob(b"OSMData", block)


def _buildings_in_xml(content: bytes) -> int:
    return content.count(b"</bldg:Building>")


def _buildings_in_json(content: bytes) -> int:
    try:
        lines = [json.loads(content)]
    except ValueError:
        lines = [json.loads(line) for line in content.splitlines() if line.strip()]
    objects = [one for line in lines for one in line.get("CityObjects", {}).values()]  # the head of a sequence need not have any
    return sum(one["type"] == "Building" for one in objects)


def _models() -> list[Sound]:
    parts = [gml.part("P", gml.surfaces("P", gml.box(X, Y, Z, 5, 5, 5)))]
    made = []
    for version in ("1.0", "2.0", "3.0"):
        other = gml.building("B", gml.solid_of_links("A", gml.box(X, Y, Z, 9, 9, 9)), parts=parts)
        text = gml.city(gml.box_building("A", X, Y, Z, 9, 9, 9, version=version), other, version=version)
        made.append(Sound(f"city-{version}.gml", text.encode(), count=_buildings_in_xml))
    town = Town()
    town.add("A", "Building", town.box(X, Y, Z, 9, 9, 9, lod="1.2"), town.box(X, Y, Z, 9, 9, 9), children=["P"])
    town.add("P", "BuildingPart", town.box(X + 20, Y, Z, 9, 9, 9, kind="MultiSurface"), parents=["A"])
    town.add("B", "Building", town.box(X, Y + 20, Z, 9, 9, 9, kind="CompositeSolid"))
    town.add("T", "SolitaryVegetationObject", town.box(X, Y + 40, Z, 3, 3, 9, kind="MultiSurface"), attributes={"species": "Tilia"})
    made.append(Sound("town.city.json", json.dumps(town.document()).encode(), count=_buildings_in_json))
    head = {**town.head(), "CityObjects": {}, "vertices": []}
    feature = {"type": "CityJSONFeature", "CityObjects": town.objects, "vertices": town.vertices}
    lines = f"{json.dumps(head)}\n{json.dumps(feature)}\n"
    made.append(Sound("town.city.jsonl", lines.encode(), count=_buildings_in_json))
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
    made.append(Sound("around.city.json", json.dumps(around.document()).encode(), count=_buildings_in_json))
    made.append(Sound("around.gml", themes.town().encode(), count=_buildings_in_xml))
    return made


def _terrains(folder: Path) -> list[Sound]:
    axis = np.arange(8.0)
    x, y = np.meshgrid(X + axis, Y + axis)
    lines = "".join(f"{a:.2f} {b:.2f} {150 + a - X:.2f}\n" for a, b in zip(x.ravel(), y.ravel(), strict=True))
    grid = "ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n1 2 3\n4 5 6\n7 8 9\n"
    raster = test_orthophoto.geotiff(folder / "ground.tif", np.full((12, 12), 150, np.float32))
    degree = np.full((1201, 1201), 300, ">i2").tobytes()
    triangles = test_relief.landxml(folder / "dgm.xml").read_bytes()
    ring = gml.pos_list([(X, Y, Z), (X + 9, Y, Z), (X, Y + 9, Z + 1), (X, Y, Z)])
    triangle = f"<gml:Triangle><gml:exterior><gml:LinearRing>{ring}</gml:LinearRing></gml:exterior></gml:Triangle>"
    dem = 'xmlns:dem="http://www.opengis.net/citygml/relief/2.0"'
    relief = gml.city(
        f'<core:cityObjectMember><dem:ReliefFeature {dem} gml:id="r"><dem:lod>2</dem:lod><dem:reliefComponent><dem:TINRelief gml:id="t">'
        f"<dem:lod>2</dem:lod><dem:tin><gml:TriangulatedSurface><gml:trianglePatches>{triangle}</gml:trianglePatches>"
        "</gml:TriangulatedSurface></dem:tin></dem:TINRelief></dem:reliefComponent></dem:ReliefFeature></core:cityObjectMember>"
    )
    return [
        Sound("ground.xyz", lines.encode(), (_ground,)),
        Sound("ground.csv", f"x;y;z\n{lines}".replace(" ", ";").encode(), (_ground,)),
        Sound("ground.asc", grid.encode(), (_ground,)),
        Sound("ground.tif", raster.read_bytes(), (_ground,)),
        Sound("N50E011.hgt", degree),
        Sound("dgm.xml", triangles, (_ground,)),
        Sound("relief.gml", relief.encode(), (_ground,)),
    ]


def _layers(folder: Path) -> list[Sound]:
    east, north = ORIGIN.easting, ORIGIN.northing
    square = shapely.box(east, north, east + 20, north + 10)
    columns = {"landuse": np.array(["forest", "grass"], object), "name": np.array(["Wald", "Wiese"], object)}
    shapes = shapely.to_wkb(np.array([square, shapely.transform(square, lambda xy: xy + 30)]))
    areas, plans = _layer(vectors.read_areas), _layer(vectors.read_plan_areas)
    made = []
    for ending, driver in ((".geojson", "GeoJSON"), (".gpkg", "GPKG"), (".shp", "ESRI Shapefile"), (".fgb", "FlatGeobuf"), (".kml", "KML")):
        path = folder / f"areas{ending}"
        crs = "EPSG:4326" if driver in ("GeoJSON", "KML") else "EPSG:25832"
        placed = shapes
        if crs == "EPSG:4326":
            placed = shapely.to_wkb(
                shapely.transform(shapely.from_wkb(shapes), lambda xy: xy * 1e-5 + [11.58 - east * 1e-5, 50.9 - north * 1e-5])
            )
        pyogrio.raw.write(path, placed, list(columns.values()), list(columns), geometry_type="Polygon", crs=crs, driver=driver)
        sides = tuple((one.name, one.read_bytes()) for one in sorted(folder.glob("areas.*")) if one.suffix in (".shx", ".dbf", ".prj"))
        made.append(Sound(path.name, path.read_bytes(), (areas, plans), sides if ending == ".shp" else ()))
    streets: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    for kind, where in (("LineString", [[11.58, 50.9], [11.59, 50.91]]), ("MultiLineString", [[[11.58, 50.9], [11.57, 50.9]]])):
        properties = {"highway": "residential", "maxspeed": "30", "lanes": 2, "width": "6,5 m"}
        feature = {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": where}}
        streets["features"].append(feature)
    made.append(Sound("streets.geojson", json.dumps(streets).encode(), (_layer(vectors.read_streets),)))
    osm = tuple(_layer(reader) for reader in (vectors.read_streets, vectors.read_trees, vectors.read_areas))
    made += [Sound("town.osm", test_streets_osm.TOWN.encode(), osm), Sound("town.osm.pbf", pbf(), osm)]
    excerpt = test_cadastre.nas(folder / "nas.xml", test_cadastre.plot(test_cadastre.segments(test_cadastre.SQUARE)), *test_cadastre.OWNERS)
    made.append(Sound("nas.xml", excerpt.read_bytes(), (_layer(vectors.read_plots), _layer(vectors.read_lines))))
    made.append(Sound("plan.gml", test_xplan.PLAN.format(version="5/4", ring=test_xplan.RING).encode(), (_plan,)))
    made += [Sound(f"drawing-{number}.dxf", content, (_layer(vectors.read_lines), areas)) for number, content in enumerate(DRAWINGS)]
    register = test_tree_registers.WESEL + "".join(test_tree_registers.ROW.replace("1;", f"{k};", 1) for k in range(4))
    made.append(Sound("trees.csv", register.encode(), (_layer(vectors.read_trees),)))
    return made


def _pictures(folder: Path) -> list[Sound]:
    pixels = test_orthophoto.quarters()
    tiff = test_orthophoto.geotiff(folder / "ortho.tif", pixels)
    jpeg = test_orthophoto.picture(folder / "ortho.jpg")
    png = test_orthophoto.picture(folder / "ortho.png")
    note = b'source = "Land"\nlicence = "CC0"\ndate = "2024-05-01"\n'
    world = test_orthophoto.WORLD.encode()
    prj = ORIGIN_WKT.encode()
    return [
        Sound("ortho.tif", tiff.read_bytes(), (_photo,), (("ortho.toml", note),)),
        Sound("ortho.jpg", jpeg.read_bytes(), (_photo,), (("ortho.jgw", world), ("ortho.prj", prj), ("ortho.toml", note))),
        Sound("ortho.png", png.read_bytes(), (_photo,), (("ortho.pgw", world), ("ortho.png.aux.xml", AUX.encode()))),
    ]


AUX = "<PAMDataset><SRS>EPSG:25832</SRS><GeoTransform>681715, 0.5, 0, 5644985, 0, -0.5</GeoTransform></PAMDataset>"
ORIGIN_WKT = (
    'PROJCS["ETRS89 / UTM zone 32N",GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
    'PARAMETER["central_meridian",9],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]'
)


def _documents(folder: Path) -> list[Sound]:
    """What a project's folder holds."""
    small.write(folder / "small")
    place = replace(
        site(folder, (0, 0, 12, 10, 8)),
        trees=Trees(np.zeros((1, 2)), np.array([9.0]), np.array([4.0]), ["Tilia"]),
        areas=Features(np.array([shapely.box(0, 0, 9, 9)], object), {"kind": np.array(["grass"], object), "name": np.array([""], object)}),
    )
    store.save_site(place, folder / "data")
    index = json.loads((folder / "data/site.json").read_text())
    kept = [(f"data/{path.name}", path.read_bytes()) for path in sorted((folder / "data").iterdir()) if path.name != "site.json"]
    assert set(index["parts"]) == {"city", "terrain", "trees", "areas"}
    toml = (folder / "small/project.toml").read_bytes()
    variant = (folder / "small/variants/neu.geojson").read_bytes()
    return [
        Sound("project.toml", toml, (project.read,), is_data=False),
        Sound("of-my-town.toml", test_profiles.OF_MY_TOWN.encode(), (lambda path: profiles.load(str(path)),), is_data=False),
        Sound("variant.geojson", variant, (lambda path: variant_files.read(path, ORIGIN),), is_data=False),
        Sound("data/site.json", (folder / "data/site.json").read_bytes(), (_kept,), tuple(kept), is_data=False),
    ]


def _archives(sounds: list[Sound]) -> list[Sound]:
    memory = io.BytesIO()
    chosen = {sound.name: sound.content for sound in sounds if sound.name in ("city-2.0.gml", "ground.xyz", "trees.csv")}
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in chosen.items():
            file.writestr(f"tiles/{name}", content)
    return [Sound("tiles.zip", memory.getvalue(), (_gathered,), is_data=False)]


@functools.cache
def sound_files() -> list[Sound]:
    """A small file of every kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = [*_models(), *_terrains(folder), *_layers(folder), *_pictures(folder), *_documents(folder)]
        return [*found, *_archives(found)]
