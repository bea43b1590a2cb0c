"""Where a user keeps files of their own for all projects: profiles, presets."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def folder(kind: str) -> Path:
    """The folder for files of a kind, where the system keeps a user's settings; it need not be there."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or home / "AppData/Roaming")
    elif sys.platform == "darwin":
        base = home / "Library/Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return base / "jena-planner" / kind
