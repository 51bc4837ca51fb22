"""The report: self-contained, accessible, with the numbers of the tables, and a PDF of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine

from analysis.verdict_text import answer, claim, evidence, overall
from analysis.verdicts import verdicts
from experiments import report_parts
from experiments.alt_text import alt_text
from experiments.command import run_command
from experiments.config import compose
from experiments.figures import DRAWINGS
from experiments.material import Material
from experiments.report import main, report, write_pdf
from experiments.report_parts import drawable
from experiments.summary import write_summary
from experiments.sweep import run_sweep
from sim.errors import ForestallError

MOST_BYTES = 5_000_000
DOSE = "interventions.peacekeeping.intensity"


def swept(place: Path, *overrides: str) -> Path:
    config = compose([*overrides, "weeks=12"]) | {"output": str(place)}
    return run_sweep(
        config, engine=FakeEngine(), command=["forestall", "sweep", "action.start=0,4", "a b"]
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small sweep over a dose, on the fake engine."""
    place = tmp_path_factory.mktemp("sweep") / "r"
    levers = ("action.start=0,4", "actors.dispersion=0,1", f"{DOSE}=0,2500")
    return swept(place, *levers, "replicates=40")


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    """Return the report of these results."""
    return report(folder)


class Reader(HTMLParser):
    """Collects tags with their attributes, the headings, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes something else"

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def test_nothing_of_the_page_lies_outside_it(page: str) -> None:
    found = Reader(page)
    assert not found.open
    for tag, attributes in found.tags:
        assert tag not in ("script", "link", "iframe", "object", "embed", "base", "form"), tag
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            if name in ("src", "href", "srcset", "action", "poster", "data"):
                assert (value or "").startswith(("data:image/png;base64,", "#")), (tag, value)
    assert not re.search(r"https?://|@import|url\(", page)
    policy = [one for one in found.all("meta") if one.get("http-equiv")]
    assert "default-src 'none'" in (policy[0]["content"] or "")
    assert len(page.encode()) < MOST_BYTES


def test_every_figure_that_the_results_allow_is_there_with_its_own_words(page: str) -> None:
    found = Reader(page)
    images = found.all("img")
    # The fake engine records neither onsets nor costs: their place says so.
    drawn = [
        "timing_lines", "response_surface", "outcome_distribution", "paired_differences",
        "dose_response", "weekly_course",
    ]  # fmt: skip
    assert len(images) == len(drawn)
    alts = [image["alt"] or "" for image in images]
    for name, alt in zip(drawn, alts, strict=True):
        assert DRAWINGS[name].shows in alt
        assert re.search(r"\d", alt), alt
    assert len(set(alts)) == len(alts)
    assert len(found.all("figcaption")) == len(images)
    assert "time_to_onset was not drawn" in found.words
    assert found.words.count("Misreading:") == len(images)


def test_the_page_is_read_without_eyes_and_without_a_mouse(page: str) -> None:
    found = Reader(page)
    assert found.all("html") == [{"lang": "en"}]
    assert len(found.all("h1")) == len(found.all("title")) == len(found.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    targets = {attributes["id"] for _, attributes in found.tags if "id" in attributes}
    links = [link["href"] or "" for link in found.all("a")]
    assert links[0] == "#main" and {link[1:] for link in links} <= targets
    assert all(region["tabindex"] == "0" for region in found.all("div") if region.get("role"))


def test_the_words_hold_the_verdicts_of_the_statistics(page: str, folder: Path) -> None:
    given = Material(folder)
    words = Reader(page).words
    found, _ = verdicts(given.design, given.paired)
    assert len(found) == 3
    for one in found:
        for said in (claim(one), answer(one), *evidence(one)):
            assert " ".join(said.split()) in words
    for said in overall(given.effects):
        assert said in words


def test_question_scenario_and_command_are_told(page: str) -> None:
    words = Reader(page).words
    assert "Imbonerakure, FNL remnants" in words
    assert "Western Council members, Russia and China, African Union" in words
    assert "action.start: first week in which outsiders may act, from the shock 0, 4" in words
    assert "Burundi 2015: 25 communities" in words
    assert "forestall sweep action.start=0,4 'a b'" in words
    assert "400 of 400 runs asked for: 8 points" in words
    assert re.search(r"Digest of the runs \(SHA-256\) [0-9a-f]{64}", words)
    assert "contested election in week 26" in words


def test_a_long_table_shows_its_telling_rows_and_folds_the_rest(tmp_path: Path) -> None:
    from pypdf import PdfReader

    starts = ",".join(map(str, range(8)))
    place = swept(
        tmp_path / "r", f"action.start={starts}", "actors.dispersion=0,1", "replicates=20"
    )
    write_summary(place, notice=print)
    given = Material(place)
    rows = given.surface.set_index("point")
    told = report_parts.telling(given)
    for name in ("risk_difference", "deaths_averted"):
        for end in (rows[name].idxmin(), rows[name].idxmax()):
            assert end in told
    assert "most deaths averted" in told[rows["deaths_averted"].idxmax()]
    assert "largest fall" in told[rows["risk_difference"].idxmin()]
    made = report(place)
    short, fold = made.split("<details>")
    assert short.rpartition("<tbody>")[2].count("<tr>") == len(told) < 16
    assert fold.partition("</details>")[0].count("<tr>") == 16 + 1
    pdf = PdfReader(write_pdf(made, tmp_path / "r.pdf"))
    words = " ".join(" ".join(one.extract_text() for one in pdf.pages).split())
    assert "All 16 points are in the file summary.csv" in words
    assert "summary.csv of the results holds them, too" not in words


def test_the_share_of_pairs_with_more_deaths_is_explained_beside_that_with_fewer(page: str) -> None:
    words = " ".join(Reader(page).words.split())
    assert "harm %" not in words
    assert "more deaths, % of pairs fewer deaths, % of pairs" in words
    assert "by themselves no sign of harm" in words


def test_the_pdf_holds_the_verdicts_and_the_figures(
    page: str, folder: Path, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    file = write_pdf(page, tmp_path / "report.pdf")
    pdf = PdfReader(file)
    words = " ".join(" ".join(one.extract_text() for one in pdf.pages).split())
    given = Material(folder)
    for one in verdicts(given.design, given.paired)[0]:
        assert answer(one) in words
    # Pages share their resources: every picture is listed on each of them.
    pictures = {image.name for one in pdf.pages for image in one.images}
    assert len(pictures) == len(Reader(page).all("img"))


def test_the_command_writes_both_beside_the_results_or_where_it_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--no-pdf"]) == 0
    assert capsys.readouterr().out.split() == [str(folder / "report.html")]
    assert not (folder / "report.pdf").exists()
    own = tmp_path / "mine" / "briefing.html"
    assert main([str(folder), "--out", str(own)]) == 0
    assert own.is_file() and own.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_without_what_the_pdf_needs_the_page_is_written_and_one_line_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    assert main([str(folder)]) == 0
    said = capsys.readouterr()
    assert said.out.split() == [str(folder / "report.html")]
    assert said.err.count("\n") == 1 and "it needs the extra [report]" in said.err


def test_a_missing_library_of_the_system_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpangoft2-1.0-0':\nno such file")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ForestallError, match=r"needs the system's Pango.*libpangoft2") as found:
        write_pdf("<p>", tmp_path / "report.pdf")
    assert "\n" not in str(found.value)


def test_a_page_that_reaches_out_makes_no_pdf(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"not for the page")
    for source in (secret.as_uri(), "http://127.0.0.1:9/picture.png"):
        with pytest.raises(ForestallError, match="reaches out of the page"):
            write_pdf(f'<img alt="" src="{source}">', tmp_path / "report.pdf")


def test_an_unfinished_sweep_and_a_single_point_are_reports_too(tmp_path: Path) -> None:
    one = swept(tmp_path / "one", "action.start=0", "replicates=1")
    words = Reader(report(one)).words
    assert "One point was run; nothing was varied." in words
    assert "at the best of 1 point " in words
    for chunk in (*(one / "runs").iterdir(), *(one / "weekly").iterdir()):
        chunk.unlink()
    words = Reader(report(one)).words
    assert "No run is stored yet" in words and "nothing to draw" in words
    assert "0 of 2 runs asked for" in words and "the sweep is not finished" in words


def test_a_sample_has_its_own_figure_and_no_verdict_on_what_it_samples(tmp_path: Path) -> None:
    place = swept(
        tmp_path / "sample", "action.start=0,4", "actors.dispersion=interval(0,1)",
        "parameters.threat_fade=documented", "design.points=16", "replicates=4",
    )  # fmt: skip
    write_summary(place, notice=print)
    found = Reader(report(place))
    words = found.words
    assert "mass killing along each factor" in (found.all("img")[0]["alt"] or "")
    assert "have no verdict: actors.dispersion, parameters.threat_fade" in words
    assert "Acting earlier prevents mass killing" in words


def test_points_of_a_sample_of_many_levers_have_names_that_figures_have_room_for(
    tmp_path: Path,
) -> None:
    attributes = (
        "commitment", "capacity", "civil_society", "accountability", "restraint", "neighbours",
    )  # fmt: skip
    place = swept(
        tmp_path / "sample", "action.start=interval(0,20)", "actors.dispersion=interval(0,1)",
        *(f"attributes.{name}=documented" for name in attributes),
        "interventions.peacekeeping.intensity=documented", "design.points=16", "replicates=4",
    )  # fmt: skip
    given = Material(place)
    assert "dose_response" not in list(drawable(given))
    lines = DRAWINGS["paired_differences"].draw(given).axes[0].get_yticklabels()
    assert lines and all(line.get_text().startswith("design point ") for line in lines)
    assert len(alt_text("outcome_distribution", given)) < 400


def test_what_is_no_folder_of_results_or_no_name_of_a_page_is_one_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, said in (
        ([str(tmp_path / "none")], "no such folder"),
        ([str(folder), "--out", "report.pdf"], "does not end with .html"),
    ):
        assert run_command(main, arguments, name="forestall report") == 2
        line = capsys.readouterr().err
        assert said in line and line.count("\n") == 1


def test_every_figure_has_a_reading_and_an_alternative_text_of_its_own() -> None:
    from experiments.alt_text import _NUMBERS

    assert set(_NUMBERS) <= set(DRAWINGS)
    for name in DRAWINGS:
        paragraphs = report_parts.reading_of(name)
        assert paragraphs and paragraphs[-1].startswith("**Misreading:**"), name
    with pytest.raises(ForestallError):
        alt_text("no_such_figure", Material("nowhere"))
