"""Where a user's files for all projects are: their own profiles and presets, and what the program keeps to be quicker."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SETTINGS = "APPDATA", "AppData/Roaming", "Library/Application Support", "XDG_CONFIG_HOME", ".config"
_CACHES = "LOCALAPPDATA", "AppData/Local", "Library/Caches", "XDG_CACHE_HOME", ".cache"


def folder(kind: str, *, cache: bool = False) -> Path:
    """The folder for files of a kind, where the system keeps a user's settings, or what programs may make again; it need not be there."""
    windows, usual_windows, mac, linux, usual_linux = _CACHES if cache else _SETTINGS
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get(windows) or home / usual_windows)
    elif sys.platform == "darwin":
        base = home / mac
    else:
        base = Path(os.environ.get(linux) or home / usual_linux)
    return base / "jena-planner" / kind
