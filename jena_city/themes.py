"""What a city model holds beside buildings: the names that the standards have for it, and the theme that each belongs to."""

from __future__ import annotations

BRIDGE, TUNNEL, GREEN, FURNITURE, TRAFFIC, WATER, LAND, OTHER = (
    "bridge",
    "tunnel",
    "vegetation",
    "furniture",
    "traffic",
    "water",
    "land_use",
    "other",
)
THEMES = (BRIDGE, TUNNEL, GREEN, FURNITURE, TRAFFIC, WATER, LAND, OTHER)
FLAT = frozenset((TRAFFIC, WATER, LAND))  # lies on the ground, and hides nothing

WHOLE = {
    "Bridge": BRIDGE,
    "Tunnel": TUNNEL,
    "SolitaryVegetationObject": GREEN,
    "PlantCover": GREEN,
    "CityFurniture": FURNITURE,
    "Road": TRAFFIC,
    "Railway": TRAFFIC,
    "Track": TRAFFIC,
    "Square": TRAFFIC,
    "TransportationComplex": TRAFFIC,
    "Waterway": TRAFFIC,
    "Section": TRAFFIC,
    "Intersection": TRAFFIC,
    "TrafficSpace": TRAFFIC,
    "AuxiliaryTrafficSpace": TRAFFIC,
    "TrafficArea": TRAFFIC,
    "AuxiliaryTrafficArea": TRAFFIC,
    "WaterBody": WATER,
    "LandUse": LAND,
    "GenericCityObject": OTHER,
    "GenericOccupiedSpace": OTHER,
    "GenericUnoccupiedSpace": OTHER,
    "GenericLogicalSpace": OTHER,
    "GenericThematicSurface": OTHER,
    "OtherConstruction": OTHER,
}
"""Objects that stand for themselves, by the names of CityGML 3.0 (and older ones that it dropped) -> theme."""
PARTS = {
    "BridgePart": BRIDGE,
    "BridgeConstructiveElement": BRIDGE,
    "BridgeInstallation": BRIDGE,
    "TunnelPart": TUNNEL,
    "TunnelConstructiveElement": TUNNEL,
    "TunnelInstallation": TUNNEL,
}
"""What bridges and tunnels consist of -> theme."""
THEME_OF = WHOLE | PARTS
SOLID = frozenset(kind for kind, theme in THEME_OF.items() if theme in (BRIDGE, FURNITURE)) | {
    "GenericCityObject",
    "GenericOccupiedSpace",
    "OtherConstruction",
}
"""Kinds that stand in the way of sun and view."""
_OTHER_NAMES = {
    "TransportSquare": "Square",
    "BridgeConstructionElement": "BridgeConstructiveElement",
    "+GenericCityObject": "GenericCityObject",
}


def kind_of(name: str) -> str:
    """The name in THEME_OF of an element of CityGML or a type of CityJSON, "" for anything else."""
    name = _OTHER_NAMES.get(name, name)
    return name if name in THEME_OF else ""
