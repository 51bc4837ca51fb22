"""The mechanisms of the model and their switches: what each does, and what stands in for it when off.

A switch is a setting of the scenario (``mechanisms: {flight: false}``). Off, a mechanism is replaced
by something neutral, so that its part in an outcome can be found by switching it off on the same
random numbers. Neutral replacements of what the actors do together read the declared mean of their
positions, never a computed one, so that "no effect of unity" holds to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import bad_value
from sim.reading import known_mapping


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism.

    Attributes
    ----------
    number : int
        Number in the description of the model.
    name : str
        Name of its switch and, unless it is part of another, of its file in `sim.ensemble`.
    meaning : str
        What it does.
    neutral : str
        What happens instead when it is off.
    source : str
        Who described it; what speaks for it and against it is in `sim/ODD.md`.
    part_of : str
        File of `sim.ensemble` that it shares with others; its own unless given.
    """

    number: int
    name: str
    meaning: str
    neutral: str
    source: str
    part_of: str = ""

    @property
    def file(self) -> str:
        """Name of its file in `sim.ensemble`."""
        return self.part_of or self.name


ADVERSE = "adverse_effects"
DELIVERY = "programmes"
"""File of `sim.ensemble` that delivers measures: without a dose nothing is delivered, so that it needs
no switch and no replacement."""


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        1,
        "elite_choice",
        "Leaders choose orders.",
        "No order is ever given.",
        "Valentino 2004; Straus 2015; McKelvey & Palfrey 1995 (quantal response)",
    ),
    Mechanism(
        2,
        "mobilisation",
        "People join militias and rebels.",
        "Both keep their standing strength.",
        "Straus 2006; McDoom 2013; Granovetter 1978 (peers)",
    ),
    Mechanism(
        3,
        "killing",
        "Armed groups attack and kill.",
        "Nobody attacks.",
        "Balcells 2010 (revenge); Posen 1993 (fear); Lewis et al. 2012 (self-excitation)",
    ),
    Mechanism(
        4,
        "flight",
        "The fearful leave.",
        "Nobody leaves.",
        "Davenport, Moore & Poe 2003; Adhikari 2013; Toft 2007 (return)",
    ),
    Mechanism(
        5,
        "indirect_deaths",
        "Hardship kills.",
        "Nobody dies of hardship.",
        "Toole & Waldman 1990; Geneva Declaration 2008",
    ),
    Mechanism(
        6,
        "trust",
        "Hate speech, counter-speech, contact and violence move trust and norms.",
        "Leaders speak, and outsiders note it, but nobody heeds it; trust and norms stay as they are.",
        "Yanagizawa-Drott 2014; Paluck 2009; Mousa 2020; Staub 1989 (norms)",
    ),
    Mechanism(
        7,
        "early_warning",
        "Actors read the alarm late and with error.",
        "Every actor reads the true alarm at once.",
        "Goldsmith et al. 2013; Meyer & Otto 2016",
    ),
    Mechanism(
        8,
        "agenda",
        "Prevention competes for limited attention, which tires.",
        "Attention stays at the usual salience.",
        "Jones & Baumgartner 2005; Downs 1972",
    ),
    Mechanism(
        9,
        "mandate_bargaining",
        "Proposals, votes and vetoes make the mandate.",
        "At every meeting the declared mean position is what is proposed and passes, on the scale "
        "that an actor with the mean stake likes best.",
        "Romer & Rosenthal 1978; Voeten 2001",
    ),
    Mechanism(
        10,
        "split_resources",
        "Who is outvoted acts alone, on its own policy.",
        "Nobody acts outside the common policy.",
        "Weitsman 2003; Early 2009",
    ),
    Mechanism(
        11,
        "forums",
        "Actors open mediations of their own, and parties shop between them.",
        "There is the common mediation alone, and all parties attend it.",
        "Crocker, Hampson & Aall 1999; Boehmelt 2010; Svensson 2007",
    ),
    Mechanism(
        12,
        "credibility",
        "Armed groups learn what is enforced.",
        "They keep their first belief.",
        "Kydd 2005; Schelling 1966",
    ),
    Mechanism(
        13,
        "correlated_error",
        "Actors who stand together share a diagnosis, right or wrong.",
        "Every actor errs on its own.",
        "Janis 1972; Page 2007",
    ),
    Mechanism(
        14,
        "deployment",
        "Offers, ramp-up and consent shape the force.",
        "All that the mandate asks for is there in the same week.",
        "Lundgren, Oksamytna & Coleman 2021; Hultman, Kathman & Shannon 2013",
    ),
    Mechanism(
        15,
        "domestic_reform",
        "Structural programmes change exclusion, justice, livelihoods and institutions, and leak.",
        "Structures stay as they are.",
        "Cederman, Gleditsch & Buhaug 2013; Blattman, Hartman & Blair 2014; Reinikka & Svensson "
        "2004 (leakage)",
    ),
    Mechanism(
        15,
        "domestic_response",
        "A state that does not kill sends its forces to protect, as its leaders want or must.",
        "State forces protect nobody.",
        "Straus 2015; Bellamy 2016; Harff 2003",
    ),
    Mechanism(
        16,
        "contest",
        "Combat costs both sides strength, moves control and wears them down; one side may win.",
        "No combat: strength and control stay as they are, and nobody tires.",
        "Kalyvas 2006 (control); Mason & Fett 1996 (exhaustion); Salehyan 2009 (neighbours)",
    ),
    Mechanism(
        16,
        "settlement",
        "Leaders settle, and keep or break what they signed.",
        "Nobody settles or breaks an agreement.",
        "Zartman 1989; Walter 2002; Fortna 2004",
    ),
    Mechanism(
        17,
        "shocks",
        "Events from outside threaten, anger, frighten, divide, impoverish and arm.",
        "No shock strikes.",
        "Harff 2003; Roessler 2011; Miguel, Satyanath & Sergenti 2004; Salehyan 2009",
    ),
    Mechanism(
        18,
        "moral_hazard",
        "A promise of rescue emboldens rebels.",
        "Rebels expect no rescue.",
        "Kuperman 2008; Kydd & Straus 2013",
        ADVERSE,
    ),
    Mechanism(
        18,
        "sovereignty_backlash",
        "Outside pressure makes a government feel threatened.",
        "Pressure is not resented.",
        "Hafner-Burton 2008; Grossman, Manekin & Margalit 2018",
        ADVERSE,
    ),
    Mechanism(
        18,
        "acceleration",
        "An announced force that is not there hurries violence on.",
        "Announcements hurry nobody.",
        "Kydd & Straus 2013; Hultman 2010",
        ADVERSE,
    ),
    Mechanism(
        18,
        "displaced_violence",
        "Violence moves to where protection is thin.",
        "It stays where it is.",
        "Beardsley & Gleditsch 2015",
        ADVERSE,
    ),
    Mechanism(
        18,
        "diverted_aid",
        "Armed groups live on aid.",
        "No aid is diverted.",
        "Nunn & Qian 2014",
        ADVERSE,
    ),
    Mechanism(
        18,
        "suppressed_speech",
        "Counter-speech breeds resentment among those who distrust it.",
        "It breeds none.",
        "Bail et al. 2018",
        ADVERSE,
    ),
    Mechanism(
        18,
        "hollow_presence",
        "People gather around peacekeepers who do not enforce.",
        "Nobody is misled.",
        "Honig & Both 1996",
        ADVERSE,
    ),
)


def read_switches(raw: Mapping[str, object] | None) -> dict[str, bool]:
    """Return whether each mechanism is on, by name; what is left out is on.

    Raises
    ------
    ScenarioError
        For a name that is no mechanism, or anything but true or false.
    """
    names = [mechanism.name for mechanism in MECHANISMS]
    switches = dict.fromkeys(names, True)
    for name, value in known_mapping("mechanisms", raw, names).items():
        if not isinstance(value, bool):
            raise bad_value(f"mechanisms.{name}", value, "true or false")
        switches[name] = value
    return switches
