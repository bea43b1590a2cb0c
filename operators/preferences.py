"""Preferences of the extension: language of its texts, cache folder, threads, log, and the libraries it runs with."""

import tempfile
from pathlib import Path
from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty, StringProperty

from ..analyses import rays
from ..jena_city import profiles, tiles

PACKAGE = __package__.rpartition(".")[0]


def profiles_known(_self: Any, _context: Any, _text: str) -> list[str]:
    """Names that fields for a profile offer."""
    return list(profiles.files())


class JenaPreferences(bpy.types.AddonPreferences):
    """Shown under Edit ▸ Preferences ▸ Add-ons ▸ Jena Planner."""

    bl_idname = PACKAGE

    language: EnumProperty(
        name="Language",
        description="Language of Jena Planner's panels and messages",
        items=[("AUTO", "As Blender", "That of Blender's interface"), ("de", "Deutsch", "German"), ("en", "English", "English")],
        update=lambda _self, _context: _language_changed(),
    )
    projects: StringProperty(
        name="Projects",
        description="Folder in which new projects are proposed",
        subtype="DIR_PATH",
        default=str(Path.home() / "Jena Planner"),
    )
    cache: StringProperty(
        name="Cache folder",
        description="Where projects live that were not saved yet, tiles that have been read, and the log; empty: Blender's own place",
        subtype="DIR_PATH",
        update=lambda _self, _context: tiles.use_folder(cache_folder() / "tiles"),
    )
    profile: StringProperty(
        name="Profile",
        description="The town or state that new projects belong to: its systems, licence line and data sources; empty for none",
        search=profiles_known,
    )
    threads: IntProperty(
        name="Threads",
        description="Threads that analyses use; 0: as many as the machine has",
        default=0,
        min=0,
        max=256,
        update=lambda self, _context: rays.use_threads(self.threads),
    )

    def draw(self, _context: Any) -> None:
        from .panels import preferences_page

        preferences_page.draw(self, self.layout)


def get() -> Any:
    """The preferences; None where the extension runs without being enabled (as a Python package)."""
    addon = bpy.context.preferences.addons.get(PACKAGE)
    return addon.preferences if addon is not None else None


def cache_folder() -> Path:
    """Where unsaved projects and the log live."""
    own = get()
    if own is not None and own.cache:
        return Path(bpy.path.abspath(own.cache))
    if PACKAGE.startswith("bl_ext."):
        return Path(bpy.utils.extension_path_user(PACKAGE, create=True))
    return Path(tempfile.gettempdir()) / "jena-planner"


def unsaved_folder() -> Path:
    """Where projects live whose .blend was not saved yet."""
    return cache_folder() / "unsaved"


def log_file() -> Path:
    """Where failures are written."""
    return cache_folder() / "jena-planner.log"


def projects_folder() -> Path:
    """Where new projects are proposed."""
    own = get()
    return Path(bpy.path.abspath(own.projects)) if own is not None and own.projects else Path.home() / "Jena Planner"


def profile() -> str:
    """The profile of new projects; "" for none."""
    own = get()
    return str(own.profile).strip() if own is not None else ""


def language() -> str:
    """Language of our texts: "de" or "en"."""
    own = get()
    chosen = own.language if own is not None else "AUTO"
    if chosen != "AUTO":
        return str(chosen)
    return "de" if (bpy.app.translations.locale or "").startswith("de") else "en"


def _language_changed() -> None:
    from . import translations

    translations.apply()
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            area.tag_redraw()


CLASSES = (JenaPreferences,)


def register(_registry: Any) -> None:
    """What was chosen in an earlier session holds."""
    own = get()
    if own is not None:
        rays.use_threads(own.threads)
        tiles.use_folder(cache_folder() / "tiles")
