"""Mechanism 7, early warning: a noisy, delayed reading of the alarm and the belief it forms."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import G, I, N, S, W
from sim.parameters import P
from sim.rules.council import report_delay, report_noise
from sim.rules.government import institutions_together
from sim.rules.international_actor import alarm_level, belief_next, probability_of, signal_next
from sim.rules.killing import violence_felt
from sim.rules.measure import credit_next, lessened


def raise_alarm(run: Run) -> None:
    """Set how alarming the country truly is, and how well and how soon that is reported."""
    world, row = run.world, run.parameters
    fled = 0.0
    if run.settings[S.population] > 0.0:
        fled = world[W.flight_recent] / run.settings[S.population]
    world[W.violence] = violence_felt(
        world[W.deaths_recent] * row[P.recent_fade], row[P.media_half]
    )
    speech = 0.0
    for group in range(run.groups.shape[1]):
        if run.groups[N.speech, group] > speech:
            speech = run.groups[N.speech, group]
    world[W.alarm] = alarm_level(
        world[W.deaths_recent], fled, run.government[G.threat], speech,
        row[P.alarm_deaths], row[P.alarm_flight], row[P.alarm_threat], row[P.alarm_speech],
    )  # fmt: skip
    if world[W.early_action] > 0.0:
        # Only alarms that are acted upon spend credit.
        believed = 0.0
        for actor in range(run.actors.shape[1]):
            believed += run.actors[I.weight, actor] * probability_of(run.actors[I.belief, actor])
        world[W.credit] = credit_next(
            world[W.credit], believed, world[W.alarm], row[P.credit_loss], row[P.credit_recovery]
        )
    noise = report_noise(
        row[P.signal_noise], world[W.forums], world[W.observers], world[W.civil_society],
        row[P.observers_half], row[P.warning_civil_society],
    )  # fmt: skip
    government = run.government
    institutions = institutions_together(
        government[G.human_rights_institution], government[G.ombudsman],
        government[G.oversight], government[G.courts],
    )  # fmt: skip
    noise = lessened(noise, institutions, row[P.warning_institutions])
    world[W.report_noise] = lessened(noise, world[W.reporting], row[P.reporting_effect])
    early = world[W.early_action] * world[W.credit]
    world[W.report_delay] = report_delay(
        lessened(row[P.signal_delay], early, row[P.early_effect]), run.government[G.focal_point],
        row[P.focal_point_gain],
    )  # fmt: skip


def read_signal(run: Run) -> None:
    """Every actor reads the alarm, late and with error, and updates its belief."""
    actors, row = run.actors, run.parameters
    perfect = run.settings[S.early_warning] < 0.5
    for actor in range(actors.shape[1]):
        actors[I.signal, actor] = signal_next(
            actors[I.signal, actor], run.world[W.alarm], actors[I.error, actor],
            run.world[W.report_delay],
        )  # fmt: skip
        if perfect:
            actors[I.signal, actor] = run.world[W.alarm]
        actors[I.belief, actor] = belief_next(
            actors[I.belief, actor], actors[I.signal, actor], row[P.belief_prior],
            row[P.belief_forgetting], row[P.belief_evidence], row[P.belief_midpoint],
        )  # fmt: skip
