// Mouse, fingers and keys on the map.
"use strict";

let hovered = -1;
function hide() {
  $("#tip").hidden = true;
  hovered = -1;
}

function hover(left, top) {
  const row = plane.at(left, top), tip = $("#tip");
  tip.hidden = row < 0;
  if (row >= 0 && row !== hovered) {
    const figures = [captioned(current.picture(row), ...titleOf(row).split(", "))], {name, hasDecoder, psnr} = run();
    if (hasDecoder) figures.push(captioned(run().decode(run().latents(row), kept()), name, kept() < run().latentDim ? `first ${kept() > 1 ? counted(kept(), "number") : "number"}` : `${psnr[row].toFixed(1)} dB`));
    tip.replaceChildren(...figures);
  }
  hovered = row;
  if (row < 0) return;
  const {clientWidth: w, clientHeight: h} = plane.canvas;
  const beside = left + 16 + tip.offsetWidth <= w ? left + 16 : Math.max(0, left - 16 - tip.offsetWidth);
  tip.style.transform = `translate(${Math.min(beside, w - tip.offsetWidth)}px, ${Math.max(0, Math.min(top + 16, h - tip.offsetHeight))}px)`;
}

// Dragging moves the map or draws the lasso, two fingers zoom, a click picks.
class Pointers {
  constructor(canvas) {
    Object.assign(this, {canvas, down: new Map(), path: [], moved: false, pinched: false});
    const on = (name, act) => canvas.addEventListener(name, (event) => act.call(this, event, this.place(event)));
    on("pointerdown", this.press);
    on("pointermove", this.move);
    on("pointerup", this.release);
    // A tap is done when the finger leaves: the click that follows would hit whatever has moved there.
    canvas.addEventListener("touchend", (event) => event.cancelable && event.preventDefault(), {passive: false});
    on("pointercancel", (event) => { this.down.delete(event.pointerId); this.drop(); });
    on("pointerleave", (event) => { if (event.pointerType === "mouse") hide(); });
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  press(event, place) {
    if (event.button > 0) return;  // the browser's own menu, or nothing
    this.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, place);
    this.pinched = this.down.size > 1;
    if (this.pinched) return this.drop(true);
    this.path = [place];
    this.moved = false;
  }

  move(event, place) {
    const before = this.down.get(event.pointerId);
    if (!before) return hover(...place);
    if (!event.buttons) {  // it was let go where nobody told the page
      this.down.delete(event.pointerId);
      return this.drop();
    }
    this.moved ||= Math.hypot(place[0] - this.path[0][0], place[1] - this.path[0][1]) > (event.pointerType === "mouse" ? 3 : 8);
    if (this.down.size > 1) this.pinch(event.pointerId, before, place);
    else if (!this.moved) return;
    else if (state.lasso && !this.pinched) this.draw(place);
    else plane.pan(place[0] - before[0], place[1] - before[1]);
    this.down.set(event.pointerId, place);
    if (this.moved) hide();
  }

  // The point between two fingers stays between them.
  pinch(id, before, place) {
    const [other] = [...this.down].filter(([each]) => each !== id).map(([, at]) => at);
    const apart = (at) => Math.max(1, Math.hypot(at[0] - other[0], at[1] - other[1]));
    plane.pan((place[0] - before[0]) / 2, (place[1] - before[1]) / 2);
    plane.zoom(apart(place) / apart(before), (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
  }

  draw(place) {
    this.path.push(place);
    $("#lasso-path").setAttribute("points", this.path.join(" "));
  }

  release(event, place) {
    if (!this.down.delete(event.pointerId)) return;
    if (this.down.size) return;
    if (state.lasso && !this.pinched && this.path.length > 2) select(plane.within(this.path));
    else if (!this.moved) this.click(event, place);
    this.drop();
    remember();
  }

  click(event, [left, top]) {
    const touched = event.pointerType !== "mouse", hit = plane.at(left, top);
    const row = hit < 0 && touched ? plane.nearest(left, top, 16) : hit;
    pick(row, event.shiftKey || state.pairing);
    if (touched && row >= 0) hover(...plane.placeOf(row));  // there is no other hovering
    else if (touched) hide();
  }

  drop(moved = false) {
    this.path = this.path.slice(0, 1);
    this.moved = moved;
    $("#lasso-path").setAttribute("points", "");
  }
}

function select(rows) {
  state.selected = new Set(rows);
  repaint();
}

function pressed(event) {
  const {canvas} = plane, middle = () => plane.nearest(canvas.clientWidth / 2, canvas.clientHeight / 2);
  const step = {ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40]}[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (step) plane.pan(...step);
  else if (event.key === "+" || event.key === "=") plane.zoom(1.25);
  else if (event.key === "-") plane.zoom(0.8);
  else if (event.key === "0") plane.look(0.5, 0.5, 1);
  else if (event.key === "Enter" || event.key === " ") pick(middle(), event.shiftKey || state.pairing);
  else if (event.key === "s" || event.key === "S") toggle(middle());
  else return;
  event.preventDefault();
  remember();
}

function toggle(row) {
  if (row < 0) return;
  const there = state.selected.has(row);
  state.selected[there ? "delete" : "add"](row);
  say(`${titleOf(row)} ${there ? "is selected no more" : "is selected"}.`);
  repaint();
}
