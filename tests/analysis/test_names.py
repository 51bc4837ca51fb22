"""Names in the packaged scenarios: each is either a proper one that is written so, or common words."""

from __future__ import annotations

import yaml

from analysis.names import WRITTEN, written
from experiments.scenario_folder import scenarios_folder

COMMON = {
    "armed_forces", "army", "army_and_border_police", "churches_and_business", "civic_organisations",
    "continental_organisation", "defence_and_security_forces", "donors", "elected_members",
    "exiled_officers", "federal_army", "friends_of_the_government", "friends_of_the_president",
    "group_1", "group_2", "group_3", "group_4", "group_5", "group_6", "humanitarian_agencies",
    "lending_banks", "linguistic_community", "militia", "neighbour_state", "opposition_constituency",
    "opposition_youth", "other_neighbour", "others", "patron", "permanent_members", "police",
    "police_and_army", "rebels", "rival_patron", "ruling_constituency", "security_forces",
    "soldiers_of_the_fallen_president", "subregional_organisation", "territorial_defence",
}  # fmt: skip


def packaged() -> set[str]:
    """Return the names of groups, armed groups and actors of all packaged files."""
    found: set[str] = set()
    for file in scenarios_folder().glob("country/*.yaml"):
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
        found |= {*entries.get("groups", ()), *entries.get("armed_groups", ())}
    for file in scenarios_folder().glob("actors/*.yaml"):
        found |= set(yaml.safe_load(file.read_text(encoding="utf-8")).get("actors", ()))
    return found


def test_every_name_of_the_scenarios_is_written_as_people_do() -> None:
    assert packaged() == COMMON | set(WRITTEN)


def test_a_written_name_has_a_capital_or_a_hyphen_and_the_words_of_its_key() -> None:
    for key, name in WRITTEN.items():
        assert name != key.replace("_", " ")
        assert name.lower().replace("-", "_").replace(" ", "_") == key
    assert written("my_own_Party") == "my own Party"
