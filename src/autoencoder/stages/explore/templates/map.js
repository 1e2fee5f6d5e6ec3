// The map of a data set's test images: its frames, legend and count; which data set and run it shows.
"use strict";

// What frames are coloured by, where it is a number: {values, least, most, unit}; the extremes are left to the ends.
function graduation() {
  if (state.colour === "label") return null;
  const values = state.colour === "error" ? run().psnr : run().nearestDistances;
  const sorted = Float32Array.from(values).sort(), at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return {values, least: at(0.02), most: at(0.98), unit: state.colour === "error" ? " dB" : "", name: state.colour === "error" ? "PSNR of the reconstruction" : "distance of the nearest latents"};
}

function frames(grades) {
  const made = new Float32Array(4 * current.count), labels = label(), grade = grading(), ofChosen = chosenColour();
  for (let row = 0; row < current.count; row++) {
    const code = labels?.codes[row] ?? 0, chosen = isChosen(row);
    const colour = grades ? grade((grades.values[row] - grades.least) / (grades.most - grades.least || 1)) : ofCode(code);
    const opacity = labels && state.hidden.has(code) ? 0 : state.selected.size && !chosen ? 0.3 : 1;
    made.set(chosen ? ofChosen : colour, 4 * row);
    made[4 * row + 3] = opacity;
  }
  return made;
}

const isChosen = (row) => state.selected.has(row) || row === state.picked || row === state.second;

function legend(grades) {
  const boxes = (label()?.names ?? []).map((name, code) => {
    const box = element("input", {type: "checkbox", checked: !state.hidden.has(code)});
    box.addEventListener("change", () => { state.hidden[box.checked ? "delete" : "add"](code); repaint(); });
    const swatch = element("span", {className: "swatch"});
    swatch.style.background = COLOURS[code % COLOURS.length];
    return element("label", {}, box, ...(grades ? [] : [swatch]), name);
  });
  const all = element("button", {type: "button", textContent: state.hidden.size ? "show all" : "show none"});
  all.addEventListener("click", () => {
    state.hidden = new Set(state.hidden.size ? [] : label().names.keys());
    repaint();
    $("#legend button").focus();
  });
  const told = (value) => element("span", {}, `${value.toFixed(1)}${grades.unit}`);
  const ramp = grades ? [element("span", {className: "ramp"}, `${grades.name}:`, told(grades.least), element("i"), told(grades.most))] : [];
  const focused = boxes.findIndex((_, n) => $("#legend").querySelectorAll("input")[n] === document.activeElement);
  $("#legend").replaceChildren(...ramp, ...boxes, ...(boxes.length ? [all] : []));
  if (focused >= 0) boxes[focused].querySelector("input").focus();
}

function repaint() {
  const grades = graduation(), front = new Set([...Array(current.count).keys()].filter(isChosen));
  plane.colour(frames(grades), front);
  legend(grades);
  tell();
  remember();
}

function tell() {
  const told = (count) => count.toLocaleString("en"), all = `${told(plane.order.length)} of ${told(current.count)} pictures`;
  const part = current.total > current.count ? `, drawn from ${told(current.total)} test images` : "";
  $("#count").textContent = state.selected.size ? `${state.selected.size} selected, ${all} shown` : `${all} shown${part}`;
  $("#export").disabled = $("#clear").disabled = !state.selected.size;
}

// Unpack a data set that is to be shown: false where another one was asked for meanwhile.
let asked;
async function ready(dataset) {
  const wanted = data.datasets[dataset];
  asked = dataset;
  if (!opened.has(wanted.name)) opened.set(wanted.name, await Dataset.open(wanted));
  return asked === dataset;
}

function showDataset() {
  current = opened.get(data.datasets[state.dataset].name);
  state.run = Math.min(state.run, current.runs.length - 1);
  state.label = Math.min(state.label, Math.max(0, current.labels.length - 1));
  choices($("#dataset"), data.datasets.map((each) => each.name), state.dataset);
  choices($("#run"), current.runs.map((each) => each.name), state.run);
  $("#label").replaceChildren(...labelChoices());
  $("#label-choice").hidden = current.labels.length < 2;
  $("#colour option[value=label]").disabled = !current.labels.length;
  if (state.colour === "label" && !current.labels.length) state.colour = "error";
  $("#plane").setAttribute("aria-label", `Map of ${current.count} test images of ${current.name}`);
  plane.load(current.atlas, current);
  showRun();
}

// A label each; those of a group, such as all that may be worn, together under its name.
function labelChoices() {
  const made = [];
  current.labels.forEach(({label, group, names}, n) => {
    if (!group) return made.push(option(label, n, state.label));
    if (made.at(-1)?.label !== group) made.push(element("optgroup", {label: group}));
    made.at(-1).append(option(names[1], n, state.label));
  });
  return made;
}

function showRun() {
  hide();  // what a tip told was of another picture or run
  const slider = $("#kept"), most = run().latentDim;
  state.kept = Math.min(Math.max(0, Math.round(state.kept)) || most, most);
  state.direction = 0;
  Object.assign(slider, {max: most, value: state.kept});
  $("#map").value = state.map;
  $("#colour").value = state.colour;
  $("#run").value = state.run;
  plane.move(run().maps[state.map]);
  repaint();
  showPicked();
}

// Of a data set's runs the one to begin with: whose encoder is in the page.
const firstRun = (dataset) => Math.max(0, data.datasets[dataset].runs.findIndex((each) => each.encoder));
