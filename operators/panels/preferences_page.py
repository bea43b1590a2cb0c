"""The extension's page in Blender's preferences."""

from __future__ import annotations

import platform
from typing import Any

import bpy

from ...jena_city.about import compare_libraries, version
from ...jena_city.problems import InputProblem
from .. import keys, preferences


def draw(own: Any, layout: Any) -> None:
    """The extension's page in Blender's preferences."""
    layout.use_property_split = True
    layout.prop(own, "language")
    layout.prop(own, "projects")
    layout.prop(own, "profile")
    layout.prop(own, "cache")
    layout.prop(own, "threads")
    layout.label(text=f"Log: {preferences.log_file()}", icon="TEXT", translate=False)
    header, body = layout.panel("jena_keys", default_closed=True)
    header.label(text="Keys")
    if body is not None:
        body.use_property_split = False
        keys.draw(body)
    header, body = layout.panel("jena_versions", default_closed=True)
    header.label(text="Versions")
    if body is not None:
        body.label(
            text=f"Jena Planner {version()} · Blender {bpy.app.version_string} · Python {platform.python_version()}", translate=False
        )
        column = body.column(align=True)
        for library in _libraries():
            icon = "CHECKMARK" if library.ok else "ERROR"
            column.label(text=f"{library.name} {library.installed} ({library.locked})", icon=icon, translate=False)


def _libraries() -> list[Any]:
    """Installed against locked, looked up once a session; nothing for a Python that has no lock."""
    try:
        return compare_libraries()
    except InputProblem:
        return []
