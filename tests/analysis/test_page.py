"""Pages: escaped, self-contained, and readable by everybody."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from playwright.sync_api import Browser

from analysis.page import (
    TEXT_ON,
    bullets,
    command,
    contrast,
    heading,
    joined,
    marked,
    page,
    paragraph,
    picture,
    table,
    terms,
)

EVIL = "<script>alert('x')</script> & \"co\""


def test_the_contrast_of_black_on_white_is_the_most_and_of_equals_the_least():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # of the WCAG's own text


def test_every_text_of_a_page_stands_out_from_its_ground():
    for text, ground in TEXT_ON:
        assert contrast(text, ground) >= 7, (text, ground)


def test_all_text_is_escaped():
    rows = pd.DataFrame({EVIL: [EVIL], "b": [EVIL]})
    parts = [
        paragraph(EVIL), heading(EVIL), bullets([EVIL]), command(EVIL), terms([(EVIL, EVIL)]),
        table(rows, caption=EVIL), marked(EVIL),
        picture(Figure((1, 1)), alt=EVIL, caption=marked(EVIL)),
    ]  # fmt: skip
    whole = page(EVIL, joined(parts), [(EVIL, joined(parts))], foot=EVIL)
    assert "<script" not in whole
    assert whole.count("&lt;script&gt;") > 20
    assert not re.search(r'alt="[^"]*"co', whole)


def test_a_guide_keeps_code_strong_and_emphasis():
    said = marked("a `b` **c**\n*d*")
    assert said == "<p>a <code>b</code> <strong>c</strong> <em>d</em></p>"


def test_a_picture_within_the_page_is_the_figure():
    from PIL import Image

    figure = Figure(figsize=(2, 1))
    axes = figure.add_axes((0, 0, 0.5, 1), facecolor="#0072B2")
    axes.spines[:].set_visible(False)
    html = picture(figure, alt="blue", caption=marked("a"))
    content = re.search(r"base64,([^\"]+)", html)[1]
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        assert image.format == "PNG" and image.size == (220, 110)
        pixels = np.asarray(image.convert("RGB"))
    assert pixels[50, 50].tolist() == [0, 0x72, 0xB2]
    assert pixels[50, 200].tolist() == [255, 255, 255]


def test_a_table_heads_its_columns_and_rows_and_is_reached_by_the_keyboard():
    html = table(pd.DataFrame({"a": ["x"], "b": ["y"]}), caption="What it holds")
    assert html.count('scope="col"') == 2 and html.count('scope="row"') == 1
    assert "<caption>What it holds</caption>" in html
    assert 'role="region" tabindex="0" aria-label="What it holds"' in html


_BROKEN = """() => {
  const said = [];
  for (const head of document.querySelectorAll('th')) {
    const texts = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) said.push(word[0]);
      }
  }
  return said;
}"""


def test_no_head_of_a_table_is_broken_within_a_word(browser: Browser) -> None:
    names = [
        "interventions.peacekeeping.intensity",
        "averted if baseline escalates",
        "deaths averted",
    ]
    rows = pd.DataFrame([["1", "2", "3"]] * 2, columns=names)
    made = page("T", paragraph("l"), [("One", table(rows, caption="c"))], foot="f")
    window = browser.new_page(viewport={"width": 390, "height": 844})
    window.set_content(made)
    assert window.locator("th[scope=col]").all_inner_texts() == names
    assert window.evaluate(_BROKEN) == []
    window.close()
