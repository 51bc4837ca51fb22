"""What measures of several files share: worlds in which they fail, and who leads or pays."""

from __future__ import annotations

from sim.kinds import Leader

AFRAID = {"country.shocks.+104": {"fear": 1.0, "kind": "terror in every week"}}
"""A country in which those out of government fear for their lives in every week of two years."""
FEARFUL = {
    "country.shocks.+": {"rate": 52.0, "fear": 1.0, "kind": "terror in most weeks"},
    "parameters.fear_fade": 0.01,
}
"""The same with weeks, now and then, in which nothing happens and a few dare to go out."""
HARDLY_WANTED = {"attributes.commitment": 0.01}
"""A leadership that signs and pays, and hardly means it."""
UNWANTED = {"attributes.commitment": 0.0}
"""A leadership that does not want it at all: nothing is begun."""
HARDLY_ABLE = {"attributes.capacity": 0.005}
"""A state that pays and can hardly carry anything into the places."""
UNABLE = {"attributes.capacity": 0.0}
"""A state that is not there: nothing is begun."""
HOSTILE = {"attributes.neighbours": 0.02}
"""Neighbours through whom nearly everything gets by."""
WHOLLY_HOSTILE = {"attributes.neighbours": 0.0}
SHUT_OUT = {
    "country.government.consent": 0.0,
    "parameters.consent_terms": 0.0,
    "parameters.consent_pressure": 0.0,
    "parameters.forum_access_gain": 0.0,
}
"""A host that lets nobody in, whatever is offered or threatened, and whoever asks."""
HARDLY_LET_IN = {**SHUT_OUT, "country.government.consent": 0.02}
"""A host that lets in one of fifty."""
KEPT_OUT = {**SHUT_OUT, "parameters.forced_entry": 0.0, "parameters.entry_consent": 1.0}
"""A host that lets nobody in, is asked about police and observers too, and cannot be forced."""
HOME = (Leader.GOVERNMENT,)
DONORS = (Leader.DONOR, Leader.UN)
