"""Pictures of our tools in the form that Blender's toolbar takes: triangles on a square of 256 by 256, each with a colour."""

from __future__ import annotations

import struct
from pathlib import Path

import shapely

SIZE = 255
INK, BLUE, RED, GREEN, BROWN = (225, 225, 225, 255), (86, 146, 203, 255), (214, 82, 41, 255), (106, 153, 78, 255), (140, 104, 74, 255)


def _house(outline: list[tuple[float, float]]) -> list[tuple[shapely.Geometry, tuple[int, ...]]]:
    """A block seen from above, with its corners."""
    area = shapely.Polygon(outline)
    marks = shapely.union_all([shapely.Point(corner).buffer(15, quad_segs=3) for corner in outline])
    return [(area, BLUE), (area.exterior.buffer(6, join_style="mitre"), INK), (marks, INK)]


def _shapes(name: str) -> list[tuple[shapely.Geometry, tuple[int, ...]]]:
    if name == "rectangle":
        return _house([(45, 70), (210, 70), (210, 185), (45, 185)])
    if name == "polygon":
        return _house([(40, 60), (205, 50), (215, 130), (135, 140), (130, 215), (50, 205)])
    if name == "move":
        line = shapely.LineString([(222, 25), (222, 230)]).buffer(8, cap_style="flat")
        arrow = shapely.union_all([shapely.box(118, 117, 178, 139), shapely.Polygon([(172, 90), (212, 128), (172, 166)])])
        return [*_house([(30, 65), (115, 65), (115, 190), (30, 190)]), (line, RED), (arrow, INK)]
    if name == "demolish":
        house = shapely.Polygon([(55, 45), (200, 45), (200, 140), (127, 200), (55, 140)])
        cross = [shapely.LineString([(35, 35), (220, 220)]), shapely.LineString([(35, 220), (220, 35)])]
        return [(house, INK), (shapely.union_all(cross).buffer(13, cap_style="flat"), RED)]
    crown = shapely.union_all([shapely.Point(x, y).buffer(52, quad_segs=5) for x, y in ((90, 140), (165, 140), (127, 185))])
    return [(shapely.box(116, 25, 139, 120), BROWN), (crown, GREEN)]


NAMES = ("rectangle", "polygon", "move", "demolish", "plant")


def as_bytes(name: str) -> bytes:
    """Head, corners of all triangles, colours of all corners."""
    places, colours = bytearray(), bytearray()
    for shape, colour in _shapes(name):
        for triangle in shapely.get_parts(shapely.constrained_delaunay_triangles(shape)):
            ring = shapely.geometry.polygon.orient(triangle, 1.0).exterior.coords[:3]
            for x, y in ring:
                places += struct.pack("BB", *(min(max(round(value), 0), SIZE) for value in (x, y)))
                colours += bytes(colour)
    return b"VCO\0" + struct.pack("BBBB", SIZE, SIZE, 0, 0) + bytes(places) + bytes(colours)


def write(folder: Path, name: str) -> str | None:
    """Write a picture and return what `bl_icon` wants: its path without ending. None where nothing can be written: then none is shown."""
    path = folder / f"jena.{name}.dat"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != as_bytes(name):
            path.write_bytes(as_bytes(name))
    except OSError:
        return None
    return str(path.with_suffix(""))
