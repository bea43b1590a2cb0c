"""A stand-in for h5py, for a Blender that is linked with an HDF5 of its own (Debian's is): two of them in one process do not get along.

pvlib imports h5py for two tables (turbidity, altitude) that nothing here asks for, so a module that says what it is when asked does.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

NAME = "h5py"
MODULE = '''"""Stands in for h5py: this Blender is linked with an HDF5 of its own, and two in one process do not get along."""

__version__ = "{version}"


def __getattr__(name):
    raise AttributeError("h5py." + name + " does not exist in this Blender, which is linked with an HDF5 of its own")
'''


def write(folder: Path, version: str) -> Path:
    """The wheel, in `folder`. version : of the h5py it stands for."""
    version += "+standin"
    info = f"{NAME}-{version}.dist-info"
    files = {
        f"{NAME}/__init__.py": MODULE.format(version=version),
        f"{info}/METADATA": f"Metadata-Version: 2.4\nName: {NAME}\nVersion: {version}\nLicense-Expression: GPL-3.0-or-later\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: jena-planner\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{name},sha256={digest},{len(text.encode())}\n")
    path = folder / f"{NAME}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in files.items():
            zipped.writestr(name, text)
        zipped.writestr(f"{info}/RECORD", "".join([*rows, f"{info}/RECORD,,\n"]))
    return path
