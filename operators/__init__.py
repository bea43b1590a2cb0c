"""Blender's face: operators, panels, translations."""
