"""Run FLEE (Suleimenova, Bell & Groen 2017) on a folder of its own files: a program of its own.

It runs in a process of its own, because FLEE keeps its settings and counts in the module and speaks on
both streams. It imports nothing of Forestall. The answer is one JSON object on the last line: refugees
of each camp by day, from the start to the last day.

    python flee_run.py FOLDER START DAYS PEOPLE_AN_AGENT SEED MODE
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

MODES = ("given", "open", "driven")
"""How many flee: as registered, day by day; the same with no place closed; or 500 a day from each place
in conflict."""


def run(
    folder: Path, *, start: str, days: int, people_an_agent: int, seed: int, mode: str
) -> dict[str, list[float]]:
    """Return the refugees of each camp by day, (days + 1) numbers each.

    Parameters
    ----------
    folder : holds FLEE's files under FLEE's own names.
    start : date of day 0, as 2015-05-01.
    days : how many are run.
    people_an_agent : people that one agent stands for; FLEE's own option `hasten`.
    seed : of its draws.
    mode : one of `MODES`.
    """
    import numpy as np
    from flee import InputGeography, flee, spawning
    from flee.datamanager import handle_refugee_data
    from flee.SimulationSettings import SimulationSettings

    random.seed(seed)
    np.random.seed(seed)
    SimulationSettings.ReadFromYML(str(_settings_file(folder, people_an_agent, mode)))
    SimulationSettings.ConflictInputFile = str(folder / "conflicts.csv")
    ecosystem = flee.Ecosystem()
    geography = InputGeography.InputGeography()
    geography.ReadLocationsFromCSV(str(folder / "locations.csv"))
    geography.ReadLinksFromCSV(str(folder / "routes.csv"))
    geography.ReadClosuresFromCSV(str(folder / "closures.csv"))
    if mode == "open":
        geography.closures = [row for row in geography.closures if row[0] != "location"]
    ecosystem, places = geography.StoreInputGeographyInEcosystem(ecosystem)
    registered = handle_refugee_data.RefugeeTable(
        csvformat="generic", data_directory=str(folder), start_date=start,
        data_layout="data_layout.csv", population_scaledown_factor=people_an_agent,
    )  # fmt: skip
    registered.ReadL1Corrections(str(folder / "registration_corrections.csv"))
    camps = ecosystem.get_camp_names()
    for camp in camps:
        spawning.add_initial_refugees(ecosystem, registered, places[camp])
    counts = {camp: [float(places[camp].numAgents * people_an_agent)] for camp in camps}
    for day in range(days):
        geography.AddNewConflictZones(ecosystem, day)
        spawning.refresh_spawn_weights(ecosystem)
        spawning.spawn_daily_displaced(ecosystem, day, registered)
        ecosystem.enact_border_closures(day)
        ecosystem.evolve()
        for camp in camps:
            counts[camp].append(float(places[camp].numAgents * people_an_agent))
    return counts


def _settings_file(folder: Path, people_an_agent: int, mode: str) -> Path:
    """Write FLEE's defaults but for the size of an agent and, if asked, who sets out."""
    lines = ["optimisations:", f"  hasten: {people_an_agent}"]
    if mode == "driven":
        each_day = round(500 / people_an_agent)
        lines += [
            "spawn_rules:", "  conflict_driven_spawning:", "    spawn_mode: constant",
            f"    displaced_per_conflict_day: {each_day}",
        ]  # fmt: skip
    file = folder / "simsetting.yml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


if __name__ == "__main__":
    where, start, days, people, seed, mode = sys.argv[1:]
    found = run(
        Path(where),
        start=start,
        days=int(days),
        people_an_agent=int(people),
        seed=int(seed),
        mode=mode,
    )
    print(json.dumps(found))
