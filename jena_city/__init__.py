"""The city as data: model, readers and writers, origin, terrain, variants, results, project. No Blender here."""
