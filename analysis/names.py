"""Names of actors, groups and armed groups as people write them, where their key has no capitals."""

from __future__ import annotations

from collections.abc import Mapping

WRITTEN: Mapping[str, str] = {
    "african_union": "African Union", "albania": "Albania",
    "albanian_armed_cells": "Albanian armed cells",
    "albanians": "Albanians", "anti_balaka": "anti-Balaka", "aprc_constituency": "APRC constituency",
    "asean": "ASEAN", "bangladesh": "Bangladesh", "belgium": "Belgium", "bosniaks": "Bosniaks",
    "burkina_faso": "Burkina Faso", "chad": "Chad", "china": "China", "croat_units": "Croat units",
    "croats": "Croats", "csce": "CSCE", "east_african_community": "East African Community",
    "east_african_neighbours": "East African neighbours", "eccas": "ECCAS", "ecowas": "ECOWAS",
    "european_community": "European Community", "european_union": "European Union",
    "fnl_remnants": "FNL remnants", "forces_nouvelles": "Forces nouvelles", "france": "France",
    "gema": "GEMA", "germany": "Germany", "greece": "Greece", "hutu": "Hutu",
    "imbonerakure": "Imbonerakure", "interahamwe": "Interahamwe",
    "islamic_conference": "Islamic Conference", "japan_and_india": "Japan and India",
    "junglers_and_loyalists": "Junglers and loyalists", "kalenjin": "Kalenjin",
    "kalenjin_youth": "Kalenjin youth", "lmp_constituency": "LMP constituency", "luhya": "Luhya",
    "luo": "Luo", "macedonians": "Macedonians", "mungiki": "Mungiki", "muslims": "Muslims",
    "non_aligned_members": "non-aligned members", "nordic_states": "Nordic states",
    "organisation_of_african_unity": "Organisation of African Unity",
    "organisation_of_islamic_cooperation": "Organisation of Islamic Cooperation",
    "rakhine_and_others": "Rakhine and others", "rakhine_vigilantes": "Rakhine vigilantes",
    "rhdp_constituency": "RHDP constituency", "rohingya": "Rohingya",
    "rohingya_militants": "Rohingya militants", "rpf": "RPF", "russia": "Russia",
    "russia_and_china": "Russia and China", "rwanda": "Rwanda",
    "sabaot_land_defence_force": "Sabaot Land Defence Force", "seleka": "Seleka", "senegal": "Senegal",
    "serb_paramilitaries": "Serb paramilitaries", "serb_volunteers": "Serb volunteers",
    "serbs": "Serbs",
    "tanzania": "Tanzania", "tutsi": "Tutsi", "uganda": "Uganda", "un_secretariat": "UN Secretariat",
    "united_kingdom": "United Kingdom", "united_kingdom_and_france": "United Kingdom and France",
    "united_states": "United States", "western_council_members": "Western Council members",
    "young_patriots_and_western_militias": "Young Patriots and western militias",
}  # fmt: skip
"""Of the packaged scenarios; whoever writes a file of their own may use capitals in it."""


def written(name: str) -> str:
    """Return a name as it is written in a sentence."""
    return WRITTEN.get(name) or name.replace("_", " ")
