"""What a link may ask for: exactly what a screen can show, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.app.offered import Offered, offered
from analysis.app.shown import (
    AGAINST,
    GUESSES,
    LAYERS,
    LESSONS,
    LONGEST_QUERY,
    NAMES,
    RANGES,
    Shown,
    as_query,
    consistent,
    read_query,
)
from sim.errors import ForestallError

SHARES = st.integers(0, 20).map(lambda step: round(step / 20, 2))


def whole(name: str) -> st.SearchStrategy[int]:
    low, high, _ = RANGES[name]
    return st.integers(low, high)


SCREENS = st.builds(
    Shown,
    country=st.sampled_from(offered().countries),
    portfolio=st.sampled_from(["", *offered().portfolios]),
    against=st.sampled_from(list(AGAINST)),
    dispersion=SHARES,
    priority=st.none() | SHARES,
    attributes=st.dictionaries(st.sampled_from(NAMES), SHARES),
    lesson=st.sampled_from(["", *LESSONS]),
    guess=st.sampled_from(GUESSES),
    hidden=st.sets(st.sampled_from(LAYERS)).map(lambda n: tuple(x for x in LAYERS if x in n)),
    week=st.none() | st.integers(0, 52),
    **{name: whole(name) for name in ("start", "later", "weeks", "seed", "replicate", "screen")},
)


@given(SCREENS)
@settings(max_examples=200, deadline=None)
def test_a_link_restores_exactly_what_was_on_the_screen(shown: Shown) -> None:
    shown = consistent(shown)
    assert read_query(as_query(shown)) == shown


@pytest.mark.parametrize(("query", "said"), [
    ("country=../../etc/passwd", "country: unknown name '../../etc/passwd'"),
    ("country=burundi", "did you mean 'burundi_2015'?"),
    ("lesson=/etc/passwd", "lesson: unknown name"),
    ("portfolio=__import__('os')", "portfolio: unknown name"),
    ("contry=burundi_2015", "did you mean 'country'?"),
    ("action.start=never", "link: unknown name 'action.start'"),
    ("output=/tmp/x", "link: unknown name 'output'"),
    ("start=1e3", "start: '1e3' is not allowed, expected a whole number from 0 to 104"),
    ("start=-1", "start: -1 is not allowed, expected between 0 and 104 (weeks from the shock)"),
    ("weeks=999999999999", "weeks: '999999999999' is not allowed"),
    ("weeks=100000", "weeks: 100000 is not allowed, expected between 52 and 260 (weeks)"),
    ("seed=\u0663", "seed: '\u0663' is not allowed"),
    ("dispersion=nan", "dispersion: 'nan' is not allowed, expected between 0 and 1 (share)"),
    ("dispersion=1.5", "dispersion: '1.5' is not allowed"),
    ("capacity=0.33", "capacity: 0.33 is not allowed, expected a multiple of 0.05 (share)"),
    ("priority=inf", "priority: 'inf' is not allowed"),
    ("start=1&start=2", "link: start is given twice"),
    ("commitment=0.1&commitment=0.1", "link: commitment is given twice"),
    ("hidden=armed,deaths", "hidden: unknown name 'deaths'"),
    ("start", "link: not readable"),
    ("a=%ff", "link: not readable"),
    ("&".join(f"a{number}=1" for number in range(60)), "link: not readable"),
    ("x" * (LONGEST_QUERY + 1), f"link: longer than {LONGEST_QUERY} characters"),
    ("weeks=52&week=60", "week: 60 is not allowed, expected between 0 and 52 (weeks that have passed)"),
    ("country=archetype_fragile&course=actual", "course: none is coded"),
])  # fmt: skip
def test_a_hostile_link_is_answered_with_one_line(query: str, said: str) -> None:
    with pytest.raises(ForestallError) as refused:
        read_query(query)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_screen_or_one_line(text: str) -> None:
    try:
        shown = read_query(text)
    except ForestallError as refused:
        assert "\n" not in str(refused)
    else:
        assert read_query(as_query(shown)) == shown


def test_a_country_is_called_as_its_file_calls_it_unless_several_are_called_the_same() -> None:
    names = offered().country_names
    assert tuple(names) == offered().countries
    assert names["central_african_republic_2013"] == "Central African Republic 2013"
    assert names["rwanda_1994"] == "Rwanda 1993-94"
    assert names["archetype_fragile"] == "Archetype fragile"
    assert len(set(names.values())) == len(names), "a choice that stands for two countries"


@pytest.mark.parametrize("text", ["places: [", "- a list", "name: 7", "name: [a, b]", ""])
def test_a_country_whose_file_does_not_say_its_name_is_called_by_that_of_the_file(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "over_there.yaml").write_text(text)
    assert Offered(tmp_path).country_names["over_there"] == "Over there"


def test_only_the_page_uses_the_model_and_the_experiments() -> None:
    import analysis

    folder = Path(analysis.__file__).parent
    users = {
        file.relative_to(folder).parts[0]
        for file in folder.rglob("*.py")
        if re.search(
            r"^\s*(from|import) (experiments|sim\.(model|engines|ensemble))\b",
            file.read_text(encoding="utf-8"), re.MULTILINE,
        )
    }  # fmt: skip
    assert users == {"app"}


def test_every_choice_of_the_page_has_its_file() -> None:
    assert "burundi_2015" in offered().countries
    assert set(offered().coded) < set(offered().countries)
    assert len(offered().portfolios) > 3
    assert offered().without_actors == ()
