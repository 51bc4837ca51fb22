"use strict";
// Shows the lessons that the element #data holds. Text enters the page as text, never as markup.

const lessons = JSON.parse(document.getElementById("data").textContent).lessons;
const STEPS = ["The claim", "Predict", "What came out", "One pair, week by week", "Try your own world", "Discuss"];
const [CLAIM, PREDICT, RESULT, WATCH, EXPLORE, DISCUSS] = STEPS.keys();
const PREDICTED = { fewer: "fewer deaths in the first world", same: "no clear difference", more: "more deaths in the first world" };
const OUTWEIGHS = { fewer: "the country differs more than action does", same: "cannot be told apart", more: "action does more than the country" };
const predictions = new Map();
let playing = null;

function node(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "text") made.textContent = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
const drawn = (tag, properties) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") made.textContent = value;
    else made.setAttribute(name, value);
  }
  return made;
};
const paragraph = (text, style) => node("p", style ? { class: style, text } : { text });
const list = (items) => node("ul", {}, ...items.map((text) => node("li", { text })));
const people = (number) => Math.round(number).toLocaleString("en");

// --- where the reader is: #name/step, so that a link leads to what is on the screen ------------------
function place() {
  const [name, step] = location.hash.slice(1).split("/");
  const lesson = lessons.find((one) => one.name === name) || lessons[0];
  const number = Number(step);
  return [lesson, Number.isInteger(number) && number >= 1 && number <= STEPS.length ? number - 1 : 0];
}
function go(lesson, step) {
  const target = `#${lesson.name}/${step + 1}`;
  if (location.hash === target) show();
  else location.hash = target;
}

function show() {
  clearInterval(playing);
  playing = null;
  const [lesson, asked] = place();
  // A result is shown only to those who have said what they expect.
  const step = asked > PREDICT && !predictions.has(lesson.name) ? PREDICT : asked;
  document.getElementById("lessons").replaceChildren(
    node("div", { class: "row" }, ...lessons.map((one, index) =>
      node("button", { "aria-current": one === lesson, text: `${index + 1}. ${one.title}`, onclick: () => go(one, 0) }))));
  const open = (number) => number <= PREDICT || predictions.has(lesson.name);
  const steps = node("div", { class: "row steps", role: "group", "aria-label": "Steps of this lesson" },
    ...STEPS.map((name, number) => {
      const button = node("button", { "aria-current": number === step, text: `${number + 1} ${name}`, onclick: () => go(lesson, number) });
      button.disabled = !open(number);
      return button;
    }));
  document.body.classList.toggle("begun", step !== CLAIM);
  const parts = [claim, predict, result, watch, explore, discuss][step](lesson);
  const turn = node("div", { class: "row" });
  if (step > 0) turn.append(node("button", { text: "Back", onclick: () => go(lesson, step - 1) }));
  if (step < STEPS.length - 1 && step !== PREDICT)
    turn.append(node("button", { class: "main", text: `Next: ${STEPS[step + 1].toLowerCase()}`, onclick: () => go(lesson, step + 1) }));
  document.getElementById("lesson").replaceChildren(steps, ...parts, turn);
}

// --- 1 the claim -------------------------------------------------------------------------------------
function claim(lesson) {
  return [
    node("h2", { text: lesson.title }),
    node("div", { class: "box" }, paragraph(`Claim, to be tested: ${lesson.claim}`, "strong")),
    paragraph(`Two worlds are run ${people(lesson.runs)} times each on the same random numbers: what chance brings is the same in both, so that a difference comes from what was set. Each is also run with nobody from outside acting.`),
    node("div", { class: "side" },
      ...["case", "opposite"].map((arm, index) => node("div", { class: "box" },
        node("h3", { text: `${index ? "Second world, the opposite" : "First world, the case"}: ${lesson[arm].name}` }),
        node("details", { class: "note" }, node("summary", { text: "To run it yourself" }),
          paragraph(`forestall run ${lesson[arm].overrides.join(" ")}`))))),
    paragraph(`Held equal: ${lesson.held_equal}.`, "note"),
  ];
}

// --- 2 a prediction before the result ----------------------------------------------------------------
const answers = (lesson) => (lesson.expects === "outweighs_action" ? OUTWEIGHS : PREDICTED);
function predict(lesson) {
  const before = predictions.get(lesson.name);
  const ready = node("button", { class: "main", text: "Show what the model says" });
  const group = node("fieldset", {}, node("legend", { text: "What do you expect?" }));
  for (const [value, text] of Object.entries(answers(lesson))) {
    const input = node("input", { type: "radio", name: "expected", value, required: "" });
    if (before && before.expected === value) input.checked = true;
    group.append(node("label", {}, input, ` ${text}`));
  }
  const guess = (text, key) => {
    // Empty until somebody types: a number that stands there is copied.
    const input = node("input", { type: "number", min: 0, max: 100, step: 1, required: "", name: key, value: before ? before[key] : "" });
    return node("label", {}, input, ` of 100: ${text}`);
  };
  const numbers = node("fieldset", {}, node("legend", { text: "In how many of 100 runs does it become a mass killing (1,000 civilians of one group killed within a year)?" }),
    guess(`first world, ${lesson.case.name}`, "case"), guess(`second world, ${lesson.opposite.name}`, "opposite"),
    guess("second world, nobody acts", "opposite_alone"),
    paragraph("Whole numbers from 0 to 100.", "note"));
  const form = node("form", {}, group, numbers, node("div", { class: "row" }, ready));
  const check = () => { ready.disabled = !form.checkValidity(); };
  form.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.checkValidity()) return;
    const number = (key) => Number(numbers.querySelector(`[name=${key}]`).value);
    predictions.set(lesson.name, {
      expected: group.querySelector("input:checked").value,
      case: number("case"), opposite: number("opposite"), opposite_alone: number("opposite_alone"),
    });
    go(lesson, RESULT);
  });
  check();
  return [node("h2", { text: "First say what you expect" }),
    paragraph("Let the class decide before anyone looks. There is no wrong answer here: what counts is the reason for it."),
    paragraph("Answer all four; then the result can be seen.", "note"), form];
}

// --- 3 what came out ---------------------------------------------------------------------------------
// Few runs are mass killings where violence is rare; the verdict goes by deaths in all of them.
const SHADES = { few: "fewer than 10 killed", some: "10 to 99", many: "100 or more, no mass killing", killing: "a mass killing" };
const shade = (deaths) => (deaths < 10 ? "few" : deaths < 100 ? "some" : "many");
function squares(lesson, arm, title, marked) {
  const world = lesson.worlds[arm];
  const grid = node("div", { class: "squares", role: "img", "aria-label": `${title}: ${world.mass_killing.filter(Boolean).length} of ${world.mass_killing.length} drawn runs are mass killings` },
    ...world.mass_killing.map((killing, run) => {
      const square = node("span", { title: `run ${run}: ${people(world.deaths[run])} killed`, "data-run": run });
      square.classList.add(killing ? "killing" : shade(world.deaths[run]));
      square.addEventListener("mouseenter", () => marked(run));
      return square;
    }));
  const guess = predictions.get(lesson.name)[arm];
  return node("div", { class: "column" }, node("h3", { text: title }),
    node("p", { class: "big", text: `${(100 * world.share).toFixed(0)} of 100 a mass killing` }),
    paragraph(guess === undefined ? "\u00a0" : `you said ${guess}`, "note"), grid);
}
function result(lesson) {
  const said = predictions.get(lesson.name);
  const pointed = paragraph("Every square is one run; the same place in each picture is the same chance. Point at one to find its twins.", "note");
  const everywhere = (run) => {
    for (const square of document.querySelectorAll(".squares span"))
      square.classList.toggle("here", square.dataset.run === String(run));
    pointed.textContent = `Run ${run}: ` + ["case", "opposite", "opposite_alone"].map((arm, index) =>
      `${people(lesson.worlds[arm].deaths[run])} killed in the ${["first", "second", "second if nobody acts"][index]}`).join(", ") + ".";
  };
  const [head, ...rows] = lesson.table;
  return [
    node("h2", { text: "What came out" }),
    node("div", { class: "side" },
      squares(lesson, "case", `First world: ${lesson.case.name}`, everywhere),
      squares(lesson, "opposite", `Second world: ${lesson.opposite.name}`, everywhere),
      squares(lesson, "opposite_alone", "Second world, nobody acts", everywhere)),
    node("p", { class: "note shades" }, ...Object.entries(SHADES).flatMap(([name, text]) => [node("i", { class: name }), ` ${text} `])), pointed,
    node("div", { class: "box" },
      paragraph(`You expected: ${answers(lesson)[said.expected]}.`),
      paragraph(`${lesson.verdict_text.charAt(0).toUpperCase()}${lesson.verdict_text.slice(1)}`, "strong"),
      paragraph(`${lesson.differences} The case is the first world.`)),
    node("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of results" },
      node("table", {}, node("thead", {}, node("tr", {}, ...head.map((text) => node("th", { scope: "col", text })))),
        node("tbody", {}, ...rows.map(([first, ...rest]) => node("tr", {}, node("th", { scope: "row", text: first }), ...rest.map((text) => node("td", { text }))))))),
    paragraph(lesson.limits, "note"),
  ];
}

// --- 4 one pair of worlds on the map -----------------------------------------------------------------
const SIZE = 460;
const most = (lesson, name) => Math.max(1, ...lesson.watch.frames.flatMap((frame) => frame[name].flat()));
function map(lesson, world) {
  const { places, roads, people: count, frames } = lesson.watch;
  const [mostFled, mostKilled] = [most(lesson, "displaced"), most(lesson, "killed")];
  const across = (one) => 12 + one.x * (SIZE - 24), down = (one) => 12 + one.y * (SIZE - 24);
  const height = 24 + Math.max(...places.map((one) => one.y)) * (SIZE - 24) + 12;
  const picture = drawn("svg", { viewBox: `0 0 ${SIZE} ${height.toFixed(0)}`, role: "img" });
  for (const [from, to] of roads)
    picture.append(drawn("line", { x1: across(places[from]), y1: down(places[from]), x2: across(places[to]), y2: down(places[to]), stroke: "#bdbdbd" }));
  const area = (value, top) => Math.sqrt(value / top) * 34;
  const marks = places.map((one, index) => {
    const at = { cx: across(one), cy: down(one) };
    const fled = drawn("circle", { ...at, r: 0, fill: "#e69f00", "fill-opacity": 0.45, stroke: "#8a5f00" });
    const helped = drawn("rect", { x: at.cx + 4, y: at.cy - 12, width: 9, height: 9, fill: "#0072b2", stroke: "#fff", visibility: "hidden" });
    const killed = drawn("circle", { ...at, r: 0, fill: "#1a1a1a", "fill-opacity": 0.85 });
    const hint = drawn("title", {});
    const dot = drawn("circle", { ...at, r: one.abroad ? 3 : 2.5, fill: one.abroad ? "#fff" : "#6b6b6b", stroke: "#6b6b6b" });
    const group = drawn("g", {});
    group.append(fled, dot, killed, helped, hint);
    picture.append(group);
    return { fled, helped, killed, hint, index };
  });
  const named = [];
  const apart = (one, other) => Math.abs(across(one) - across(other)) > 110 || Math.abs(down(one) - down(other)) > 18;
  for (const one of [...places.keys()].sort((a, b) => count[b] - count[a]).map((index) => places[index]))
    if (!one.abroad && named.length < 6 && named.every((other) => apart(one, other))) named.push(one);
  for (const one of named)
    picture.append(drawn("text", { x: across(one) + 8, y: down(one) + 16, text: one.name }));
  return [picture, (week) => {
    const frame = frames[world];
    for (const { fled, helped, killed, hint, index } of marks) {
      fled.setAttribute("r", area(frame.displaced[week][index], mostFled));
      // Deaths are far fewer than flights: a scale of their own, so that they are seen at all.
      killed.setAttribute("r", 0.6 * area(frame.killed[week][index], mostKilled));
      helped.setAttribute("visibility", frame.peacekeepers[week][index] > 0 ? "visible" : "hidden");
      hint.textContent = `${places[index].name}: ${people(frame.killed[week][index])} killed so far, ${people(frame.displaced[week][index])} displaced, ${people(frame.peacekeepers[week][index])} peacekeepers`;
    }
  }];
}
function watch(lesson) {
  const { frames, shock_week: shock, replicate, rule, country } = lesson.watch;
  const last = frames[0].killed.length - 1;
  const sum = (row) => row.reduce((total, value) => total + value, 0);
  const total = (world, week) => [sum(frames[world].killed[week]), sum(frames[world].displaced[week])];
  const worlds = [0, 1].map((world) => map(lesson, world));
  const counters = [0, 1].map(() => node("p", { class: "big" }));
  const difference = node("p", { class: "strong", "aria-live": "polite" });
  const slider = node("input", { type: "range", min: 0, max: last, value: 0, "aria-label": "Week" });
  const when = node("span", { class: "strong" });
  const shown = () => Number(slider.value);
  const draw = () => {
    const week = shown(), from = week - shock;
    when.textContent = from < 0 ? `week ${week}, ${-from} before the shock` : from ? `week ${week}, ${from} after the shock` : `week ${week}, the shock`;
    for (const world of [0, 1]) {
      worlds[world][1](week);
      const [killed, fled] = total(world, week);
      counters[world].textContent = `${people(killed)} killed, ${people(fled)} displaced`;
    }
    const [one, other] = [total(0, week), total(1, week)];
    difference.textContent = `Difference, first less second: ${people(one[0] - other[0])} killed, ${people(one[1] - other[1])} displaced.`;
  };
  const stop = () => { clearInterval(playing); playing = null; play.textContent = "Play"; };
  const step = (by) => { slider.value = shown() + by; draw(); if (shown() >= last) stop(); };
  const play = node("button", { class: "main", text: "Play", onclick: () => {
    if (playing) return stop();
    if (shown() >= last) slider.value = 0;
    playing = setInterval(() => step(1), 160);
    play.textContent = "Pause";
  } });
  slider.addEventListener("input", draw);
  draw();
  return [
    node("h2", { text: `${country}: one pair of worlds, week by week` }),
    node("div", { class: "row" }, play,
      node("button", { text: "One week back", onclick: () => { stop(); step(-1); } }),
      node("button", { text: "One week on", onclick: () => { stop(); step(1); } }),
      node("button", { text: "To the start", onclick: () => { stop(); slider.value = 0; draw(); } }), slider, when),
    node("div", { class: "side" }, ...[0, 1].map((world) => node("div", {},
      node("h3", { text: `${world ? "Second" : "First"} world: ${world ? lesson.opposite.name : lesson.case.name}` }),
      counters[world], worlds[world][0]))),
    difference,
    paragraph(`Orange discs: displaced people who are there (the largest is ${people(most(lesson, "displaced"))}). Black discs: people killed there so far, on a scale of their own (the largest is ${people(most(lesson, "killed"))}). Blue squares: peacekeepers are there. Open dots: places abroad.`, "note"),
    paragraph(`One pair is an illustration and no evidence: run ${replicate}, ${rule}.`, "note"),
  ];
}

// --- 5 a world of one's own --------------------------------------------------------------------------
function bar(text, [share, low, high]) {
  const fill = node("i"), whisker = node("b");
  fill.style.width = `${share}%`;
  whisker.style.left = `${low}%`;
  whisker.style.width = `${Math.max(high - low, 0.5)}%`;
  return node("div", {}, node("div", { text: `${text}: ${share.toFixed(0)} of 100 (${low.toFixed(0)} to ${high.toFixed(0)})` }),
    node("div", { class: "bar" }, fill, whisker));
}
function explore(lesson) {
  const { controls, cells } = lesson.explore;
  if (!controls.length) return [node("h2", { text: STEPS[EXPLORE] }), paragraph("This lesson has no controls.")];
  const selects = controls.map((control) => node("select", { onchange: () => update() },
    ...control.options.map((text, index) => node("option", { value: index, text }))));
  const now = node("div", { "aria-live": "polite" }), kept = node("div");
  const chosen = () => selects.map((select) => Number(select.value));
  const cell = () => cells[chosen().reduce((whole, value, index) => whole * controls[index].options.length + value, 0)];
  const words = () => controls.map((control, index) => `${control.label}: ${control.options[chosen()[index]]}`).join("; ");
  const described = (title, found) => [node("h3", { text: title }),
    bar("Mass killing if nobody acts", found.alone), bar("Mass killing with this action", found.action),
    paragraph(`Direct deaths in the middle run: ${people(found.deaths_alone[1])} if nobody acts, ${people(found.deaths[1])} with this action (half of the runs lie between ${people(found.deaths[0])} and ${people(found.deaths[2])}).`),
    paragraph(`More people die with this action than without it in ${found.more.toFixed(0)} of 100 runs. It spends ${people(found.spent)} million USD on average.`)];
  const update = () => now.replaceChildren(...described("This world", cell()));
  const keep = node("button", { text: "Keep beside it", onclick: () => kept.replaceChildren(...described(`Kept: ${words()}`, cell())) });
  update();
  return [
    node("h2", { text: STEPS[EXPLORE] }),
    paragraph(`Every setting was run beforehand, ${people(lesson.runs)} times with action and without. Bars are shares of runs, black lines 95 % intervals. Say what you expect before you change anything.`),
    node("fieldset", {}, node("legend", { text: "Set" }), ...controls.map((control, index) => node("label", {}, `${control.label} `, selects[index]))),
    node("div", { class: "row" }, keep),
    node("div", { class: "side" }, now, kept),
  ];
}

// --- 6 what a class may ask --------------------------------------------------------------------------
function discuss(lesson) {
  return [
    node("h2", { text: "Discuss" }),
    node("div", { class: "box" }, paragraph(lesson.question, "strong")),
    node("h3", { text: "Look at" }), list(lesson.look_at),
    node("h3", { text: "Mind" }), ...(lesson.note ? [paragraph(lesson.note)] : []),
    list(["A share of runs is not the probability of anything in a real country.",
      "That a claim holds here shows that it follows from these assumptions, not that it is true.",
      "A world in which action did harm is as much a result as one in which it saved lives."]),
    paragraph(lesson.limits, "note"),
    ...registered(lesson.registered),
    ...((lesson.yourself || []).length
      ? [node("details", {}, node("summary", { text: "To run it yourself" }), list(lesson.yourself))] : []),
  ];
}

function registered(found) {
  if (!found.claims.length) return [];
  return [node("h3", { text: "The registered verdict" }), paragraph(found.introduction),
    ...found.claims.map((one) => node("div", { class: "box" },
      node("p", {}, node("strong", { text: `${one.head}. ` }), one.said)))];
}

window.addEventListener("hashchange", () => { show(); document.getElementById("lesson").focus(); });
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea")) return;
  const [lesson, step] = place();
  if (event.key === "ArrowRight" && step < STEPS.length - 1 && (step < PREDICT || predictions.has(lesson.name))) go(lesson, step + 1);
  if (event.key === "ArrowLeft" && step > CLAIM) go(lesson, step - 1);
});
show();
