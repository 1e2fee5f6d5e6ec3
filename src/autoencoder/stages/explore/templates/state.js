// What the page shows now, and what all its parts use.
"use strict";

const $ = (selector) => document.querySelector(selector);
const element = (tag, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
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
const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
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

const option = (name, value, chosen) => element("option", {value, selected: value === chosen}, name);
const choices = (select, names, chosen) => select.replaceChildren(...names.map((name, n) => option(name, n, chosen)));
