"""Every effect that a measure can have: the input of a rule that a dose is added to.

An effect never assigns a state or a parameter. Its dose of the week is a field of the world, or of
every community where the coverage of a measure matters, and a rule reads it as a forcing or as a
factor of one of its inputs; at a dose of zero that input is what it is without the measure, to the
bit. Measures, also those of a user, are made of these.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.kinds import Effect


@dataclass(frozen=True, slots=True)
class EffectField:
    """One effect.

    Attributes
    ----------
    effect : Effect
    field : str
        Field of the world, and of a community if it is local, that holds its dose.
    meaning : str
        What the dose is, in one sentence.
    acts_on : str
        State that follows from it, as ``table.field``.
    unit : str
        Unit of the dose; ``share`` is held to [-1, 1].
    local : bool
        True where the coverage of a measure decides how much of it a place gets.
    """

    effect: Effect
    field: str
    meaning: str
    acts_on: str
    unit: str = "share"
    local: bool = False

    @property
    def name(self) -> str:
        """Name in a scenario file."""
        return self.effect.name.lower()


def _national(
    effect: Effect, field: str, meaning: str, acts_on: str, unit: str = "share"
) -> EffectField:
    return EffectField(effect, field, meaning, acts_on, unit)


def _local(
    effect: Effect, field: str, meaning: str, acts_on: str, unit: str = "share"
) -> EffectField:
    return EffectField(effect, field, meaning, acts_on, unit, local=True)


EFFECTS: tuple[EffectField, ...] = (
    _national(Effect.TROOPS, "troops_requested", "Peacekeepers that the measures ask for.",
              "world.troops_deployed", "peacekeepers"),
    _national(Effect.MEDIATION, "mediation", "Mediation under way.", "armed.terms"),
    _national(Effect.AID, "aid_supply", "People whom humanitarian aid can supply.",
              "communities.aid", "people"),
    _national(Effect.OBSERVERS, "observers", "Observers in the country.", "world.report_noise",
              "observers"),
    _national(Effect.INSTITUTIONS, "institution_programme",
              "Programmes for parliament, ombudsman, human rights institution and courts.",
              "government.oversight"),
    _national(Effect.FOCAL_POINTS, "focal_programme", "Work of focal points for prevention.",
              "government.focal_point"),
    _national(Effect.SECURITY, "security_programme", "Reform of the security forces.",
              "armed.discipline"),
    _national(Effect.GOVERNANCE, "governance_programme", "Transparent and accountable government.",
              "government.accountability"),
    _national(Effect.CAPACITY, "capacity_programme", "Programmes for the capacity of the state.",
              "government.capacity"),
    _national(Effect.TREATIES, "treaty_programme", "Work on human rights treaties.",
              "government.treaties"),
    _national(Effect.BORDERS, "border_watch", "Ties across the borders against spill-over.",
              "armed.finance"),
    _national(Effect.REPORTING, "reporting", "Reporting of risks beyond the usual.",
              "world.report_noise"),
    _national(Effect.DIALOGUE, "dialogue", "High-level dialogue with the leadership.",
              "government.threat"),
    _national(Effect.OFFICES, "good_offices", "Good offices.", "government.consent"),
    _national(Effect.POWER_SHARING, "power_sharing", "Negotiated sharing of power.",
              "government.cohesion"),
    _national(Effect.JOINT, "joint_action", "Joint action with regional organisations.",
              "world.mandate_scale"),
    _national(Effect.MONITORING, "monitoring", "Monitoring and enforcement of agreements.",
              "world.agreement"),
    _national(Effect.PROSECUTION, "prosecution", "Prosecution of past crimes.", "armed.sanction"),
    _national(Effect.SUPPORT, "support", "Technical support to the state's own programmes.",
              "world.delivery"),
    _national(Effect.FUNDS, "funds", "Money paid into the budget for programmes.",
              "government.budget", "million USD/week"),
    _national(Effect.EMBARGO, "embargo", "Targeted sanctions and arms embargo.", "armed.finance"),
    _national(Effect.SUSTAIN, "engagement", "Sustained engagement with what was begun.",
              "communities.justice"),
    _national(Effect.EARLY_ACTION, "early_action", "Standing ways from warning to decision.",
              "world.report_delay"),
    _national(Effect.PARTICIPATION, "participation", "Women's part in peace and its upkeep.",
              "world.agreement"),
    _national(Effect.DECENTRALISATION, "decentralisation",
              "Share of local programmes that goes by marginalisation.", "communities.justice"),
    _national(Effect.PLACEBO, "placebo", "A measure that does nothing.", "world.placebo_spent"),
    _local(Effect.POLICE, "police", "International police.", "communities.policing", "police"),
    _local(Effect.CONTACT, "contact", "Share of the people who take part in contact across groups.",
           "people.trust"),
    _local(Effect.INCLUSION, "inclusion", "Programmes against exclusion.", "people.exclusion"),
    _local(Effect.JUSTICE, "justice_programme", "Programmes for access to justice.",
           "communities.justice"),
    _local(Effect.LIVELIHOODS, "livelihood_programme", "Programmes for livelihoods.",
           "communities.livelihoods"),
    _local(Effect.CIVIL_SOCIETY, "civil_society_programme", "Programmes for civil society.",
           "communities.civil_society"),
    _local(Effect.EQUALITY, "equality_programme", "Programmes against economic inequality.",
           "people.inequality"),
    _local(Effect.EMPOWERMENT, "empowerment", "Women's economic empowerment.",
           "communities.livelihoods"),
    _local(Effect.TRUTH, "truth_programme", "Truth, reconciliation and memorialisation.",
           "people.trauma"),
    _local(Effect.SCHOOLING, "schooling_programme", "Education for diversity.",
           "communities.schooling"),
    _local(Effect.HEALING, "healing", "Psychosocial support to survivors.", "people.trauma"),
    _local(Effect.INTERRUPTION, "interruption", "Programmes that interrupt recruiting for violence.",
           "presence.mobilised"),
    _local(Effect.VOICES, "voices", "Religious and other leaders who speak against incitement.",
           "people.norms"),
    _local(Effect.YOUTH, "youth_programme", "Work with youth organisations.",
           "presence.mobilised"),
    _local(Effect.ACCOMPANIMENT, "accompaniment",
           "Defenders of human rights who stand by people who are cut off.", "communities.aid"),
    _local(Effect.COUNTER_SPEECH, "counter_speech", "Counter-speech on the air.", "people.hate"),
    _local(Effect.MODERATION, "moderation", "Watch over hate speech on social media.",
           "people.hate"),
)  # fmt: skip
"""All effects, in the order of `sim.kinds.Effect`."""

BY_NAME = {entry.name: entry for entry in EFFECTS}
FIRST_LOCAL = int(Effect.POLICE)
"""Position of the first local effect; all after it are local."""
LOCALS = len(EFFECTS) - FIRST_LOCAL
"""Number of local effects."""
