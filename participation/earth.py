"""From the scene to the Earth: places as globes and tiles have them, with what a map grid, the height system and the curvature do."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj

from ..jena_city.arrays import FloatArray
from ..jena_city.origin import Origin

_AXIS, _FLATTENING = 6378137.0, 1 / 298.257223563  # of WGS 84, metres


class Earth:
    """Scene coordinates of an origin to WGS 84. undulation : metres from the ellipsoid up to the zero of heights."""

    def __init__(self, origin: Origin, undulation: float) -> None:
        self.origin, self.undulation = origin, undulation
        self._to_geographic = pyproj.Transformer.from_crs(pyproj.CRS.from_user_input(origin.crs), "EPSG:4326", always_xy=True)

    def geographic(self, points: FloatArray) -> npt.NDArray[np.float64]:
        """(n, 3) longitude and latitude in degrees, height above the ellipsoid in metres, of scene coordinates (n, 3)."""
        world = self.origin.to_world(points)
        longitude, latitude = self._to_geographic.transform(world[:, 0], world[:, 1])
        return np.column_stack([longitude, latitude, world[:, 2] + self.undulation])

    def centred(self, points: FloatArray) -> npt.NDArray[np.float64]:
        """(n, 3) metres from the middle of the Earth, as globes count (ECEF), of scene coordinates (n, 3)."""
        return ecef(self.geographic(points))


def ecef(places: FloatArray) -> npt.NDArray[np.float64]:
    """(n, 3) metres from the middle of the Earth of longitude, latitude (degrees) and height above the ellipsoid."""
    longitude, latitude, height = np.radians(places[:, 0]), np.radians(places[:, 1]), places[:, 2]
    square = _FLATTENING * (2 - _FLATTENING)
    normal = _AXIS / np.sqrt(1 - square * np.sin(latitude) ** 2)
    across = (normal + height) * np.cos(latitude)
    return np.column_stack([across * np.cos(longitude), across * np.sin(longitude), (normal * (1 - square) + height) * np.sin(latitude)])


def frame(longitude: float, latitude: float) -> npt.NDArray[np.float64]:
    """(3, 3) east, north and up of a place (degrees) as columns, in metres from the middle of the Earth."""
    along, up = np.radians(longitude), np.radians(latitude)
    east = [-np.sin(along), np.cos(along), 0.0]
    north = [-np.sin(up) * np.cos(along), -np.sin(up) * np.sin(along), np.cos(up)]
    above = [np.cos(up) * np.cos(along), np.cos(up) * np.sin(along), np.sin(up)]
    return np.array([east, north, above]).T


def around(earth: Earth, middle: FloatArray, points: FloatArray) -> tuple[npt.NDArray[np.float64], list[Any]]:
    """Points (n, 3) of the scene in metres east, north and up of a middle (3,), and the matrix (16, column by column) that puts them on the
    Earth. Each point is put there by itself: so convergence, scale and curvature are in it, and no tile is tilted."""
    [place] = earth.geographic(middle[None])
    axes = frame(float(place[0]), float(place[1]))
    centre = ecef(place[None])[0]
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = axes, centre
    return (earth.centred(points) - centre) @ axes, matrix.T.ravel().tolist()
