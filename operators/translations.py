"""German words for the interface. The English ones are the keys; a test finds any that is missing."""

from __future__ import annotations

from typing import Any

import bpy

GERMAN: dict[str, str] = {}


def register(registry: Any) -> None:
    """Hand the words to Blender."""
    words = {(context, english): german for english, german in GERMAN.items() for context in ("*", "Operator")}
    bpy.app.translations.register(__package__, {"de_DE": words, "de": words})
    registry.on_undo(lambda: bpy.app.translations.unregister(__package__))
