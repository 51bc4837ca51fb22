"""Epstein's Model II (2002), ethnic violence under peacekeepers: an outside model beside our own."""
