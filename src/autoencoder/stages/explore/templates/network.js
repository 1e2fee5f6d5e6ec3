// Runs a network that network_program.py described, for one picture at a time, in plain JavaScript.
// A value is {data: Float32Array, shape: [...]}, its shape without the batch.
"use strict";

const Network = (() => {
  // Abramowitz and Stegun 7.1.26: to 1.5e-7.
  function erf(x) {
    const t = 1 / (1 + 0.3275911 * Math.abs(x));
    const y = 1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
    return x < 0 ? -y : y;
  }
  const each = (f) => ([x]) => ({data: x.data.map(f), shape: x.shape});
  const pairwise = (f) => ([a, b]) => {
    const [x, y] = a.data.length >= b.data.length ? [a, b] : [b, a];
    const single = Math.min(a.data.length, b.data.length) === 1;
    const data = new Float32Array(x.data.length);
    for (let i = 0; i < data.length; i++) {
      data[i] = f(a.data[a.data.length === 1 && single ? 0 : i], b.data[b.data.length === 1 && single ? 0 : i]);
    }
    return {data, shape: x.shape};
  };

  function linear([x, weight, bias], {shape}) {
    const [outputs, inputs] = weight.shape, data = new Float32Array(outputs);
    for (let o = 0; o < outputs; o++) {
      let sum = bias ? bias.data[o] : 0;
      for (let i = 0, w = o * inputs; i < inputs; i++, w++) sum += x.data[i] * weight.data[w];
      data[o] = sum;
    }
    return {data, shape};
  }

  // Row by row of the kernel: the innermost loop runs along a row of the picture.
  function conv2d([x, weight, bias], {shape, stride, padding}) {
    const [channels, height, width] = x.shape, [outputs, rows, columns] = shape, [, , kh, kw] = weight.shape;
    const data = new Float32Array(outputs * rows * columns);
    for (let o = 0; o < outputs; o++) {
      const out = o * rows * columns;
      if (bias) data.fill(bias.data[o], out, out + rows * columns);
      for (let c = 0; c < channels; c++) for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) {
        const w = weight.data[((o * channels + c) * kh + i) * kw + j];
        for (let y = 0; y < rows; y++) {
          const from = y * stride + i - padding;
          if (from < 0 || from >= height) continue;
          const row = (c * height + from) * width + j - padding;
          const first = Math.max(0, Math.ceil((padding - j) / stride));
          const last = Math.min(columns - 1, Math.floor((width - 1 + padding - j) / stride));
          for (let z = first; z <= last; z++) data[out + y * columns + z] += w * x.data[row + z * stride];
        }
      }
    }
    return {data, shape};
  }

  function convTranspose2d([x, weight, bias], {shape, stride, padding}) {
    const [channels, height, width] = x.shape, [outputs, rows, columns] = shape, [, , kh, kw] = weight.shape;
    const data = new Float32Array(outputs * rows * columns);
    for (let o = 0; o < outputs; o++) {
      const out = o * rows * columns;
      if (bias) data.fill(bias.data[o], out, out + rows * columns);
      for (let c = 0; c < channels; c++) for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) {
        const w = weight.data[((c * outputs + o) * kh + i) * kw + j];
        for (let y = 0; y < height; y++) {
          const to = y * stride + i - padding;
          if (to < 0 || to >= rows) continue;
          const row = out + to * columns + j - padding;
          const first = Math.max(0, Math.ceil((padding - j) / stride));
          const last = Math.min(width - 1, Math.floor((columns - 1 + padding - j) / stride));
          for (let z = first; z <= last; z++) data[row + z * stride] += w * x.data[(c * height + y) * width + z];
        }
      }
    }
    return {data, shape};
  }

  function maxPool2d([x], {shape, size, stride}) {
    const [channels, rows, columns] = shape, [, height, width] = x.shape, data = new Float32Array(channels * rows * columns);
    for (let c = 0, n = 0; c < channels; c++) for (let y = 0; y < rows; y++) for (let z = 0; z < columns; z++, n++) {
      let most = -Infinity;
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) {
        most = Math.max(most, x.data[(c * height + y * stride + i) * width + z * stride + j]);
      }
      data[n] = most;
    }
    return {data, shape};
  }

  const OPERATIONS = {
    linear, conv2d, conv_transpose2d: convTranspose2d, max_pool2d: maxPool2d,
    reshape: ([x], {shape}) => ({data: x.data, shape}),
    gelu: each((x) => 0.5 * x * (1 + erf(x / Math.SQRT2))),
    relu: each((x) => Math.max(0, x)),
    sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
    silu: each((x) => x / (1 + Math.exp(-x))),
    tanh: each(Math.tanh), erf: each(erf), exp: each(Math.exp), square: each((x) => x * x),
    add: pairwise((a, b) => a + b), sub: pairwise((a, b) => a - b),
    mul: pairwise((a, b) => a * b), div: pairwise((a, b) => a / b),
  };

  // 16 bits to a number: a sign, five bits of exponent, ten of fraction.
  function fromHalf(bits) {
    const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return exponent === 31 ? (fraction ? NaN : sign * Infinity) : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }

  let table;  // of all halves: looked up, millions of weights take a moment
  function halves(base64) {
    table ??= Float32Array.from({length: 65536}, (_, bits) => fromHalf(bits));
    const bits = new Uint16Array(bytes(base64).buffer), numbers = new Float32Array(bits.length);
    for (let i = 0; i < bits.length; i++) numbers[i] = table[bits[i]];
    return numbers;
  }

  function bytes(base64) {
    const text = atob(base64), values = new Uint8Array(text.length);
    for (let i = 0; i < values.length; i++) values[i] = text.charCodeAt(i);
    return values;
  }

  // program: {steps, weights}, weights a Float32Array. Returns numbers -> numbers, both flat.
  function load({steps, weights}, inputShape) {
    const operand = (given) => {
      if (given === null || given === "input" || typeof given === "number") return given;
      if ("value" in given) return {data: Float32Array.of(given.value), shape: []};
      const length = given.shape.reduce((a, b) => a * b, 1);
      return {data: weights.subarray(given.weights, given.weights + length), shape: given.shape};
    };
    const ready = steps.map((step) => ({...step, from: step.from.map(operand)}));
    return (numbers) => {
      const input = {data: Float32Array.from(numbers), shape: inputShape}, made = [];
      for (const step of ready) {
        const taken = step.from.map((x) => (x === "input" ? input : typeof x === "number" ? made[x] : x));
        made.push(OPERATIONS[step.op](taken, step));
      }
      return made[made.length - 1].data;
    };
  }

  return {load, halves, bytes};
})();
