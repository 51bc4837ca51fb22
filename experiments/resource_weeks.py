"""Equal resource-weeks: designs in which an early start brings no more presence than a late one.

At an equal endowment an early start also leaves more weeks in which measures are present. A design with
``design.equal=resource_weeks`` takes that away: at every point the intensity of each measure is
multiplied by the share that makes intensity x weeks within the horizon the same as at the point with
the fewest such weeks. Nothing else changes, and no intensity rises.

The weeks are those that a scenario asks for: from the start of action, or from arrival where it is
clamped, by the model's own rule for a dose, with its ramp and its duration. Where arrival is bargained,
mandates come late or not at all: what was really there is an outcome, which `forestall compare` reports
beside the effects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.config import EQUAL
from experiments.designs import Design, scenario_of
from experiments.identity import Known, point_id
from experiments.points import Point, with_levers
from sim.rules.measure import dose_at

if TYPE_CHECKING:
    from sim.interventions import Measure
    from sim.scenario import Scenario

ENDOWMENT, RESOURCE_WEEKS = EQUAL


def equalised(design: Design, config: Mapping[str, Any]) -> Design:
    """Return a design as ``config["design"]["equal"]`` asks for it."""
    if config["design"].get("equal", ENDOWMENT) == ENDOWMENT:
        return design
    return at_equal_resource_weeks(design)


def full_dose_weeks(scenario: Scenario) -> dict[str, float]:
    """Return for each measure the weeks of its full dose that a scenario asks for.

    Parameters
    ----------
    scenario : its horizon, start, arrival and measures count; triggers are taken to be met when action
        begins.

    Returns
    -------
    dict
        Name of the measure: sum over the weeks of the run of its dose, in units of its intensity; a
        week of the ramp counts in part. 0 where nobody acts.
    """
    return {measure.declaration.name: _weeks(scenario, measure) for measure in scenario.measures}


def shares_of_dose(design: Design) -> dict[str, dict[str, float]]:
    """Return by point the share of its intensity that each measure keeps, in (0, 1].

    Parameters
    ----------
    design : at an equal endowment; points in which nobody acts keep everything.
    """
    weeks = {
        point.id: full_dose_weeks(scenario_of(point.config, replicate=0)) for point in design.points
    }
    least: dict[str, float] = {}
    for of_point in weeks.values():
        for name, value in of_point.items():
            if value > 0.0:
                least[name] = min(value, least.get(name, value))
    return {
        point: {name: least[name] / value if value > 0.0 else 1.0 for name, value in found.items()}
        for point, found in weeks.items()
    }


def at_equal_resource_weeks(design: Design) -> Design:
    """Return a design with the intensities of its points scaled, other levers and baselines as before.

    Parameters
    ----------
    design : at an equal endowment.
    """
    shares = shares_of_dose(design)
    known: Known = {}
    scaled = {point.id: _scaled(point, shares[point.id], known) for point in design.points}
    drawn = design.sample
    if drawn is not None:
        drawn = replace(drawn, points=tuple(scaled[name].id for name in drawn.points))
    return replace(design, points=tuple(scaled.values()), sample=drawn)


def _weeks(scenario: Scenario, measure: Measure) -> float:
    clamped = scenario.arrival is not None
    begins = (
        scenario.open_week
        + (scenario.arrival or 0.0)
        + (0.0 if clamped else measure.start + measure.lag)
    )
    ramp = 0.0 if clamped else measure.ramp
    return float(
        sum(
            dose_at(week - begins, ramp, measure.duration, 0.0, 1.0)
            for week in range(scenario.weeks)
        )
    )


def _scaled(point: Point, shares: Mapping[str, float], known: Known) -> Point:
    changes: dict[str, Any] = {}
    for measure in scenario_of(point.config, replicate=0).measures:
        name, share = measure.declaration.name, shares[measure.declaration.name]
        if share != 1.0:
            changes[f"interventions.{name}.intensity"] = measure.intensity * share
    if not changes:
        return point
    config = with_levers(point.config, changes)
    return replace(point, id=point_id(config, known=known), config=config)
