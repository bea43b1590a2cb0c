"""Numbers about the city: arrays in, arrays out. No Blender here. `registry.py` names all that are offered."""
