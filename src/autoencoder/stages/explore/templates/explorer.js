// The explorer: a plane of test images, what the networks make of them, and of a picture of one's own.
// Everything it needs is in the page (the JSON of #data); nothing is fetched.
"use strict";

function listen() {
  const change = (selector, act) => $(selector).addEventListener("change", (event) => act(event.target.value));
  const click = (selector, act) => $(selector).addEventListener("click", act);
  change("#dataset", async (value) => {
    const dataset = Number(value);
    if (!await ready(dataset)) return;
    Object.assign(state, NO_OWN, {dataset, run: firstRun(dataset), label: data.datasets[dataset].first_label, kept: 0, hidden: new Set(), selected: new Set()});
    plane.look(0.5, 0.5, 1);
    showDataset();
  });
  change("#run", (value) => { Object.assign(state, {run: Number(value), kept: 0}); showRun(); });
  change("#map", (value) => { state.map = value; showRun(); });
  change("#colour", (value) => { state.colour = value; repaint(); });
  change("#label", (value) => { Object.assign(state, {label: Number(value), hidden: new Set()}); hide(); repaint(); showPicked(); });
  $("#kept").addEventListener("input", (event) => { state.kept = Number(event.target.value); showDrawn(); remember(); });
  change("#kept", () => showBetween());  // seven pictures: once the slider rests
  click("#lasso", () => {
    state.lasso = !state.lasso;
    $("#lasso").setAttribute("aria-pressed", state.lasso);
    plane.canvas.classList.toggle("lasso", state.lasso);
  });
  click("#view", () => select(plane.inView()));
  click("#clear", () => select([]));
  click("#export", save);
  click("#pair", () => { setPairing(!state.pairing); say(state.pairing ? "Click the second picture." : ""); });
  click("#closer", () => { plane.zoom(1.5); remember(); });
  click("#farther", () => { plane.zoom(1 / 1.5); remember(); });
  click("#whole", () => { plane.look(0.5, 0.5, 1); remember(); });
  $("#own").addEventListener("change", async (event) => { const [file] = event.target.files; if (file) await take(file); event.target.value = ""; });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]); });
  addEventListener("paste", (event) => { if (event.clipboardData.files[0]) take(event.clipboardData.files[0]); });
  addEventListener("hashchange", recall);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  const {canvas} = plane, pointers = new Pointers(canvas);
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); plane.zoom(Math.exp(-event.deltaY / 300), ...pointers.place(event)); remember(); }, {passive: false});
  canvas.addEventListener("keydown", pressed);
  new ResizeObserver(() => plane.draw()).observe(canvas);
}

async function main() {
  plane = new Plane($("#plane"));
  listen();
  await recall();
  document.documentElement.dataset.ready = "true";
}

main();
