"""What a Masterportal needs to show variants: layers for services.json, a fragment for config.json, and blocks for its modeler3D."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.ops import split

from ..jena_city.applied import Applied
from .earth import Earth

_LAYER = {"gfiAttributes": "showAll", "layerAttribution": "nicht vorhanden", "legend": False, "datasets": False}


def services(identity: str, url: str, applied: Sequence[Applied], ids: Sequence[str]) -> list[dict[str, Any]]:
    """Layers of the town and of variants, the Bestand first. identity : of the publication. url : where it is published. ids : folders of
    their tiles. What a variant removes is hidden in a layer of the town of its own."""
    found = []
    for one, name in zip(applied, ids, strict=True):
        removed = list(one.variant.removed)
        found.append(_layer(f"{identity}-{name}", one.variant.name, f"{url.rstrip('/')}/tiles/{name}/tileset.json", removed))
        if removed:
            town = f"{url.rstrip('/')}/tiles/{ids[0]}/tileset.json"
            found.append(_layer(f"{identity}-{name}-{ids[0]}", f"{applied[0].variant.name} ({one.variant.name})", town, removed))
    return found


def _layer(identity: str, name: str, url: str, hidden: list[str]) -> dict[str, Any]:
    how = {"hiddenFeatures": hidden, "cesium3DTilesetOptions": {"maximumScreenSpaceError": 6}}
    return {"id": identity, "name": name, "typ": "TileSet3D", "url": url, **_LAYER, **how}


def config(layers: Sequence[dict[str, Any]], centre: Sequence[float]) -> dict[str, Any]:
    """A fragment for config.json: the layers as 3D subjects, the tools that go with them. centre : east and north."""
    elements = [{"id": layer["id"], "visibility": number == 0} for number, layer in enumerate(layers)]
    tools = [{"type": "modeler3D", "gmlIdPath": "gmlid", "updateAllLayers": False}, {"type": "shadow", "isShadowEnabled": True}]
    return {
        "portalConfig": {
            "map": {"mapView": {"startCenter": [round(float(value), 1) for value in centre]}},
            "mainMenu": {"sections": [tools]},
        },
        "layerConfig": {"subjectlayer": {"elements": [{"type": "folder", "name": "Entwürfe", "elements": elements}]}},
    }


def modelled(applied: Applied, earth: Earth) -> dict[str, Any]:
    """The blocks of a variant as modeler3D reads them: prisms with absolute heights above the ellipsoid, colours in full, no holes. Its
    import keeps nothing but the name, which therefore bears the block's id in brackets."""
    features = []
    colour = _colour(applied.variant.colour)
    for block, base, body in zip(applied.variant.blocks, applied.bases.tolist(), applied.solids, strict=True):
        if not len(body.vertices):
            continue
        top = float(body.vertices[:, 2].max()) + earth.undulation
        pieces = list(whole_pieces(block.footprint))
        for number, piece in enumerate(pieces, 1):
            corners = shapely.get_coordinates(shapely.orient_polygons(piece).exterior)
            ring = earth.geographic(np.column_stack([corners, np.full(len(corners), base)]))
            part = f" ({number}/{len(pieces)})" if len(pieces) > 1 else ""
            own = {
                "name": f"{block.name or block.id}{part} [{block.id}]",
                "clampToGround": True,
                "color": colour,
                "outlineColor": {"red": 0.2, "green": 0.2, "blue": 0.2, "alpha": 1},
                "extrudedHeight": round(top, 3),
                "rectangle": False,
            }
            places = [[round(float(x), 9), round(float(y), 9), round(float(z), 3)] for x, y, z in ring]
            features.append({"type": "Feature", "properties": own, "geometry": {"type": "Polygon", "coordinates": [places]}})
    return {"type": "FeatureCollection", "features": features}


def whole_pieces(shape: shapely.Polygon) -> Iterator[shapely.Polygon]:
    """A polygon as pieces without holes: cut through the middle of each hole."""
    if not shape.interiors:
        yield shape
        return
    hole = shapely.Polygon(shape.interiors[0]).representative_point()
    low, high = shape.bounds[1], shape.bounds[3]
    upright = shapely.LineString([(hole.x, low - 1), (hole.x, high + 1)])
    for piece in split(shape, upright).geoms:
        if piece.geom_type == "Polygon" and piece.area > 1e-6:
            yield from whole_pieces(piece)


def _colour(colour: str) -> dict[str, float]:
    parts = (round(int(colour[k : k + 2], 16) / 255, 4) for k in (1, 3, 5))
    return {**dict(zip(("red", "green", "blue"), parts, strict=True)), "alpha": 1}
