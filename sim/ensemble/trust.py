"""Mechanism 6, trust, norms and speech: what leaders broadcast, what people hear and believe."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, N, Q, W
from sim.kinds import MILITIA, PERPETRATOR, STATE
from sim.parameters import P
from sim.rules.elite_choice import leaders_restraint
from sim.rules.killing import recorded_too, violence_felt
from sim.rules.measure import heightened, lessened, people_dared
from sim.rules.society import (
    answered,
    exposure_next,
    hate_speech,
    inciting_voices,
    norms_next,
    speech_in,
    swayed,
    trust_next,
    trust_won,
)

WORST = 0
"""Row of `Run.spare`."""


def broadcast(run: Run) -> None:
    """On each side the loudest leaders set what is on the air."""
    groups, armed, row = run.groups, run.armed, run.parameters
    for group in range(groups.shape[1]):
        groups[N.speech, group] = 0.0
    for index in range(armed.shape[1]):
        restraint = armed[A.discipline, index]
        kind = armed[A.kind, index]
        # The armed groups that the government leads.
        if kind == STATE or (kind == MILITIA and run.government[G.role] == PERPETRATOR):
            restraint = leaders_restraint(restraint, run.government[G.commitment])
        speech = hate_speech(
            armed[A.threat, index], armed[A.order, index], restraint, row[P.speech_incitement]
        )
        side = int(armed[A.side, index])
        if speech > groups[N.speech, side]:
            groups[N.speech, side] = speech


def listen(run: Run) -> None:
    """In every place at home people hear, and trust and hold to norms accordingly."""
    _fear_worst(run)
    for group in range(run.people.shape[1]):
        # Mostly nobody answers what is on the air, and nobody meets or has met.
        if run.world[W.programmes_on] > 0.5 or _met(run, group):
            _hear(run, group, True)
        else:
            _hear(run, group, False)


def _met(run: Run, group: int) -> bool:
    """Return whether there is trust anywhere that contact has won."""
    places = 0
    for place in range(run.first, run.last):
        places += 1 if run.people[Q.trust_won, group, place] > 0.0 else 0
    return places > 0


def _hear(run: Run, group: int, on: bool) -> None:
    """Let a group hear, place by place, what is on the air, and answers to it where there are any."""
    people, row, communities = run.people, run.parameters, run.communities
    week, on_air = int(run.world[W.week]), run.groups[N.speech, group]
    incitement, plurality, half = (
        row[P.clergy_incitement], row[P.plurality_effect], row[P.violence_half]
    )  # fmt: skip
    speech_fade, speech_gain, speech_spread = (
        row[P.speech_fade], row[P.speech_gain], row[P.speech_spread]
    )  # fmt: skip
    online, voices_heard = row[P.speech_online], row[P.voices_heard]
    schooling, trust_fade = row[P.schooling_effect], row[P.trust_fade]
    loss_violence, loss_hate = row[P.trust_loss_violence], row[P.trust_loss_hate]
    contact_gain, generalised = row[P.contact_gain], row[P.contact_generalised]
    voices_effect, norms_fade, norms_loss = (
        row[P.voices_effect], row[P.norms_fade], row[P.norms_loss]
    )  # fmt: skip
    for place in range(run.first, run.last):
        contact = 0.0
        speech, norms_usual = on_air, people[Q.norms_usual, group, place]
        if on:
            contact = people_dared(communities[C.contact, place], run.spare[WORST, place])
            voices = inciting_voices(communities[C.voices, place], incitement)
            speech = answered(
                lessened(speech, communities[C.moderation, place], online), voices, voices_heard
            )
            norms_usual = swayed(norms_usual, voices, voices_effect)
        violence = violence_felt(people[Q.killed_week, group, place], half)
        if week < run.recorded.shape[0]:
            violence = recorded_too(violence, run.recorded[week, place])
        hate = exposure_next(
            people[Q.hate, group, place],
            speech_in(speech, communities[C.civil_society, place], plurality),
            people[Q.near_hate, group, place], communities[C.counter_speech, place],
            people[Q.trust, group, place], speech_fade, speech_gain, speech_spread,
        )  # fmt: skip
        trust = trust_next(
            people[Q.trust, group, place],
            heightened(
                people[Q.trust_usual, group, place], communities[C.schooling, place], schooling
            ),
            people[Q.trauma, group, place], violence, hate,
            trust_fade, loss_violence, loss_hate,
        )  # fmt: skip
        won = people[Q.trust_won, group, place]
        if on:
            # What was won goes as trust does.
            won = trust_next(
                won, 0.0, people[Q.trauma, group, place], violence, hate,
                trust_fade, loss_violence, loss_hate,
            )  # fmt: skip
            more = trust_won(trust, won, contact, contact_gain, generalised)
            trust, won = trust + more, won + more
        norms = norms_next(
            people[Q.norms, group, place], norms_usual, hate, violence, norms_fade, norms_loss
        )
        if communities[C.abroad, place] < 0.5:
            people[Q.hate, group, place] = hate
            people[Q.trust, group, place] = trust
            people[Q.trust_won, group, place] = won
            people[Q.norms, group, place] = norms


def _fear_worst(run: Run) -> None:
    """Set the worst fear in every place."""
    people, spare = run.people, run.spare
    for place in range(run.first, run.last):
        spare[WORST, place] = 0.0
    for group in range(people.shape[1]):
        for place in range(run.first, run.last):
            if people[Q.fear, group, place] > spare[WORST, place]:
                spare[WORST, place] = people[Q.fear, group, place]
