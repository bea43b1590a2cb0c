"""Numbers about the city: arrays in, arrays out. No Blender here."""
