"""The sidebar tab "Jena Planner": a form filled from top to bottom. Nothing is computed while drawing."""

from __future__ import annotations

from typing import Any

import bpy

from . import analyses, block, news, participation, pictures, project, rules, variants

CLASSES = (
    project.JENA_PT_project,
    project.JENA_PT_data,
    variants.JENA_PT_variants,
    block.JENA_PT_block,
    rules.JENA_PT_key_figures,
    rules.JENA_PT_findings,
    rules.JENA_PT_envelope,
    block.JENA_PT_building,
    analyses.JENA_PT_sun,
    analyses.JENA_PT_analyses,
    analyses.JENA_PT_results,
    pictures.JENA_PT_pictures,
    participation.JENA_PT_participation,
    participation.JENA_PT_contributions,
)
"""In the order in which they stand in the sidebar."""


def register(registry: Any) -> None:
    """The bar in the viewport's header."""
    bpy.types.VIEW3D_MT_editor_menus.append(news.in_header)
    registry.on_undo(lambda: bpy.types.VIEW3D_MT_editor_menus.remove(news.in_header))
