"""The government: the threat that it feels and the consent that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import ForestallAgent
from sim.fields import GOVERNMENT
from sim.initial import Columns
from sim.kinds import NONE, PERPETRATOR, PROTECTOR, REBEL, STATE

if TYPE_CHECKING:
    from sim.model import PreventionModel


INSTITUTIONS = ("human_rights_institution", "ombudsman", "oversight", "courts")


class Government(ForestallAgent):
    """The government of the country; attributes are the fields of `sim.fields.GOVERNMENT`."""

    __slots__ = (*(field.name for field in GOVERNMENT),)
    group: int
    role: float
    capacity_usual: float
    capacity: float
    commitment_usual: float
    commitment: float
    accountability_usual: float
    accountability: float
    openness: float
    legitimacy_usual: float
    legitimacy: float
    cohesion_usual: float
    cohesion: float
    budget: float
    focal_point_usual: float
    human_rights_institution_usual: float
    ombudsman_usual: float
    oversight_usual: float
    courts_usual: float
    focal_point: float
    human_rights_institution: float
    ombudsman: float
    oversight: float
    courts: float
    treaties: float
    threat: float
    warned: float
    response: float
    consent: float

    def __init__(self, model: PreventionModel, columns: Columns) -> None:
        super().__init__(model)
        self._hold(GOVERNMENT, columns.government)

    def heed_warning(self) -> None:
        """Hear of the alarm from one's own institutions, the sooner with a focal point."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        delay = rules.report_delay(p.signal_delay, self.focal_point, p.focal_point_gain)
        self.warned = rules.signal_next(self.warned, model.alarm, 0.0, delay)

    def respond(self) -> None:
        """Decide how far to protect people: not at all where the state itself would kill."""
        rules, p = self.model.rules, self.model.parameters
        self.response = 0.0
        if self.role != PERPETRATOR:
            self.response = rules.response_of(
                1.0 if self.role == PROTECTOR else 0.0,
                self.warned,
                self.commitment,
                rules.home_accountability(
                    self.accountability, self.institutions, p.institutions_effect
                ),
                p.bystander_response,
            )

    def sense_threat(self) -> None:
        """Feel shocks, rebellion and the unrest of those out of power."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        unrest = people = 0.0
        for index, group in enumerate(model.groups):
            if index != self.group:
                unrest += group.unrest * group.people
                people += group.people
        if people > 0.0:
            unrest = unrest / people
        self.legitimacy = rules.legitimacy_next(
            self.legitimacy,
            rules.heightened(
                self.legitimacy_usual, model.governance_programme, p.governance_legitimacy
            ),
            model.violence,
            p.legitimacy_fade,
            p.legitimacy_loss,
        )
        self.cohesion = rules.cohesion_next(
            self.cohesion, self.cohesion_usual, model.shock_division, p.cohesion_fade
        )
        rebels = state = 0.0
        for armed_group in model.armed_groups:
            if armed_group.kind == REBEL:
                rebels += armed_group.strength
            elif armed_group.kind == STATE:
                state += armed_group.strength
        fade = p.threat_fade_settled if model.agreement > 0.5 else p.threat_fade
        fade = rules.heightened(fade, model.dialogue, p.dialogue_relief)
        fade = rules.heightened(fade, model.power_sharing, p.sharing_relief)
        self.threat = rules.threat_next(
            self.threat,
            model.shock_threat,
            rules.rebellion_level(rebels, state, self.capacity),
            unrest,
            model.backlash,
            fade,
            p.threat_rebellion,
            p.threat_unrest,
        )

    def take_office(self, group: int) -> None:
        """Be the government of another group: new leaders decide for themselves, safe at first."""
        self.group, self.role = group, PERPETRATOR
        self.threat, self.legitimacy = 0.0, self.legitimacy_usual
        self.response = 0.0

    @property
    def institutions(self) -> float:
        """Mean strength of the institutions that oversee the government, in [0, 1]."""
        return float(
            self.model.rules.institutions_together(
                self.human_rights_institution, self.ombudsman, self.oversight, self.courts
            )
        )

    def steer_reform(self) -> None:
        """Move by what programmes and dialogue bring; gains decay."""
        model, p, improved = self.model, self.model.parameters, self.model.rules.improved_next
        rate = p.reform_rate
        decay = model.rules.lessened(p.reform_decay, model.engagement, p.sustain_effect)
        # What is ratified stays so, but binds only as long as somebody at home invokes it.
        self.treaties = improved(self.treaties, 0.0, model.treaty_programme, rate, decay)
        for name, effort, speed in (
            ("focal_point", model.focal_programme, rate),
            *((name, model.institution_programme, rate) for name in INSTITUTIONS),
            ("accountability", model.governance_programme, rate),
            ("capacity", model.capacity_programme, rate),
            ("commitment", model.dialogue, p.dialogue_rate),
        ):
            usual = getattr(self, f"{name}_usual")
            setattr(self, name, improved(getattr(self, name), usual, effort, speed, decay))
        self.cohesion = improved(
            self.cohesion,
            self.cohesion_usual,
            model.power_sharing,
            p.sharing_rate,
            model.rules.return_rate_of(self.cohesion, self.cohesion_usual, p.reform_decay, decay),
        )
        for garrison in model.garrisons:
            effort = model.rules.forces_learn(
                model.security_programme,
                self.cohesion,
                garrison.order,
                1.0 if self.role == PERPETRATOR else 0.0,
                p.reform_resisted,
            )
            garrison.discipline = improved(
                garrison.discipline, garrison.discipline_usual, effort, rate, decay
            )

    @property
    def protecting(self) -> float:
        """What a soldier of the state does to protect people, as far as the state responds."""
        model, p = self.model, self.model.parameters
        learned = model.rules.forces_learn(
            model.security_programme, self.cohesion, NONE, 0.0, p.reform_resisted
        )
        return self.response * float(
            model.rules.heightened(self.capacity, learned, p.security_protection)
        )

    def consider_consent(self) -> None:
        """Decide how far to consent to an outside presence."""
        model, p = self.model, self.model.parameters
        belief = 0.0
        for armed_group in model.armed_groups:
            if armed_group.kind != REBEL and armed_group.belief > belief:
                belief = armed_group.belief
        access = model.rules.forum_access(model.forums, p.forum_access_gain)
        access = model.rules.heightened(access, model.good_offices, p.offices_access)
        access = model.rules.heightened(access, model.joint_action, p.joint_access)
        self.consent = model.rules.consent_next(
            self.consent,
            self.openness,
            model.terms,
            belief * model.pressure,
            model.policy_protection,
            self.threat,
            access,
            p.consent_speed,
            p.consent_terms,
            p.consent_pressure,
            p.consent_sovereignty,
        )
