from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest

import experiments.sections
from experiments.config import compose
from experiments.designs import design_of, scenario_of
from experiments.identity import with_entry
from experiments.sections import Sections
from experiments.tasks import cells_of
from sim.errors import ForestallError
from sim.scenario import Scenario

VARIED = (
    "action.start=0,13", "action.arrival=bargained,8", "actors.dispersion=0,0.7",
    "attributes.capacity=0.2,0.8", "attributes.neighbours=0,1", "parameters.fear_fade=0.05,0.1",
    "mechanisms.forums=true,false", "interventions.peacekeeping.intensity=0,2500",
    "country=burundi_2015,rwanda_1994", "weeks=20", "design.lists=sampled",
    "design.method=latin_hypercube", "design.points=32",
)  # fmt: skip


def differing(one: Any, other: Any, where: str) -> Iterator[str]:
    """Yield the names of what differs between two scenarios, to the bit."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.tobytes() != other.tobytes():
            yield where
    elif is_dataclass(one):
        for field in fields(one):
            name = field.name
            yield from differing(getattr(one, name), getattr(other, name), f"{where}.{name}")
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from differing(first, second, f"{where}[{number}]")
    elif one != other:
        yield where


def test_a_scenario_read_section_by_section_is_the_one_that_is_read_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    for name in ("read_country", "read_measures", "_alike"):
        original: Any = getattr(experiments.sections, name)
        noting = partial(lambda name, original, *given: read.append(name) or original(*given),
                         name, original)  # fmt: skip
        monkeypatch.setattr(experiments.sections, name, noting)
    sections = Sections()
    for cell in cells_of(design_of(compose(VARIED))):
        scenario = scenario_of(cell.point.config, sections=sections)
        whole = Scenario.from_mapping(cell.point.config)
        assert list(differing(scenario, whole, "scenario")) == []
    # Two countries, each with its actors; measures of two intensities, and those of the baselines.
    assert Counter(read) == {"read_country": 2, "_alike": 2, "read_measures": 2 * 2 + 2}


def test_worlds_that_travelled_in_one_message_have_their_country_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[Any] = []
    whole = Scenario.from_mapping
    monkeypatch.setattr(Scenario, "from_mapping", lambda *a, **k: read.append(a) or whole(*a, **k))
    asked = ("action.start=0,13", "attributes.capacity=0.2,0.8", "weeks=300")
    sent = [cell.point.config for cell in cells_of(design_of(compose(asked)))]
    sections = Sections()
    for world in pickle.loads(pickle.dumps(sent)):
        scenario_of(world, sections=sections)
    assert len(sent) == 6 and len(read) == 1


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("actors.dispersion", 1.5), ("actors.dispersion", "united"), ("actors", []),
        ("parameters", {"fear_fad": 1}), ("parameters.fear_fade", 9), ("forms", {"bargaining": 3}),
        ("mechanisms.forums", 2), ("interventions.peacekeeping.intensity", -1), ("weeks", 0),
        ("attributes.capacity", 7), ("action.start", -900), ("country.places", {}), ("country", 3),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_words_of_a_world_that_is_read_whole(
    entry: str, value: Any
) -> None:
    sections, config = Sections(), compose([])
    scenario_of(config, sections=sections)
    # A second mistake, which is found later in a world that is read whole, and earlier here.
    wrong = with_entry(config, ("actors", "mean"), 7)
    for world in (with_entry(config, entry.split("."), value),
                  with_entry(wrong, entry.split("."), value)):  # fmt: skip
        with pytest.raises(ForestallError) as whole:
            scenario_of(world)
        with pytest.raises(ForestallError) as read:
            scenario_of(world, sections=sections)
        assert str(read.value) == str(whole.value)


def test_a_section_at_the_address_of_one_that_is_gone_is_read_anew() -> None:
    sections, plain = Sections(), compose([])
    for number in range(200):
        # Each is gone before the next is made, which may well be put where it was.
        config = {**plain, "parameters": {"fear_fade": 0.01 + number / 2000}}
        read = scenario_of(config, sections=sections)
        assert list(differing(read, scenario_of(config), "scenario")) == []
