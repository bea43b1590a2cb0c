"""Noise of roads and rails: what they emit, how it spreads, and what the law makes of it."""
