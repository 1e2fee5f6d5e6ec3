// What draws the plane of small pictures (plane.js): the graphics card, all at once, or else the processor, one by one.
"use strict";

const FRAME = 2;  // pixels wide

class GlPainter {
  // highp: a half's eleven bits, which is all that a phone gives mediump, do not tell the pixels of an atlas apart.
  static VERTEX = `#version 300 es
    precision highp float;
    in vec2 corner; in vec2 place; in float cell; in vec4 frame;
    uniform vec2 middle, extent, half_size; uniform float columns, rows;
    out vec2 inside; out vec2 at; out vec4 colour;
    void main() {
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
    this.#buffer("corner", new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), 2, 0);
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
    const places = new Float32Array(2 * order.length), colours = new Float32Array(4 * order.length);
    order.forEach((row, n) => {
      places.set(points.subarray(2 * row, 2 * row + 2), 2 * n);
      colours.set(frames.subarray(4 * row, 4 * row + 4), 4 * n);
    });
    this.#buffer("place", places, 2, 1);
    this.#buffer("cell", new Float32Array(order), 1, 1);
    this.#buffer("frame", colours, 4, 1);
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
    set("edge", Math.min(0.5, FRAME / wide), Math.min(0.5, FRAME / high));
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, order.length);
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

  #buffer(name, values, size, divisor) {
    const gl = this.gl, place = gl.getAttribLocation(this.program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, (this.buffers[name] ??= gl.createBuffer()));
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, gl.FLOAT, false, 0, 0);
    gl.vertexAttribDivisor(place, divisor);
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
    const {context, atlas} = this, {canvas, columns, width, height, frames} = plane;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    context.imageSmoothingEnabled = wide < width;
    for (const row of plane.order) {
      const [x, y] = plane.placeOf(row), left = x - wide / 2, top = y - high / 2;
      if (left > canvas.clientWidth || top > canvas.clientHeight || left < -wide || top < -high) continue;
      context.globalAlpha = frames[4 * row + 3];
      context.drawImage(atlas, (row % columns) * width, Math.floor(row / columns) * height, width, height, left, top, wide, high);
      context.strokeStyle = this.colours.get(row);
      context.lineWidth = FRAME;
      context.strokeRect(left + FRAME / 2, top + FRAME / 2, wide - FRAME, high - FRAME);
    }
  }
}

function painterOf(canvas) {
  const gl = canvas.getContext("webgl2", {antialias: false, alpha: true, premultipliedAlpha: true});
  return gl ? new GlPainter(gl) : new CanvasPainter(canvas.getContext("2d"));
}
