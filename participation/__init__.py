"""What leaves for citizens. No Blender here, and nothing of the rooms beside it: results, pictures and figures are handed in."""
