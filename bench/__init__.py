"""Measurements; nothing that a run needs."""
