"""Octave bands, the A-weighting, and levels that are added."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray

BANDS = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
"""Nominal middles of the octaves in Hz, as Directive (EU) 2015/996 and Schall 03 count them."""
A_WEIGHTING: FloatArray = np.array([-26.2, -16.1, -8.6, -3.2, 0.0, 1.2, 1.0, -1.1])
"""dB in each band. Source: IEC 61672-1, table 3."""
SILENCE = -99.0
"""The level that stands for no sound at all: its energy counts nothing, and it can still be calculated with."""


def energy_sum(levels: npt.ArrayLike, axis: Any = None) -> Any:
    """The level of several sources together, dB: 10 lg Σ 10^(0.1 L). No source gives SILENCE."""
    with np.errstate(divide="ignore"):
        return np.maximum(10.0 * np.log10(np.sum(10.0 ** (0.1 * np.asarray(levels, float)), axis=axis)), SILENCE)
