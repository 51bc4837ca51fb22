"""Burundi 2015-16: simulated flight against registered refugees, and beside FLEE."""
