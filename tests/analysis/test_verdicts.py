"""Verdicts: what they count, what they call it, and what they say in words."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
import pytest
from made_up_results import make_design, make_paired

from analysis.comparison import effects_table
from analysis.intervals import Interval, paired_difference, risk_difference
from analysis.verdict_text import (
    answer,
    claim,
    ends,
    evidence,
    may_be_chance,
    overall,
    what_would_change_it,
)
from analysis.verdicts import (
    CONTRARY,
    DEATHS,
    HOLDS,
    PARTLY,
    REVERSES,
    UNDECIDED,
    Compared,
    Verdict,
    pairs_needed,
    verdicts,
)

DESIGN = make_design(starts=(-26.0, 13.0, 104.0), dispersions=(0.0, 1.0), arrivals=(np.nan,))
PAIRED = make_paired(DESIGN, replicates=400)


def verdict_of(*changes, better=-1, pairs=100):
    compared = tuple(
        Compared(
            where=f"setting {place}", pairs=pairs, differing=pairs,
            mass_killing=Interval(*change), deaths=Interval(*(1000 * np.array(change))),
        )
        for place, change in enumerate(changes)
    )  # fmt: skip
    return Verdict(lever="action.start", first=0.0, last=26.0, better=better, compared=compared)


UP, DOWN, FLAT = (0.1, 0.05, 0.2), (-0.1, -0.2, -0.05), (0.01, -0.02, 0.04)


def test_a_lever_is_judged_between_its_ends_at_every_setting_of_the_others():
    found = {one.lever: one for one in verdicts(DESIGN, PAIRED)[0]}
    assert list(found) == ["action.start", "actors.dispersion"]
    timing = found["action.start"]
    assert (timing.first, timing.last) == (-26, 104)
    assert [one.where for one in timing.compared] == ["united", "divided"]
    assert [one.where for one in found["actors.dispersion"].compared] == [
        "start \u221226", "start +13", "start +104",
    ]  # fmt: skip


def test_a_comparison_is_the_difference_of_two_points_replicate_by_replicate():
    timing = verdicts(DESIGN, PAIRED)[0][0]
    runs = {point: rows.sort_values("replicate") for point, rows in PAIRED.groupby("point")}
    early, late = runs["p0-1-0"], runs["p0-1-2"]
    divided = timing.compared[1]
    assert divided.mass_killing == risk_difference(
        late["mass_killing"].to_numpy(), early["mass_killing"].to_numpy()
    )
    assert divided.deaths == paired_difference(
        late["direct_deaths"].to_numpy(), early["direct_deaths"].to_numpy()
    )
    differ = late["direct_deaths"].to_numpy() != early["direct_deaths"].to_numpy()
    assert (divided.pairs, divided.differing) == (400, differ.sum())


def test_runs_in_another_order_have_the_same_verdicts():
    shuffled = PAIRED.sample(frac=1, random_state=2)
    assert verdicts(DESIGN, shuffled) == verdicts(DESIGN, PAIRED)


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ((UP, UP), HOLDS),
        ((UP, FLAT), PARTLY),
        ((UP, DOWN, FLAT), REVERSES),
        ((DOWN, FLAT), CONTRARY),
        ((FLAT, FLAT), UNDECIDED),
    ],
)
def test_a_verdict_is_what_its_clear_comparisons_say(changes, label):
    assert verdict_of(*changes).label() == label


def test_more_of_a_measure_is_claimed_to_be_better_and_more_dispersion_worse():
    dose = "interventions.peacekeeping.intensity"
    points = pd.concat(
        [
            DESIGN.assign(point=DESIGN["point"] + str(n), baseline=DESIGN["baseline"], **{dose: d})
            for n, d in enumerate((0.0, 5000.0))
        ]
    )
    points = points[~points["point"].str.startswith("b")]
    runs = pd.concat([PAIRED.assign(point=PAIRED["point"] + str(n)) for n in range(2)])
    better = {one.lever: one.better for one in verdicts(points, runs)[0]}
    assert better == {"action.start": -1, "actors.dispersion": -1, dose: 1}


def test_built_in_effects_are_found_and_so_is_their_opposite():
    timing, unity = verdicts(DESIGN, PAIRED)[0]
    assert timing.label() == HOLDS
    assert unity.contra() == 0
    mirrored = DESIGN.assign(**{"action.start": -DESIGN["action.start"].replace(np.inf, -np.inf)})
    opposite = verdicts(mirrored, PAIRED)[0][0]
    assert opposite.label() == CONTRARY


def test_identical_points_are_undecided_and_say_that_no_change_was_seen():
    same = PAIRED.copy()
    same["mass_killing"], same["direct_deaths"] = 0.0, 0.0
    timing = verdicts(DESIGN, same)[0][0]
    assert timing.label() == UNDECIDED
    assert timing.span()[0].estimate == timing.span()[1].estimate == 0
    assert np.isinf(pairs_needed(timing.compared[0]))
    assert "no change was seen" in what_would_change_it(timing)


def test_points_that_differ_in_two_levers_at_once_have_no_verdict():
    diagonal = ("p0-0-0", "p0-1-2")
    points = DESIGN[DESIGN["point"].isin([*diagonal, "b0", "b1"])]
    runs = PAIRED[PAIRED["point"].isin(diagonal)]
    assert verdicts(points, runs) == ([], ["action.start", "actors.dispersion"])


def test_no_runs_no_verdict_and_one_run_an_undecided_one():
    assert verdicts(DESIGN, PAIRED.iloc[:0])[0] == []
    assert overall(effects_table(DESIGN, PAIRED.iloc[:0])) == [
        "No run is stored yet: there is nothing to say."
    ]
    alone = PAIRED[PAIRED["replicate"] == 0]
    for one in verdicts(DESIGN, alone)[0]:
        assert one.label() == UNDECIDED
        assert all(text for text in (*evidence(one), what_would_change_it(one)))


def test_so_many_pairs_as_are_needed_bring_the_interval_to_zero():
    compared = verdict_of((0.02, -0.02, 0.06)).compared[0]
    assert pairs_needed(compared) == pytest.approx(100 * (0.04 / 0.02) ** 2)


def test_the_words_hold_the_numbers_of_the_comparisons():
    said = " ".join(evidence(verdict_of(UP, FLAT)))
    assert "26 weeks after the shock rather than in the week of the shock" in said
    assert "at 2 settings of the other levers, 100 pairs of runs each" in said
    assert "between +1.0 [\u22122.0, +4.0] and +10.0 [+5.0, +20.0] points" in said
    assert "for the claim in 1, clearly against it in 0, undecided in 1 of 2" in said


def test_an_undecided_verdict_says_what_it_excludes_and_how_many_pairs_would_settle_it():
    undecided = verdict_of(FLAT, (0.005, -0.03, 0.04))
    said = " ".join(evidence(undecided))
    assert "more than 4.0 points, either way" in said
    assert "Undecided in 2 of 2 comparisons" in what_would_change_it(undecided)
    assert "900 to 4,900 pairs a point" in what_would_change_it(undecided)


def test_a_reversal_says_where_it_holds_and_where_the_contrary_does():
    said = what_would_change_it(verdict_of(UP, DOWN))
    assert "it holds at setting 0; the contrary at setting 1" in said


def test_the_answer_says_so_when_deaths_have_another_verdict():
    assert "direct deaths" not in answer(verdict_of(UP))
    mixed = verdict_of(FLAT)
    compared = Compared(
        where="", pairs=9, differing=9, mass_killing=Interval(*FLAT), deaths=Interval(40, 10, 90)
    )
    mixed = Verdict(lever="action.start", first=0, last=1, better=-1, compared=(compared,))
    assert mixed.label() == UNDECIDED and mixed.label(DEATHS) == HOLDS
    assert answer(mixed) == (
        "Undecided in the one comparison. For direct deaths: supported in the one comparison."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((UP, UP), "Supported in all 2 comparisons."),
        (
            (UP, FLAT),
            "Supported in 1 of 2 comparisons, undecided in the others; so few may be chance.",
        ),
        ((UP, UP, FLAT), "Supported in 2 of 3 comparisons, undecided in the others."),
        ((DOWN, DOWN), "Contradicted in all 2 comparisons."),
        ((UP, DOWN, FLAT), "Depends: supported in 1, contradicted in 1 of 3 comparisons."),
        ((FLAT, FLAT), "Undecided in all 2 comparisons."),
    ],
)
def test_the_answer_counts_what_it_rests_on(changes, said):
    assert answer(verdict_of(*changes)) == said


def test_two_clear_comparisons_of_sixteen_are_no_surprise_and_four_are():
    chance = sum(comb(16, k) * 0.05**k * 0.95 ** (16 - k) for k in range(2, 17))
    assert chance > 0.05 and may_be_chance(2, 16)
    assert not may_be_chance(4, 16)
    assert may_be_chance(0, 5)


def test_what_is_clear_in_some_comparisons_only_says_where():
    assert what_would_change_it(verdict_of(UP, FLAT)).endswith("Clear only at setting 0.")


def test_a_claim_is_said_in_words_for_every_kind_of_lever():
    timing, unity = verdicts(DESIGN, PAIRED)[0]
    assert claim(timing) == "Acting earlier prevents mass killing"
    assert claim(unity).startswith("Actors who agree prevent more")
    assert "26 weeks before the shock" in ends(timing)
    dose = Verdict(
        lever="interventions.mediation.intensity", first=0.0, last=1.0, better=1,
        compared=timing.compared,
    )  # fmt: skip
    assert claim(dose) == "Mediation intensity 1 rather than 0 prevents mass killing"


def test_what_action_does_at_all_is_counted_over_the_points():
    effects = effects_table(DESIGN, PAIRED)
    said = " ".join(overall(effects))
    fewer = int((effects["deaths_averted_low"] > 0).sum())
    assert f"averts direct deaths at {fewer} of {len(effects)} points" in said
    base = 100 * PAIRED["baseline_mass_killing"][:400].mean()
    assert f"Without outside action {base:.1f} % of runs" in said
    best = effects.loc[effects["risk_difference"].idxmin()]
    assert f"{100 * best['p_mass_killing']:.1f} [" in said
