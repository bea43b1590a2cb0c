"""Where the scene lies on the Earth: one origin per project, chosen once and never guessed twice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyproj

from .arrays import FloatArray
from .problems import InputProblem


@dataclass(frozen=True)
class Origin:
    """Horizontal CRS, integer-metre offset and height system of a scene.

    Scene axes: x = grid east, y = grid north, z = height in the height system (not shifted), all metres, float64.
    Scene coordinates = CRS coordinates minus (easting, northing, 0). float32 has 0.5 m steps at a UTM northing, so nothing
    but these local coordinates ever reaches Blender or Embree.

    crs : "EPSG:25832" where the CRS has such a code, else WKT; "" when the data say nothing (local coordinates).
    height_system : name as the data give it ("DE_DHHN2016_NH"), "" when unknown.
    """

    crs: str
    easting: int
    northing: int
    height_system: str = ""

    def __post_init__(self) -> None:
        if self.crs and not (self._crs.is_projected and self._crs.axis_info[0].unit_conversion_factor == 1.0):
            raise InputProblem("origin", f"{self._crs.name} is not a projected CRS in metres", "Choose one, for Jena EPSG:25832")

    @cached_property
    def _crs(self) -> Any:
        return pyproj.CRS.from_user_input(self.crs)

    @cached_property
    def wkt(self) -> str:
        """The CRS as WKT2, for rasterio and pyogrio (independent of any PROJ_DATA they carry); "" when unknown."""
        return str(self._crs.to_wkt()) if self.crs else ""

    @cached_property
    def _longitude_latitude(self) -> tuple[float, float]:
        if not self.crs:
            raise InputProblem(
                "origin", "the data name no coordinate system, so their place on Earth is unknown", "State the CRS, e.g. EPSG:25832"
            )
        to_geographic = pyproj.Transformer.from_crs(self._crs, self._crs.geodetic_crs, always_xy=True)
        longitude, latitude = to_geographic.transform(self.easting, self.northing)
        return float(longitude), float(latitude)

    @property
    def longitude(self) -> float:
        """Degrees, positive east."""
        return self._longitude_latitude[0]

    @property
    def latitude(self) -> float:
        """Degrees, positive north."""
        return self._longitude_latitude[1]

    @property
    def time_zone(self) -> str:
        """The zone that a new project here begins with: Central Europe's, elsewhere the one whose clocks go by the longitude."""
        if -10 < self.longitude < 30 and 35 < self.latitude < 72:
            return "Europe/Berlin"
        return f"Etc/GMT{-round(self.longitude / 15):+d}"  # the names of these zones count westwards

    @cached_property
    def grid_convergence(self) -> float:
        """Angle from true north to grid north at the origin, degrees, positive clockwise (about +2.0 at Jena in UTM 32)."""
        factors = pyproj.Proj(self._crs).get_factors(self.longitude, self.latitude)
        return float(factors.meridian_convergence)

    def grid_azimuth(self, true_azimuth: Any) -> Any:
        """Azimuth from grid north (the scene's +y) of a direction given from true north. Degrees, clockwise, 0..360."""
        return np.mod(np.asarray(true_azimuth, dtype=np.float64) - self.grid_convergence, 360.0)

    def direction(self, true_azimuth: Any, elevation: Any) -> FloatArray:
        """Unit vectors in scene axes, shape (..., 3), towards a geographic azimuth and elevation in degrees."""
        azimuth = np.radians(self.grid_azimuth(true_azimuth))
        height = np.radians(np.asarray(elevation, dtype=np.float64))
        flat = np.cos(height)
        return np.stack([np.sin(azimuth) * flat, np.cos(azimuth) * flat, np.sin(height)], axis=-1)

    def to_local(self, coordinates: Any) -> FloatArray:
        """CRS coordinates (n, 2) or (n, 3) to scene coordinates of the same shape."""
        local = np.array(coordinates, dtype=np.float64)
        local[..., 0] -= self.easting
        local[..., 1] -= self.northing
        return local

    def to_world(self, coordinates: Any) -> FloatArray:
        """Scene coordinates (n, 2) or (n, 3) to CRS coordinates of the same shape."""
        world = np.array(coordinates, dtype=np.float64)
        world[..., 0] += self.easting
        world[..., 1] += self.northing
        return world

    @classmethod
    def at(cls, crs: str, x: float, y: float, height_system: str = "") -> Origin:
        """The origin at the whole metre south-west of a point."""
        return cls(crs, math.floor(x), math.floor(y), height_system)
