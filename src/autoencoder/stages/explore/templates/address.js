// What is taken out of the page: the selection as a table, the view as an address.
"use strict";

function csv() {
  const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`, {name, psnr, neighbors, maps} = run();
  const head = ["id", ...current.labels.map((each) => each.label), "run", "psnr_db", "nearest_distance", `${state.map}_x`, `${state.map}_y`];
  const lines = [...state.selected].sort((a, b) => a - b).map((row) => [
    current.ids[row], ...current.labels.map((each) => quoted(each.names[each.codes[row]])), quoted(name), psnr[row].toFixed(2),
    neighbors(row)[0].distance.toPrecision(4), ...[...maps[state.map].subarray(2 * row, 2 * row + 2)].map((v) => v.toFixed(4)),
  ].join(","));
  return [head.map(quoted).join(","), ...lines].join("\r\n") + "\r\n";
}

function save() {
  const link = element("a", {href: URL.createObjectURL(new Blob([csv()], {type: "text/csv"})), download: `${current.name}-selection.csv`});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A selection as text for an address: a bit a picture.
const toBits = (rows) => {
  const bytes = new Uint8Array(Math.ceil(current.count / 8));
  for (const row of rows) bytes[row >> 3] |= 1 << (row & 7);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/[A=]+$/, "");
};
const fromBits = (text) => {
  const whole = 4 * Math.ceil(Math.ceil(current.count / 8) / 3);  // characters of all bits; zeros at the end were left out
  if (!/^[\w-]*$/.test(text) || text.length > whole) return [];  // cut off, or mistyped
  const bytes = Network.bytes(text.replaceAll("-", "+").replaceAll("_", "/").padEnd(whole, "A"));
  return [...Array(current.count).keys()].filter((row) => bytes[row >> 3] & (1 << (row & 7)));
};

function address() {
  const {x, y, zoom} = plane.view;
  const parts = {data: current.name, run: run().name, map: state.map, frames: state.colour, view: [x, y, zoom].map((v) => v.toFixed(3)).join("_")};
  if (label()) parts.label = label().label;
  if (state.hidden.size) parts.hidden = [...state.hidden].join("_");
  if (state.selected.size) parts.selected = toBits(state.selected);
  if (state.picked >= 0) parts.picture = current.ids[state.picked];
  if (state.second >= 0) parts.second = current.ids[state.second];
  if (run().nested) parts.numbers = state.kept;
  if (state.direction) parts.direction = state.direction;
  return "#" + new URLSearchParams(parts);
}

// Browsers allow few changes of the address a second.
let remembering;
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => {
    $("#link").href = address();
    $("#link").textContent = state.own ? "Link to this view, without your picture" : "Link to this view";
    history.replaceState(null, "", address());
  }, 150);
}

// The view of the page's address; what it does not say is as at the start.
async function recall() {
  const parts = new URLSearchParams(location.hash.slice(1)), named = (list, name) => list.findIndex((each) => each.name === name);
  const dataset = Math.max(0, named(data.datasets, parts.get("data")));
  if (!await ready(dataset)) return;
  state.dataset = dataset;
  const {runs} = data.datasets[state.dataset], wanted = named(runs, parts.get("run"));
  Object.assign(state, NO_OWN, {run: wanted < 0 ? firstRun(state.dataset) : wanted, kept: Number(parts.get("numbers")) || 0});
  state.map = ["pca", "tsne"].includes(parts.get("map")) ? parts.get("map") : "tsne";
  state.colour = ["label", "error", "distance"].includes(parts.get("frames")) ? parts.get("frames") : "label";
  const {labels, first_label: first} = data.datasets[state.dataset], chosen = labels.findIndex((each) => each.label === parts.get("label"));
  state.label = chosen < 0 ? first : chosen;
  state.hidden = new Set(parts.get("hidden")?.split("_").map(Number));
  state.selected = new Set();
  showDataset();
  state.selected = new Set(parts.has("selected") ? fromBits(parts.get("selected")) : []);
  state.picked = current.ids.indexOf(Number(parts.get("picture") ?? NaN));
  state.second = current.ids.indexOf(Number(parts.get("second") ?? NaN));
  const direction = Number(parts.get("direction"));
  state.direction = run().directions[direction] ? direction : 0;
  const view = parts.get("view")?.split("_").map(Number) ?? [];
  if (view.length === 3 && view.every(Number.isFinite)) plane.look(...view);
  repaint();
  showPicked();
}
