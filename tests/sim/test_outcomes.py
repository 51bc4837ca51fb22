"""Outcomes are what their descriptions say, against a plain count of made-up records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.outcomes import OUTCOMES, SERIES, O, Z, summarise

GROUPS = 2


def outcomes(deaths: np.ndarray, **columns: np.ndarray) -> np.ndarray:
    """Return the outcomes of a record with weekly deaths (weeks, groups) and other columns."""
    series = np.zeros((len(deaths), len(SERIES) + GROUPS))
    series[:, Z.killed_first :] = deaths
    series[:, Z.direct_deaths] = deaths.sum(axis=1)
    for name, column in columns.items():
        series[:, getattr(Z, name)] = column
    out = np.full(len(OUTCOMES), np.nan)
    summarise(series, out)
    assert not np.isnan(out).any()
    return out


records = st.lists(
    st.tuples(*[st.sampled_from([0, 0, 0, 0, 3, 24, 25, 120, 700])] * GROUPS),
    min_size=1, max_size=150,
)  # fmt: skip


@given(records)
@example([(999, 999)])
@example([(1000, 0)])
@example([(500, 0)] + [(0, 0)] * 50 + [(500, 0)])
@example([(500, 0)] + [(0, 0)] * 51 + [(500, 0)])
def test_a_mass_killing_is_a_thousand_of_one_group_within_52_weeks(
    rows: list[tuple[int, ...]],
) -> None:
    deaths = np.array(rows, dtype=float)
    year = [
        max(deaths[max(0, week - 51) : week + 1, group].sum() for group in range(GROUPS))
        for week in range(len(deaths))
    ]
    crossed = [week for week, total in enumerate(year) if total >= 1000]
    out = outcomes(deaths)
    assert out[O.largest_year_deaths] == max(year)
    assert out[O.mass_killing] == bool(crossed)
    assert out[O.onset_week] == (crossed[0] if crossed else -1)


@given(records)
def test_totals_and_the_peak_are_those_of_the_record(rows: list[tuple[int, ...]]) -> None:
    deaths = np.array(rows, dtype=float)
    ramp = np.arange(len(deaths), dtype=float)
    out = outcomes(
        deaths, indirect_deaths=ramp, displaced=3.0 * ramp, refugees=2.0 * ramp, spent=0.5 * ramp,
        places_attacked=ramp,
    )  # fmt: skip
    assert out[O.direct_deaths] == deaths.sum()
    assert out[O.indirect_deaths] == ramp.sum()
    last = len(deaths) - 1
    assert out[[O.displaced, O.refugees, O.endowment_spent, O.communities_attacked]].tolist() == [
        3.0 * last, 2.0 * last, 0.5 * last, last,
    ]  # fmt: skip
    weekly = deaths.sum(axis=1)
    assert out[O.peak_week] == (int(np.argmax(weekly)) if weekly.any() else -1)


@given(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=60))
@example([0.0, 3.0, 10.0, 4.0, 0.0, 6.0])
def test_arrival_is_the_first_week_with_half_of_the_largest_force(force: list[float]) -> None:
    column = np.array(force)
    out = outcomes(np.zeros((len(force), GROUPS)), peacekeepers=column)
    here: list[int] = np.flatnonzero(column >= 0.5 * column.max()).tolist() if column.any() else []
    assert out[O.arrival_week] == (here[0] if len(here) else -1)


def test_the_mandate_week_is_the_first_with_a_mandate_and_minus_one_without() -> None:
    scale = np.array([0.0, 0.0, 0.3, 0.0, 0.5])
    assert outcomes(np.zeros((5, GROUPS)), mandate_scale=scale)[O.mandate_week] == 2
    assert outcomes(np.zeros((5, GROUPS)))[O.mandate_week] == -1


def _episodes(weekly: list[float]) -> list[tuple[int, int, bool]]:
    """Return first week, last death and whether it ended, of every episode."""
    found, begun = [], -1
    last_end = -1
    for week in range(len(weekly)):
        window = weekly[max(0, last_end + 1, week - 3) : week + 1]
        if begun < 0 and sum(window) >= 25.0:
            begun = week
        if begun >= 0:
            last = max(w for w in range(begun, week + 1) if weekly[w] > 0.0 or w == begun)
            if week - last >= 26:
                found.append((begun, last, True))
                begun, last_end = -1, week
    if begun >= 0:
        last = max(w for w in range(begun, len(weekly)) if weekly[w] > 0.0 or w == begun)
        found.append((begun, last, False))
    return found


@given(st.lists(st.sampled_from([0.0] * 12 + [5.0, 24.0, 25.0, 90.0]), min_size=1, max_size=200))
@example([30.0])
@example([0.0, 10.0, 10.0, 5.0] + [0.0] * 25 + [30.0])
@example([30.0] + [0.0] * 26 + [30.0] + [0.0] * 26)
def test_episodes_begin_with_25_deaths_in_four_weeks_and_end_after_26_quiet_ones(
    weekly: list[float],
) -> None:
    deaths = np.zeros((len(weekly), GROUPS))
    deaths[:, 0] = weekly
    out, expected = outcomes(deaths), _episodes(weekly)
    assert out[O.episodes] == len(expected)
    if not expected:
        assert out[O.duration_weeks] == 0.0
        assert out[O.end_kind] == 0.0
        return
    first, last, ended = expected[0]
    assert out[O.duration_weeks] == last - first + 1
    assert out[O.end_kind] == (5.0 if ended else 1.0)
    assert out[O.end_week] == (last + 1 if ended else -1.0)
    assert out[O.recurrence_week] == (expected[1][0] if len(expected) > 1 else -1.0)


@pytest.mark.parametrize(
    ("weeks_between", "within_5", "within_10"),
    [(30, 1.0, 1.0), (260, 1.0, 1.0), (261, 0.0, 1.0), (520, 0.0, 1.0), (521, 0.0, 0.0)],
)
def test_recurrence_is_counted_from_the_last_death_of_the_first_episode(
    weeks_between: int, within_5: float, within_10: float
) -> None:
    deaths = np.zeros((600, GROUPS))
    deaths[3, 0] = deaths[3 + weeks_between, 1] = 40.0
    out = outcomes(deaths)
    assert (out[O.end_week], out[O.recurrence_week]) == (4.0, 3.0 + weeks_between)
    assert (out[O.recurred_5_years], out[O.recurred_10_years]) == (within_5, within_10)


@pytest.mark.parametrize(("agreed_from", "kind"), [(8, 2.0), (9, 2.0), (10, 2.0), (99, 5.0)])
def test_an_agreement_under_which_the_killing_stops_is_how_the_episode_ended(
    agreed_from: int, kind: float
) -> None:
    """Also where it comes in the week after the last death: it was what stopped the killing."""
    deaths = np.zeros((60, GROUPS))
    deaths[:10, 0] = 30.0
    agreement = (np.arange(60) >= agreed_from).astype(float)
    assert outcomes(deaths, agreement=agreement)[O.end_kind] == kind


@pytest.mark.parametrize(
    ("weary_from", "agreed_from", "won_from", "kind"),
    [(99, 99, 99, 5.0), (5, 99, 99, 3.0), (10, 99, 99, 5.0), (5, 5, 5, 2.0), (5, 99, 5, 4.0)],
)
def test_an_end_is_named_by_what_held_when_the_killing_stopped(
    weary_from: int, agreed_from: int, won_from: int, kind: float
) -> None:
    """An agreement before a victory, a victory before exhaustion, and without any it subsided."""
    deaths = np.zeros((60, GROUPS))
    deaths[:10, 0] = 30.0
    since = {
        "exhausted": weary_from, "agreement": agreed_from, "victory": won_from,
    }  # fmt: skip
    series = {name: (np.arange(60) >= week).astype(float) for name, week in since.items()}
    assert outcomes(deaths, **series)[O.end_kind] == kind


def test_names_are_used_once_and_every_outcome_has_a_unit_and_a_sentence() -> None:
    for table in (OUTCOMES, SERIES):
        names = [outcome.name for outcome in table]
        assert len(set(names)) == len(names)
        for outcome in table:
            assert outcome.unit and outcome.description.endswith("."), outcome.name
            assert outcome.kind in ("flag", "count", "week", "money", "share", "code")
