"""What the ground gives and takes: porous ground absorbs, hard ground reflects."""

from __future__ import annotations

import numpy as np

from ...jena_city.arrays import FloatArray
from .compiled import compiled
from .octaves import BANDS

SPEED_OF_SOUND = 340.0  # m/s, as the Directive takes it
FREQUENCIES: FloatArray = np.array(BANDS)
COUNT = len(BANDS)
WAVE_NUMBERS: FloatArray = 2.0 * np.pi * FREQUENCIES / SPEED_OF_SOUND
_F_15, _F_25, _F_075 = FREQUENCIES**1.5, FREQUENCIES**2.5, FREQUENCIES**0.75
TENTH = float(np.log(10.0)) / 10.0  # exp(TENTH * x) is 10^(x / 10), and much faster
BENDING = 2e-4  # 1/m, a0: the inverse of the rays' radius in a favourable atmosphere
TURBULENCE = 6e-3
HARD = 10.0**0.3  # over hard ground alone A_ground,H is -3 dB, even where the source's own is porous


@compiled
def corrected_factor(path: float, source: float, zs: float, zr: float, dp: float) -> float:
    """G'_path: near the source its own ground counts more. Source: Directive (EU) 2015/996, (2.5.14)."""
    reach = 30.0 * (zs + zr)
    if dp > reach:
        return path
    return path * dp / reach + source * (1.0 - dp / reach) if reach > 0.0 else path


@compiled
def ground_share(zs: float, zr: float, dp: float, factor: float, for_w: float, for_least: float, favourable: bool, out: FloatArray) -> None:
    """The share of energy that the ground leaves in each band, 10^(-0.1 A_ground), for homogeneous or favourable conditions.

    zs, zr : heights above the mean plane, metres. dp : distance along it. factor : G_path. for_w, for_least : the factors for w and for
    the lower bound of A_ground (table 2.5.b). Source: Directive (EU) 2015/996 with (EU) 2021/1226, (2.5.15) to (2.5.20). Shares instead of
    decibels spare the logarithms that would be undone again.
    """
    least = -3.0 * (1.0 - for_least)
    if favourable and dp > 30.0 * (zs + zr):
        least *= 1.0 + 2.0 * (1.0 - 30.0 * (zs + zr) / dp)
    most = np.exp(-TENTH * least)
    if factor == 0.0 or dp <= 0.0:
        out[:] = HARD if factor == 0.0 and not favourable else most
        return
    if favourable and zs + zr > 0.0:
        turbulence = TURBULENCE * dp / (zs + zr)
        bent = BENDING * dp * dp / 2.0 / (zs + zr) ** 2
        zs, zr = zs + bent * zs * zs + turbulence, zr + bent * zr * zr + turbulence
    g = for_w**1.3
    for band in range(COUNT):
        k = WAVE_NUMBERS[band]
        wd = 0.0185 * _F_25[band] * g * g / (_F_15[band] * g * g + 1.3e3 * _F_075[band] * g + 1.16e6) * dp
        cf = dp * (1.0 + 3.0 * wd * np.exp(-np.sqrt(wd))) / (1.0 + wd)
        root = np.sqrt(2.0 * cf / k)
        inner = 4.0 * k * k / (dp * dp) * (zs * zs - root * zs + cf / k) * (zr * zr - root * zr + cf / k)
        out[band] = min(inner, most)
