"""Reference cases by others against this program, deviations listed."""
