// A plane of small pictures that is panned and zoomed; painters.js draws them, from one atlas.
// Points are in [0, 1]; the view is {x, y, zoom}: the point in the middle, and how many times larger than the whole map.
"use strict";

class Plane {
  static MOST_ZOOM = 60;

  constructor(canvas) {
    Object.assign(this, {canvas, view: {x: 0.5, y: 0.5, zoom: 1}, spread: {x: 1, y: 1}, count: 0, order: []});
    this.points = this.frames = new Float32Array(0);
    this.visible = new Uint8Array(0);
    this.painter = painterOf(canvas);
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());  // it comes back, and then:
    canvas.addEventListener("webglcontextrestored", () => {
      this.painter = painterOf(canvas);
      if (this.atlas) this.painter.load(this.atlas, this);
      this.changed = true;
      this.draw();
    });
  }

  // atlas: an image of `columns` pictures a row, each `height` x `width`, `count` in all.
  load(atlas, {columns, count, height, width}) {
    Object.assign(this, {atlas, columns, count, height, width, rows: Math.round(atlas.height / height), spread: {x: 1, y: 1}});
    this.points = new Float32Array(2 * count);
    this.colour(new Float32Array(4 * count).fill(1));
    this.painter.load(atlas, this);
  }

  // points: x, y, x, y, ... in [0, 1], of the same pictures.
  move(points) {
    const [wide, high] = [0, 1].map((axis) => {
      const along = points.filter((_, n) => n % 2 === axis);
      return [Math.min(...along), Math.max(...along)];
    });
    this.points = points.map((v, n) => v + 0.5 - (n % 2 ? high[0] + high[1] : wide[0] + wide[1]) / 2);  // the middle is (0.5, 0.5)
    this.spread = {x: wide[1] - wide[0] || 1, y: high[1] - high[0] || 1};
    this.changed = true;
    this.draw();
  }

  // frames: red, green, blue, opacity of each picture's border, in [0, 1]; an opacity of 0 hides the picture.
  // front: the rows that lie over the others.
  colour(frames, front = new Set()) {
    this.frames = frames;
    this.visible = Uint8Array.from({length: this.count}, (_, row) => (frames[4 * row + 3] > 0 ? 1 : 0));
    const rows = [...this.visible.keys()].filter((row) => this.visible[row]);
    this.order = [...rows.filter((row) => !front.has(row)), ...rows.filter((row) => front.has(row))];
    this.changed = true;
    this.draw();
  }

  // Draws before the next frame, however often it is asked to.
  draw() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = null; this.#draw(); });
  }

  #draw() {
    this.#fit();
    if (this.changed) this.painter.update(this);
    this.changed = false;
    this.painter.draw(this, this.pictureSize());
  }

  // Width and height of a picture in CSS pixels: they grow with the zoom, more slowly than the distances.
  pictureSize() {
    const {clientWidth: w, clientHeight: h} = this.canvas, larger = Math.max(this.height, this.width);
    const fitting = Math.min(24, Math.max(9, 0.6 * Math.sqrt((w * h) / this.count)));  // so that few overlap
    const side = Math.min(4 * larger, Math.max(7, fitting * this.view.zoom ** 0.75));
    return [side * this.width / larger, side * this.height / larger];
  }

  // What a CSS pixel is in the points' units, the same along both axes.
  get pixel() {
    const {clientWidth: w, clientHeight: h} = this.canvas, {x, y} = this.spread, margin = 40;
    return Math.max(x / Math.max(1, w - margin), y / Math.max(1, h - margin)) / this.view.zoom;
  }

  // What the canvas shows of the plane, in the points' units.
  get extent() {
    const {canvas, pixel} = this;
    return {x: canvas.clientWidth * pixel, y: canvas.clientHeight * pixel};
  }

  toPlane(left, top) {
    const {canvas, pixel, view} = this;
    return [view.x + (left - canvas.clientWidth / 2) * pixel, view.y + (top - canvas.clientHeight / 2) * pixel];
  }

  // From a row to the place of its picture's middle. To be asked for once for all rows: what they share takes longer.
  get placing() {
    const {canvas, pixel, view, points} = this, left = canvas.clientWidth / 2, top = canvas.clientHeight / 2;
    return (row) => [left + (points[2 * row] - view.x) / pixel, top + (points[2 * row + 1] - view.y) / pixel];
  }

  placeOf(row) {
    return this.placing(row);
  }

  // The row of the picture under a place of the canvas: of those that overlap there the one drawn last; -1 for none.
  at(left, top) {
    const {points, pixel} = this, [x, y] = this.toPlane(left, top), [wide, high] = this.pictureSize().map((side) => side / 2 * pixel);
    return this.order.findLast((row) => Math.abs(points[2 * row] - x) <= wide && Math.abs(points[2 * row + 1] - y) <= high) ?? -1;
  }

  // The visible picture nearest to a place of the canvas, at most so many pixels away; -1 for none.
  nearest(left, top, most = Infinity) {
    const {points, pixel} = this, [x, y] = this.toPlane(left, top);
    let best = -1, least = (most * pixel) ** 2;
    for (const row of this.order) {
      const distance = (points[2 * row] - x) ** 2 + (points[2 * row + 1] - y) ** 2;
      if (distance < least) [best, least] = [row, distance];
    }
    return best;
  }

  // Rows of the visible pictures whose middle lies within a polygon of canvas places [[left, top], ...].
  within(polygon) {
    const corners = polygon.map((place) => this.toPlane(...place));
    return this.order.filter((row) => {
      const x = this.points[2 * row], y = this.points[2 * row + 1];
      let inside = false;
      for (let a = 0, b = corners.length - 1; a < corners.length; b = a++) {
        const [xa, ya] = corners[a], [xb, yb] = corners[b];
        if ((ya > y) !== (yb > y) && x < ((xb - xa) * (y - ya)) / (yb - ya) + xa) inside = !inside;
      }
      return inside;
    });
  }

  // Rows of the visible pictures whose middle the canvas shows.
  inView() {
    const {clientWidth: w, clientHeight: h} = this.canvas;
    return this.within([[0, 0], [w, 0], [w, h], [0, h]]);
  }

  pan(left, top) {
    this.look(this.view.x - left * this.pixel, this.view.y - top * this.pixel);
  }

  // Zooms by a factor; the place (left, top) of the canvas stays where it is.
  zoom(factor, left = this.canvas.clientWidth / 2, top = this.canvas.clientHeight / 2) {
    const [x, y] = this.toPlane(left, top);
    this.view.zoom = Math.min(Plane.MOST_ZOOM, Math.max(0.8, this.view.zoom * factor));
    const [now, then] = this.toPlane(left, top);
    this.look(this.view.x + x - now, this.view.y + y - then);
  }

  // The point in the middle; it does not leave the map.
  look(x, y, zoom = this.view.zoom) {
    const within = (v) => Math.min(1.1, Math.max(-0.1, v));
    this.view = {x: within(x), y: within(y), zoom: Math.min(Plane.MOST_ZOOM, Math.max(0.8, zoom))};
    this.draw();
  }

  centre(row) {
    this.look(this.points[2 * row], this.points[2 * row + 1]);
  }

  #fit() {
    const {canvas} = this, scaled = (side) => Math.max(1, Math.round(side * devicePixelRatio));
    const width = scaled(canvas.clientWidth), height = scaled(canvas.clientHeight);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
  }
}
