// What draws the plane of small pictures (plane.js): the graphics card, all at once, or else the processor, one by one.
"use strict";

// Of a frame, in CSS pixels: a small picture has a thin one, or it would be mostly frame.
const frameWidth = (wide, high) => Math.min(2, Math.max(1, Math.min(wide, high) / 12));
const TRIANGLES = [0, 1, 2, 2, 1, 3];  // two, of a picture's corners

// Four corners a picture, in triangles: a picture an instance would have some drivers draw each by itself.
class GlPainter {
  // highp: a half's eleven bits, which is all that a phone gives mediump, do not tell the pixels of an atlas apart.
  static VERTEX = `#version 300 es
    precision highp float;
    in vec2 place; in float cell; in vec4 frame;
    uniform vec2 middle, extent, half_size; uniform float columns, rows;
    out vec2 inside; out vec2 at; out vec4 colour;
    void main() {
      vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1) * 2.0 - 1.0;
      vec2 position = (place - middle) / extent * 2.0;
      gl_Position = vec4(position.x + corner.x * half_size.x, -position.y - corner.y * half_size.y, 0.0, 1.0);
      inside = corner * 0.5 + 0.5;
      at = (vec2(mod(cell, columns), floor((cell + 0.5) / columns)) + inside) / vec2(columns, rows);
      colour = frame;
    }`;

  static FRAGMENT = `#version 300 es
    precision highp float;
    in vec2 inside; in vec2 at; in vec4 colour;
    uniform sampler2D atlas; uniform vec2 edge;
    out vec4 shown;
    void main() {
      vec2 border = min(inside, 1.0 - inside);
      vec3 picture = any(lessThan(border, edge)) ? colour.rgb : texture(atlas, at).rgb;
      shown = vec4(picture, 1.0) * colour.a;
    }`;

  constructor(gl) {
    this.gl = gl;
    this.program = this.#link(GlPainter.VERTEX, GlPainter.FRAGMENT);
    this.buffers = {};
    this.places = {};
    gl.useProgram(this.program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  load(atlas, {width, height}) {
    const gl = this.gl;
    gl.deleteTexture(this.texture);
    gl.bindTexture(gl.TEXTURE_2D, (this.texture = gl.createTexture()));
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, atlas);
    // Smaller versions for pictures drawn small, as long as no pixel of theirs is a mixture of two pictures.
    let halvings = 0;
    while ((height >> halvings) % 2 === 0 && (width >> halvings) % 2 === 0) halvings++;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAX_LEVEL, halvings);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST_MIPMAP_LINEAR);
  }

  // Hidden ones are left out altogether: what is drawn for a row is that row's picture, whatever is filtered.
  update({order, points, frames}) {
    const count = order.length, places = new Float32Array(8 * count), cells = new Float32Array(4 * count);
    const colours = new Float32Array(16 * count), corners = new Uint32Array(6 * count);
    order.forEach((row, n) => {
      for (let corner = 4 * n; corner < 4 * n + 4; corner++) {
        places.set(points.subarray(2 * row, 2 * row + 2), 2 * corner);
        colours.set(frames.subarray(4 * row, 4 * row + 4), 4 * corner);
        cells[corner] = row;
      }
      for (let c = 0; c < 6; c++) corners[6 * n + c] = 4 * n + TRIANGLES[c];
    });
    this.#attribute("place", places, 2);
    this.#attribute("cell", cells, 1);
    this.#attribute("frame", colours, 4);
    this.#buffer("corners", this.gl.ELEMENT_ARRAY_BUFFER, corners);
  }

  draw({canvas, view, extent, order, columns, rows}, [wide, high]) {
    const gl = this.gl, set = (name, ...values) => gl[`uniform${values.length}f`](this.#uniform(name), ...values);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!order.length) return;
    set("middle", view.x, view.y);
    set("extent", extent.x, extent.y);
    set("half_size", wide / canvas.clientWidth, high / canvas.clientHeight);
    set("columns", columns);
    set("rows", rows);
    set("edge", Math.min(0.5, frameWidth(wide, high) / wide), Math.min(0.5, frameWidth(wide, high) / high));
    gl.drawElements(gl.TRIANGLES, 6 * order.length, gl.UNSIGNED_INT, 0);
  }

  #uniform(name) {
    return (this.places[name] ??= this.gl.getUniformLocation(this.program, name));
  }

  #link(...sources) {
    const gl = this.gl, program = gl.createProgram();
    sources.forEach((source, n) => {
      const shader = gl.createShader(n ? gl.FRAGMENT_SHADER : gl.VERTEX_SHADER);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    });
    gl.linkProgram(program);
    return program;
  }

  #buffer(name, kind, values) {
    const gl = this.gl;
    gl.bindBuffer(kind, (this.buffers[name] ??= gl.createBuffer()));
    gl.bufferData(kind, values, gl.DYNAMIC_DRAW);
  }

  #attribute(name, values, size) {
    const gl = this.gl, place = gl.getAttribLocation(this.program, name);
    this.#buffer(name, gl.ARRAY_BUFFER, values);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, gl.FLOAT, false, 0, 0);
  }
}

class CanvasPainter {
  constructor(context) {
    this.context = context;
  }

  load(atlas) {
    this.atlas = atlas;
  }

  update({order, frames}) {
    this.colours = new Map(order.map((row) => [row, `rgb(${[0, 1, 2].map((n) => Math.round(255 * frames[4 * row + n])).join(" ")})`]));
  }

  draw(plane, [wide, high]) {
    const {context, atlas} = this, {canvas, columns, width, height, frames, placing} = plane, edge = frameWidth(wide, high);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    context.imageSmoothingEnabled = wide < width;
    for (const row of plane.order) {
      const [x, y] = placing(row), left = x - wide / 2, top = y - high / 2;
      if (left > canvas.clientWidth || top > canvas.clientHeight || left < -wide || top < -high) continue;
      context.globalAlpha = frames[4 * row + 3];
      context.drawImage(atlas, (row % columns) * width, Math.floor(row / columns) * height, width, height, left, top, wide, high);
      context.strokeStyle = this.colours.get(row);
      context.lineWidth = edge;
      context.strokeRect(left + edge / 2, top + edge / 2, wide - edge, high - edge);
    }
  }
}

function painterOf(canvas) {
  const gl = canvas.getContext("webgl2", {antialias: false, alpha: true, premultipliedAlpha: true});
  return gl ? new GlPainter(gl) : new CanvasPainter(canvas.getContext("2d"));
}
