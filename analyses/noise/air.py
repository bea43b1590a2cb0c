"""How much sound the air itself takes."""

from __future__ import annotations

import numpy as np

from ...jena_city.arrays import FloatArray
from .octaves import BANDS

EXACT_BANDS: FloatArray = 1000.0 * 10.0 ** (0.3 * np.arange(-4, 4))
"""Exact middles of the octaves, Hz: the air's absorption is reckoned at these, everything else at the nominal ones."""
assert len(EXACT_BANDS) == len(BANDS)


def absorption(temperature: float = 10.0, humidity: float = 70.0, pressure: float = 101_325.0) -> FloatArray:
    """Attenuation of pure tones by the air, dB per metre in each octave band.

    temperature : °C. humidity : relative, percent. pressure : Pa. Source: ISO 9613-1:1993, formulas (3) to (5) and annex B.
    """
    kelvin = temperature + 273.15
    relative, warmth = pressure / 101_325.0, kelvin / 293.15
    vapour = humidity * 10.0 ** (-6.8346 * (273.16 / kelvin) ** 1.261 + 4.6151) / relative
    oxygen = relative * (24.0 + 4.04e4 * vapour * (0.02 + vapour) / (0.391 + vapour))
    nitrogen = relative * warmth**-0.5 * (9.0 + 280.0 * vapour * np.exp(-4.170 * (warmth ** (-1.0 / 3.0) - 1.0)))
    f = EXACT_BANDS
    return np.asarray(
        8.686
        * f**2
        * (
            1.84e-11 / relative * warmth**0.5
            + warmth**-2.5
            * (
                0.01275 * np.exp(-2239.1 / kelvin) / (oxygen + f**2 / oxygen)
                + 0.1068 * np.exp(-3352.0 / kelvin) / (nitrogen + f**2 / nitrogen)
            )
        )
    )
