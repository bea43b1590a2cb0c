"""The sky as cells and how bright they are: under CIE's overcast sky, and in a year of Perez' skies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..jena_city.arrays import FloatArray

LINES = 180  # directions around
BAND = 6.0  # degrees: half of Tregenza's
BANDS = 15
_HOURS = 256  # skies reckoned at a time: bounds the memory
_TREGENZA = (30, 30, 24, 24, 18, 12, 6)  # patches in each band of 12°, from the horizon; above them lies the cap of 6°
PATCHES = sum(_TREGENZA) + 1


@dataclass(frozen=True)
class Sky:
    """The upper hemisphere as 180 upright strips of 2°, each cut into 15 bands of 6°. All (180, 15), the strips clockwise from north.

    azimuth (true), elevation : degrees, of the middles. solid_angle : sr. level : sr, the solid angle as level ground sees it, times the
    sine of the elevation; together π.
    """

    azimuth: FloatArray
    elevation: FloatArray
    solid_angle: FloatArray
    level: FloatArray


@lru_cache(maxsize=1)
def cells() -> Sky:
    """The cells of the sky: Tregenza's bands halved, so that his patches can be put together of them."""
    azimuth, elevation = np.meshgrid((np.arange(LINES) + 0.5) * 360.0 / LINES, (np.arange(BANDS) + 0.5) * BAND, indexing="ij")
    low, high = np.radians(elevation - BAND / 2), np.radians(elevation + BAND / 2)
    width = 2 * np.pi / LINES
    return Sky(azimuth, elevation, width * (np.sin(high) - np.sin(low)), width * (np.sin(high) ** 2 - np.sin(low) ** 2) / 2)


def of_patches(radiance: FloatArray) -> FloatArray:
    """(180, 15) radiance of the cells from that of Tregenza's 145 patches (145,), in the order of the bands, each clockwise from north, the
    first of each band about north. A cell across a border has its share of both.

    Source: P. Tregenza, Subdivision of the sky hemisphere for luminance measurements, Lighting Research and Technology 19 (1987).
    """
    found = np.empty((LINES, BANDS))
    fine = (np.arange(LINES * 24) + 0.5) * 360.0 / (LINES * 24)  # all borders lie between these
    start = 0
    for band, count in enumerate(_TREGENZA):
        patch = start + np.floor(fine * count / 360.0 + 0.5).astype(np.int64) % count
        found[:, 2 * band : 2 * band + 2] = radiance[patch].reshape(LINES, 24).mean(axis=1)[:, None]
        start += count
    found[:, -1] = radiance[start]
    return found


def overcast(elevation: FloatArray) -> FloatArray:
    """Luminance of CIE's standard overcast sky, as a part of that of a uniform sky as bright on level ground.

    elevation : degrees, of any shape. Source: ISO 15469 / CIE S 011, (1 + 2 sin γ) / 3 of the
    zenith's; its horizontal illuminance is 7π/9 of that.
    """
    return np.asarray((1 + 2 * np.sin(np.radians(elevation))) / 3 * 9 / 7)


# Perez' coefficients for eight classes of clearness, as published: for each of a, b, c, d, e those of x1 + x2 Z + Δ (x3 + x4 Z).
_CLEARNESS = (1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2)
_PEREZ = np.array(
    [
        [
            [1.3525, -0.2576, -0.2690, -1.4366],
            [-0.7670, 0.0007, 1.2734, -0.1233],
            [2.8000, 0.6004, 1.2375, 1.0000],
            [1.8734, 0.6297, 0.9738, 0.2809],
            [0.0356, -0.1246, -0.5718, 0.9938],
        ],
        [
            [-1.2219, -0.7730, 1.4148, 1.1016],
            [-0.2054, 0.0367, -3.9128, 0.9156],
            [6.9750, 0.1774, 6.4477, -0.1239],
            [-1.5798, -0.5081, -1.7812, 0.1080],
            [0.2624, 0.0672, -0.2190, -0.4285],
        ],
        [
            [-1.1000, -0.2515, 0.8952, 0.0156],
            [0.2782, -0.1812, -4.5000, 1.1766],
            [24.7219, -13.0812, -37.7000, 34.8438],
            [-5.0000, 1.5218, 3.9229, -2.6204],
            [-0.0156, 0.1597, 0.4199, -0.5562],
        ],
        [
            [-0.5484, -0.6654, -0.2672, 0.7117],
            [0.7234, -0.6219, -5.6812, 2.6297],
            [33.3389, -18.3000, -62.2500, 52.0781],
            [-3.5000, 0.0016, 1.1477, 0.1062],
            [0.4659, -0.3296, -0.0876, -0.0329],
        ],
        [
            [-0.6000, -0.3566, -2.5000, 2.3250],
            [0.2937, 0.0496, -5.6812, 1.8415],
            [21.0000, -4.7656, -21.5906, 7.2492],
            [-3.5000, -0.1554, 1.4062, 0.3988],
            [0.0032, 0.0766, -0.0656, -0.1294],
        ],
        [
            [-1.0156, -0.3670, 1.0078, 1.4051],
            [0.2875, -0.5328, -3.8500, 3.3750],
            [14.0000, -0.9999, -7.1406, 7.5469],
            [-3.4000, -0.1078, -1.0750, 1.5702],
            [-0.0672, 0.4016, 0.3017, -0.4844],
        ],
        [
            [-1.0000, 0.0211, 0.5025, -0.5119],
            [-0.3000, 0.1922, 0.7023, -1.6317],
            [19.0000, -5.0000, 1.2438, -1.9094],
            [-4.0000, 0.0250, 0.3844, 0.2656],
            [1.0468, -0.3788, -2.4517, 1.4656],
        ],
        [
            [-1.0500, 0.0289, 0.4260, 0.3590],
            [-0.3250, 0.1156, 0.7781, 0.0025],
            [31.0625, -14.5000, -46.1148, 55.3750],
            [-7.2312, 0.4050, 13.3500, 0.6234],
            [1.5000, -0.6426, 1.8564, 0.5636],
        ],
    ]
)


def cumulative(
    sun_azimuth: FloatArray,
    sun_elevation: FloatArray,
    direct: FloatArray,
    diffuse: FloatArray,
    extraterrestrial: FloatArray,
    hours: FloatArray,
) -> FloatArray:
    """(180, 15) kWh/m² sr that come from each cell of the sky in all moments together, the sun itself left out.

    sun_azimuth, sun_elevation : (h,) degrees. direct (normal), diffuse (horizontal), extraterrestrial (normal) : (h,) W/m². hours : (h,)
    what each moment counts. The radiance of a moment follows Perez' all-weather model and is scaled so that its horizontal irradiance is
    the diffuse one. Source: R. Perez, R. Seals, J. Michalsky, All-weather model for sky luminance distribution, Solar Energy 50
    (1993), 235-245.
    """
    sky = cells()
    up, around, level = np.radians(sky.elevation).ravel(), np.radians(sky.azimuth).ravel(), sky.level.ravel()
    found = np.zeros(up.size)
    used = np.flatnonzero((diffuse > 0) & (sun_elevation > 0))
    for begin in range(0, len(used), _HOURS):
        part = used[begin : begin + _HOURS]
        relative = _perez(up, around, sun_azimuth[part], sun_elevation[part], direct[part], diffuse[part], extraterrestrial[part])
        scale = diffuse[part] * hours[part] / 1000.0 / (relative @ level)
        found += scale @ relative
    return found.reshape(LINES, BANDS)


def _perez(
    up: FloatArray,
    around: FloatArray,
    azimuth: FloatArray,
    elevation: FloatArray,
    direct: FloatArray,
    diffuse: FloatArray,
    extraterrestrial: FloatArray,
) -> FloatArray:
    """(h, r) relative radiance in each direction (up, around: (r,) radians) at each moment."""
    zenith = np.radians(90.0 - elevation)
    clearness = ((diffuse + direct) / diffuse + 1.041 * zenith**3) / (1 + 1.041 * zenith**3)
    mass = 1.0 / (np.cos(zenith) + 0.50572 * np.maximum(6.07995 + elevation, 0.1) ** -1.6364)
    brightness = mass * diffuse / extraterrestrial
    group = np.searchsorted(_CLEARNESS, clearness, side="right")
    thin = (group >= 1) & (group <= 4)  # there the fitted curves leave what was measured where it is darker
    brightness = np.where(thin, np.maximum(brightness, 0.2), np.maximum(brightness, 0.01))
    x = _PEREZ[group]
    a, b, c, d, e = (x[:, k, 0] + x[:, k, 1] * zenith + brightness * (x[:, k, 2] + x[:, k, 3] * zenith) for k in range(5))
    darkest = group == 0
    c = np.where(darkest, np.exp(np.clip(brightness * (2.8 + 0.6004 * zenith), 0, None) ** 1.2375) - 1.0, c)
    d = np.where(darkest, -np.exp(brightness * (1.8734 + 0.6297 * zenith)) + 0.9738 + 0.2809 * brightness, d)
    height = np.radians(elevation)[:, None]
    apart = np.radians(azimuth)[:, None] - around
    cosine = np.clip(np.sin(height) * np.sin(up) + np.cos(height) * np.cos(up) * np.cos(apart), -1.0, 1.0)
    angle = np.arccos(cosine)
    a, b, c, d, e = (one[:, None] for one in (a, b, c, d, e))
    return np.asarray(np.maximum((1 + a * np.exp(b / np.sin(up))) * (1 + c * np.exp(d * angle) + e * cosine**2), 0.0))
