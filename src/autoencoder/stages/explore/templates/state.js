// What the page shows now, and what all its parts use.
"use strict";

const $ = (selector) => document.querySelector(selector);
const element = (tag, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
};

// Okabe and Ito's colours, those that stand out from white and from black; then others as far apart.
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8a800", "#8c564b", "#6a5acd", "#e0483e", "#56b4e9", "#7f7f7f"];
const rgb = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16) / 255);
const CHOSEN = [1, 0, 1];  // a frame that no other picture has
// From few to many, for numbers: dark blue to yellow, lightness rising (after Nuñez et al. 2018, "cividis").
const SCALE = [[0, 34, 78], [54, 74, 108], [109, 109, 113], [158, 148, 115], [209, 191, 98], [253, 231, 55]].map((c) => c.map((v) => v / 255));
const graded = (share) => {
  const place = clip(share) * (SCALE.length - 1), low = Math.min(SCALE.length - 2, Math.floor(place)), rest = place - low;
  return SCALE[low].map((value, n) => value + rest * (SCALE[low + 1][n] - value));
};
const STEPS = [-3, -2, -1, 0, 1, 2, 3];
const NO_OWN = {picked: -1, second: -1, own: null};

const data = JSON.parse($("#data").textContent);
const opened = new Map();
const state = {dataset: 0, run: 0, map: "tsne", colour: "label", label: 0, hidden: new Set(), selected: new Set(), ...NO_OWN, kept: 0, direction: 0, lasso: false, pairing: false};
let plane, current;  // the map, and the data set that is open

const run = () => current.runs[state.run];
const label = () => current.labels[state.label];
const nameOf = (row) => (label() ? label().names[label().codes[row]] : "");
const titleOf = (row) => [nameOf(row), `test ${current.ids[row]}`].filter(Boolean).join(", ");
const kept = () => (run().nested ? state.kept : run().latentDim);
const say = (text) => { $("#status").textContent = text; };

// A canvas with the picture, a pixel a pixel; CSS enlarges it.
function canvasOf(picture, description) {
  const canvas = element("canvas", {width: current.width, height: current.height, className: "picture"});
  canvas.getContext("2d").putImageData(current.toBytes(picture), 0, 0);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", description);
  return canvas;
}

const captioned = (picture, ...lines) =>
  element("figure", {}, canvasOf(picture, lines.join(", ")), element("figcaption", {}, ...lines.flatMap((line, n) => (n ? [element("br"), line] : [line]))));

const choices = (select, names, chosen) => select.replaceChildren(...names.map((name, n) => element("option", {value: n, selected: n === chosen}, name)));
