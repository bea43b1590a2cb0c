"""Grids written as GeoTIFF."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt

from .files import written_beside

NO_DATA = -9999.0


def write_geotiff(
    path: str | PathLike[str],
    values: npt.NDArray[np.float32],
    west: float,
    north: float,
    step: float,
    wkt: str,
    *,
    band: str = "",
    **tags: str,
) -> None:
    """Write values (rows, columns), row 0 in the south, as a north-up float32 GeoTIFF; NO_DATA stands for "no value".

    west, north : outer corner in the CRS, metres. wkt : the CRS, "" for none. band : its description. tags : words about it.
    """
    import rasterio
    from rasterio.transform import from_origin

    rows, columns = values.shape
    profile: dict[str, Any] = {"driver": "GTiff", "count": 1, "dtype": "float32", "nodata": NO_DATA, "compress": "deflate"}
    place = {"width": columns, "height": rows, "crs": wkt or None, "transform": from_origin(west, north, step, step)}
    with written_beside(path) as beside, rasterio.open(beside, "w", **profile, **place) as file:
        file.write(values[::-1], 1)
        if band:
            file.set_band_description(1, band)
        file.update_tags(**tags)
