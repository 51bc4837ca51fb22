"""What the page survives: many windows, a lost connection, and links of ill will."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest
from cut_connection import wire_to
from playwright.sync_api import Browser, expect
from real_browser import Window, serving

from analysis.app.course import _KEPT, courses_of
from analysis.app.shown import Shown, read_query
from analysis.app.spread import REPLICATES
from analysis.plots import figure
from analysis.plots.country_over_time import film_weeks
from sim.engines import run
from sim.outcomes import O

Open = Callable[..., Window]
ROOT = Path(__file__).parents[2]


def ask(
    address: str, path: str, headers: dict[str, str] | None = None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    """Ask the server for a path exactly as it is written."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.putrequest("GET", path, skip_host=bool(headers and "Host" in headers))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def drawn(window: Window) -> list[str]:
    """Return what stands on the screen once it stands still: both maps, and the counters."""
    before: list[str] = []
    for _ in range(60):
        parts = (".world.first", ".world.second", ".counters")
        now = [window.page.locator(part).first.inner_html() for part in parts]
        if now == before:
            return now
        before = now
        window.page.wait_for_timeout(700)
    raise AssertionError("the screen never stood still")


def test_a_link_restores_the_screen_in_another_window(address: str, window: Open) -> None:
    first = window()
    page = first.open(f"{address}?country=kenya_2007&seed=7&against=later&later=40&commitment=0.8")
    page.get_by_role("button", name="Rewind").click()
    for number in range(1, 4):
        page.get_by_role("button", name="Step").click()
        expect(page.locator(".world.first")).to_have_attribute("data-week", str(number))
    page.locator('[data-name="start"] [role="slider"]').press("ArrowRight")
    expect(page.locator(".world.first h2")).to_have_text("Action from week 1 on")
    page.get_by_text("armed presence").click()
    expect(page.locator(".world.first svg rect[height='3.6']")).to_have_count(0)
    expect(page.locator(".busy.on")).to_have_count(0)
    restore = page.locator("a.restore")
    for part in ("week=3", "hidden=armed"):
        expect(restore).to_have_attribute("href", re.compile(part))
    link = restore.get_attribute("href")
    second = window()
    second.open(address + link.removeprefix("/"))
    assert drawn(second) == drawn(first)


def test_equal_seeds_show_equal_numbers_in_any_process(address: str, window: Open) -> None:
    """The server's numbers are those of this process, and of the compiled engine."""
    page = window().open(f"{address}?seed=11&replicate=3")
    shown = read_query("seed=11&replicate=3")
    pair = courses_of(shown).pair
    compiled = run(
        [pair.first, pair.second], scenario=np.arange(2), replicate=np.full(2, 3), seed=11
    )
    cells = page.locator('tr[data-row="deaths"] td').all_inner_texts()[:2]
    assert cells == [f"{deaths:,.0f}" for deaths in compiled.outcomes[:, O.direct_deaths]]


def test_all_courses_of_chance_are_run_in_the_background(address: str, window: Open) -> None:
    seen = window()
    page = seen.open(address)
    page.wait_for_selector(".spread svg", timeout=300_000)
    pair = courses_of(Shown()).pair
    deaths = [
        run([case], scenario=np.zeros(REPLICATES, int), replicate=np.arange(REPLICATES), seed=1)
        .outcomes[:, O.direct_deaths]
        for case in (pair.first, pair.second)
    ]  # fmt: skip
    row = page.locator(".under tr", has_text="direct deaths, mean")
    assert row.locator("td").all_inner_texts() == [f"{one.mean():,.0f}" for one in deaths]
    seen.clean()


@pytest.mark.one_in(2)
@pytest.mark.parametrize("query", ["?weeks=52", ""])
def test_it_tells_why_the_two_runs_came_apart(address: str, window: Open, query: str) -> None:
    seen = window()
    page = seen.open(address + query)
    page.get_by_role("button", name="Compare the two runs").click()
    page.wait_for_selector(".chain li")
    told = page.locator(".chain > div, .chain").first.inner_text()
    assert "outside actors begin to act in “Outside action”" in told
    assert "the first state that differs" not in told  # every step stands behind a line that opens
    assert "the first state that differs" in str(page.locator(".chain details").text_content())
    assert re.search(
        "At the horizon [\\d,]+ people have been killed in “Outside action” and [\\d,]+ in", told
    )
    assert "baseline" not in told  # the second world of a lesson may have action too
    seen.clean()


@pytest.mark.long
def test_a_comparison_says_how_far_it_is_and_makes_room_for_that_of_another_setting(
    address: str, window: Open
) -> None:
    """The first is of many weeks; the second would otherwise wait until they have all been compared."""
    seen = window()
    page = seen.open(f"{address}?weeks=260&replicate=6")
    page.wait_for_selector(".spread svg", timeout=300_000)  # one job at a time
    page.get_by_role("button", name="Compare the two runs").click()
    far = page.locator("[role=status]", has_text="weeks of both runs have been compared")
    expect(far).to_have_text(re.compile(r"^[1-9]\d* of 260 weeks"))
    page.locator('[data-name="weeks"] [role="slider"]').press("Home")
    expect(page.locator(".world.first")).to_have_attribute("data-week", "52")
    page.get_by_role("button", name="Compare the two runs").click()
    expect(page.locator(".chain li").first).to_be_visible()
    assert "At the horizon" in page.locator(".chain").first.inner_text()
    seen.clean()


@pytest.mark.long
def test_it_switches_mechanisms_off_and_says_what_each_contributes(
    address: str, window: Open
) -> None:
    seen = window()
    page = seen.open(f"{address}?weeks=52&against=later&later=30&replicate=2")
    page.get_by_role("button", name="Compare the two runs").click()
    page.get_by_role("button", name="Switch mechanisms off one by one").click()
    page.wait_for_selector(".parts table", timeout=300_000)
    pair = courses_of(read_query("weeks=52&against=later&later=30")).pair
    which = np.tile(np.arange(REPLICATES), 2)
    worlds = run(
        [pair.first, pair.second], scenario=np.repeat([0, 1], REPLICATES), replicate=which, seed=1
    )
    fewer = -np.subtract(*worlds.outcomes[:, O.direct_deaths].reshape(2, REPLICATES))
    cells = page.locator('[data-part="total"] td').all_inner_texts()
    assert cells[1].startswith(f"{figure.number(fewer.mean())} [")
    assert cells[2] == figure.number(fewer[2])
    seen.clean()


@pytest.mark.one_in(3)
@pytest.mark.parametrize(("query", "said"), [
    ("?country=../../../etc/passwd", "country: unknown name"),
    ("?seed=%3Cscript%3Ealert(1)%3C/script%3E", "seed: '<script>alert(1)<"),
    ("?" + "start=0&" * 60, "link:"),
])  # fmt: skip
def test_a_hostile_link_shows_one_line_and_a_page_that_works(
    address: str, window: Open, query: str, said: str
) -> None:
    seen = window()
    page = seen.open(address + query)
    assert said in page.locator("[role=alert], .v-alert").first.inner_text()
    assert page.locator("script", has_text="alert(1)").count() == 0
    page.get_by_role("button", name="Rewind").click()
    expect(page.locator(".world.first")).to_have_attribute("data-week", "0")
    seen.clean()


@pytest.mark.parametrize("path", [
    "/../../../../etc/passwd", "/_solara/cdn/../../../../etc/passwd", "/static/../../etc/passwd",
    "/_solara/cdn/%2e%2e/%2e%2e/etc/passwd", "/static/public/..%2f..%2fpyproject.toml",
    "/_solara/cdn/left-pad@1.3.0/index.js", "/take/..%2f..%2fpyproject.toml",
    "/take/pyproject.toml", "/take/README.md", "/pyproject.toml", "/static/public/pyproject.toml",
    "/static/nbextensions/..%2f..%2f..%2fetc%2fpasswd", "/static/assets/../../../../../etc/passwd",
    "/take/weeks.csv?country=../../../etc/passwd",
])  # fmt: skip
def test_no_path_that_a_visitor_names_is_read_or_fetched(address: str, path: str) -> None:
    status, body, _ = ask(address, path)
    assert status in (400, 404)
    assert b"root:" not in body and b"[project]" not in body and b"Traceback" not in body


def test_it_is_bound_to_this_machine_alone(address: str) -> None:
    """Another address of this machine's own loop would answer if it listened on all of them."""
    assert (
        socket.create_connection(("127.0.0.1", urlsplit(address).port), timeout=10).close() is None
    )
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", urlsplit(address).port), timeout=10)


_WATCHING = """
import sys
def watch(event, arguments):
    if event == "socket.connect":
        place = arguments[1]
    elif event == "socket.getaddrinfo":
        place = arguments
    else:
        return
    here = (None, "", "127.0.0.1", "localhost", "::1", "0.0.0.0")
    if isinstance(place, tuple) and place[0] not in here:
        with open(TOLD, "a") as out:
            out.write(f"{event} {place!r}\\n")
sys.addaudithook(watch)
"""


def test_the_server_asks_nobody_for_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: Open
) -> None:
    """Neither does it tell anybody that it was started, as what it is built on does by itself."""
    told = tmp_path / "told.txt"
    told.write_text("")
    watching = _WATCHING.replace("TOLD", repr(str(told)))
    (tmp_path / "sitecustomize.py").write_text(watching, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    with serving() as address:
        window().open(address)
        assert ask(address, "/_solara/cdn/left-pad@1.3.0/index.js")[0] == 404
        assert ask(address, "/take/weeks.csv?weeks=52")[0] == 200
    assert told.read_text() == ""
    # The watch would have told.
    code = (
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    )
    subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert "192.0.2.1" in told.read_text()


def test_it_answers_to_its_own_name_and_its_own_page_alone(address: str) -> None:
    """Another page, or another name that leads here, could otherwise drive it from a browser."""
    own = urlsplit(address).netloc
    assert ask(address, "/", {"Host": own})[0] == 200
    assert ask(address, "/", {"Host": "elsewhere.example"})[0] == 403
    handshake = {
        "Host": own, "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": 22 * "A" + "==",
    }  # fmt: skip
    path = "/jupyter/api/kernels/12345678-1234-1234-1234-123456789012/channels?session_id=1"
    assert ask(address, path, {**handshake, "Origin": "http://elsewhere.example"})[0] == 403
    assert ask(address, "/", {"Host": "127.0.0.1; img-src *"})[0] == 403
    policy = ask(address, "/")[2]["content-security-policy"]
    assert "default-src 'self'" in policy and f"ws://{own};" in policy


def test_what_is_taken_along_is_what_is_drawn(address: str) -> None:
    query = "seed=3&against=later"
    courses = courses_of(read_query(query))
    status, body, headers = ask(address, f"/take/weeks.csv?{query}")
    assert status == 200 and "attachment" in headers["content-disposition"]
    weeks = pd.read_csv(pd.io.common.BytesIO(body))
    first = weeks[weeks["world"] == courses.pair.first_name]
    assert first["weeks_from_shock"].iloc[-1] == film_weeks(courses.weeks)[-1] - courses.shock_week
    assert first["direct_deaths_so_far"].tolist() == courses.first.deaths.tolist()
    places = pd.read_csv(pd.io.common.BytesIO(ask(address, f"/take/places.csv?{query}")[1]))
    last = places[
        (places["week"] == courses.weeks - 1) & (places["world"] == courses.pair.second_name)
    ]
    assert last["killed"].tolist() == courses.second.places["killed"][-1].tolist()
    assert ask(address, f"/take/two_worlds.png?{query}")[1].startswith(b"\x89PNG")
    assert b"<svg" in ask(address, f"/take/two_worlds.svg?{query}")[1]


def test_after_a_lost_connection_the_page_goes_on_where_it_was(address: str, window: Open) -> None:
    with wire_to(address) as wire:
        page = window().open(f"http://127.0.0.1:{wire.port}/?week=40")
        wire.cut()
        page.wait_for_selector("text=disconnected")
        wire.mend()
        expect(page.get_by_text("disconnected").locator("visible=true")).to_have_count(
            0, timeout=60_000
        )
        page.get_by_role("button", name="Step").click()
        expect(page.locator(".world.first")).to_have_attribute("data-week", "41")


@pytest.mark.parametrize("many", [6, pytest.param(20, marks=pytest.mark.long)])
def test_many_windows_at_once_all_show_both_worlds(
    address: str, window: Open, browser: Browser, many: int
) -> None:
    windows = [window() for _ in range(many)]
    for number, one in enumerate(windows):
        one.page.goto(f"{address}?replicate={number % 4}", wait_until="commit")
    totals = set()
    for number, one in enumerate(windows):
        one.page.wait_for_selector(".world.second svg", timeout=180_000)
        # The counters come with the next message of the server.
        expect(one.page.locator('tr[data-row="deaths"] td').nth(1)).not_to_be_empty()
        cells = one.page.locator('tr[data-row="deaths"] td').all_inner_texts()[:2]
        totals.add((number % 4, *cells))
        one.page.wait_for_selector(".spread svg", timeout=180_000)  # one job for all
        one.clean()
    assert len(totals) == 4  # whoever opens the same link sees the same numbers
    for one in windows[:3]:
        one.page.get_by_role("button", name="Rewind").click()
    for one in windows[:3]:
        expect(one.page.locator(".world.first")).to_have_attribute("data-week", "0")


def test_what_others_look_at_does_not_empty_a_window(address: str, window: Open) -> None:
    """The server keeps so many courses; those of this window are among the first to go."""
    assert ask(address, "/take/weeks.csv?weeks=52")[0] == 200  # so that they are there at once
    seen = window()
    page = seen.open(f"{address}?weeks=52")
    for number in range(_KEPT + 1):
        assert ask(address, f"/take/weeks.csv?weeks=52&seed={number + 50}")[0] == 200
    page.get_by_text("armed presence").click()
    expect(page.locator("a.restore")).to_have_attribute("href", re.compile("hidden=armed"))
    expect(page.locator(".world.second svg")).to_have_count(1)
    expect(page.locator(".busy.on")).to_have_count(0)
    seen.clean()
