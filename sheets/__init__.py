"""Sheets to scale: plans, sections and views as vector drawings on paper, PDF and SVG. No Blender here."""
