// What the page holds, unpacked when it is first needed: numbers, pictures and networks; explorer.py says what each is.
// A picture is numbers in [0, 1], channel by channel, row by row; `row` is the place of a test image in the page.
"use strict";

const Numbers = {
  u8: (text) => Network.bytes(text),
  u16: (text) => new Uint16Array(Network.bytes(text).buffer),
  i32: (text) => new Int32Array(Network.bytes(text).buffer),
  f32: (text) => new Float32Array(Network.bytes(text).buffer),
  f16: (text) => Network.halves(text),
  // Blocks of 32 numbers, a signed byte each, and a scale a block.
  blocks: ({values, scales}) => {
    const steps = Network.halves(scales), bytes = new Int8Array(Network.bytes(values).buffer), made = new Float32Array(bytes.length);
    for (let i = 0; i < made.length; i++) made[i] = bytes[i] * steps[i >> 5];
    return made;
  },
};

// As Pillow has it, by which pictures are prepared (ITU-R 601-2), in whole bytes.
const greyOf = (red, green, blue) => (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
const clip = (value) => Math.min(1, Math.max(0, value));
const NO_ERROR = 1 / (12 * 255 ** 2);  // what rounding to 8 bits leaves

// PSNR of a picture, given another.
function decibels(shown, given) {
  let sum = 0;
  for (let i = 0; i < shown.length; i++) sum += (shown[i] - given[i]) ** 2;
  return -10 * Math.log10(Math.max(sum / shown.length, NO_ERROR));
}

// Rows of numbers, a byte each: low + step * value.
function rowsInBytes({low, step, values}) {
  const [lows, steps, bytes] = [Numbers.f32(low), Numbers.f32(step), Numbers.u8(values)], size = lows.length;
  return (row, count = size) => Float32Array.from({length: count}, (_, i) => lows[i] + steps[i] * bytes[row * size + i]);
}

class Dataset {
  static async open(data) {
    const atlas = new Image();
    atlas.src = data.atlas;
    await atlas.decode();
    return new Dataset(data, atlas);
  }

  constructor(data, atlas) {
    const [channels, height, width] = data.shape;
    Object.assign(this, {name: data.name, count: data.count, total: data.total, columns: data.columns, atlas, channels, height, width});
    this.size = channels * height * width;
    this.ids = Numbers.i32(data.ids);
    this.labels = data.labels.map((each) => ({...each, codes: Numbers.u8(each.codes)}));
    this.numNeighbors = data.num_neighbors;
    this.neighbors = neighborsOf(data.neighbors, data.num_neighbors);
    this.runs = data.runs.map((run) => new RunInPage(run, this));
    this.pca = new Linear(data.pca, this.size);
    const canvas = Object.assign(document.createElement("canvas"), {width: atlas.width, height: atlas.height});
    this.context = canvas.getContext("2d", {willReadFrequently: true});
    this.context.drawImage(atlas, 0, 0);
  }

  picture(row) {
    const left = (row % this.columns) * this.width, top = Math.floor(row / this.columns) * this.height;
    return this.fromBytes(this.context.getImageData(left, top, this.width, this.height).data);
  }

  // Red, green, blue and opacity, a byte each, pixel by pixel, as a picture.
  fromBytes(rgba) {
    const count = this.height * this.width, values = new Float32Array(this.size);
    if (this.channels === 1) return values.map((_, i) => greyOf(...rgba.subarray(4 * i, 4 * i + 3)) / 255);
    for (let c = 0; c < this.channels; c++) for (let i = 0; i < count; i++) values[c * count + i] = rgba[4 * i + c] / 255;
    return values;
  }

  toBytes(picture) {
    const count = this.height * this.width, image = new ImageData(this.width, this.height);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = Math.round(255 * picture[(this.channels === 1 ? 0 : c) * count + i]);
      image.data[4 * i + 3] = 255;
    }
    return image;
  }

  // The middle square of an image of any size, as small as the data set's pictures.
  resized(image) {
    const canvas = Object.assign(document.createElement("canvas"), {width: this.width, height: this.height});
    const context = canvas.getContext("2d"), scale = Math.min(image.width / this.width, image.height / this.height);
    const wide = scale * this.width, high = scale * this.height;
    context.imageSmoothingQuality = "high";
    context.fillRect(0, 0, this.width, this.height);
    context.drawImage(image, (image.width - wide) / 2, (image.height - high) / 2, wide, high, 0, 0, this.width, this.height);
    return this.fromBytes(context.getImageData(0, 0, this.width, this.height).data);
  }

  // The test images nearest to numbers, of those that `of` gives for each: [{row, distance}].
  nearest(numbers, of) {
    const found = Array.from({length: this.count}, (_, row) => {
      const others = of(row);
      let sum = 0;
      for (let i = 0; i < numbers.length; i++) sum += (numbers[i] - others[i]) ** 2;
      return {row, distance: Math.sqrt(sum)};
    });
    return found.sort((a, b) => a.distance - b.distance).slice(0, this.numNeighbors);
  }
}

const neighborsOf = ({rows, distances}, many) => {
  const [found, away] = [Numbers.u16(rows), Numbers.f16(distances)];
  return (row) => Array.from({length: many}, (_, n) => ({row: found[row * many + n], distance: away[row * many + n]}));
};

// PCA: pictures to numbers, and the first of the numbers to pictures.
class Linear {
  constructor({count, mean, components, latents}, size) {
    Object.assign(this, {count, size, mean: Numbers.f16(mean)});
    this.packed = {components, latents};
  }

  get components() { return (this.unpacked ??= Numbers.blocks(this.packed.components)); }

  latents(row, count) { return (this.rows ??= rowsInBytes(this.packed.latents))(row, count); }

  encode(picture, count = this.count) {
    const {mean, components, size} = this;
    return Float32Array.from({length: count}, (_, k) => {
      let sum = 0;
      for (let i = 0, at = k * size; i < size; i++, at++) sum += (picture[i] - mean[i]) * components[at];
      return sum;
    });
  }

  decode(numbers, kept) {
    const {components, size} = this, made = Float32Array.from(this.mean);
    for (let k = 0; k < kept; k++) for (let i = 0, at = k * size; i < size; i++, at++) made[i] += numbers[k] * components[at];
    return made.map(clip);
  }
}

class RunInPage {
  constructor(data, dataset) {
    Object.assign(this, {data, dataset, name: data.name, latentDim: data.latent_dim, nested: data.nested});
    this.psnr = Numbers.f16(data.psnr);
    this.maps = Object.fromEntries(Object.entries(data.maps).map(([name, text]) => [name, Float32Array.from(Numbers.u16(text), (v) => v / 65535)]));
    this.neighbors = neighborsOf(data.neighbors, dataset.numNeighbors);
    this.byPca = data.by_pca && neighborsOf(data.by_pca, dataset.numNeighbors);
    this.hasEncoder = data.encoder !== null;
    this.hasDecoder = data.decoder !== null;
    this.latents = rowsInBytes(data.latents);
  }

  // Of each test image that of the nearest other, by latents.
  get nearestDistances() {
    return (this.nearestOnes ??= Float32Array.from({length: this.dataset.count}, (_, row) => this.neighbors(row)[0].distance));
  }

  encode(picture) {
    const {data, dataset} = this, [from, to] = data.value_range;
    this.encoder ??= loaded(data.encoder, [dataset.channels, dataset.height, dataset.width]);
    return this.encoder(picture.map((v) => from + (to - from) * v));
  }

  // The picture of a run's numbers, or of the first `kept` of them.
  decode(numbers, kept = this.latentDim) {
    const {data} = this, [from, to] = data.value_range;
    this.decoder ??= loaded(data.decoder, [this.latentDim]);
    return this.decoder(numbers.map((v, i) => (i < kept ? v : 0))).map((v) => clip((v - from) / (to - from)));
  }

  // Along which the latents of the test images vary most: [{share, move(numbers, steps)}].
  get directions() {
    const {count, mean, axes, deviations, shares} = this.data.directions, d = this.latentDim;
    const [means, vectors, scales, parts] = [Numbers.f32(mean), Numbers.f16(axes), Numbers.f32(deviations), Numbers.f32(shares)];
    return Array.from({length: count}, (_, k) => ({
      share: parts[k],
      // The same numbers, but for where they lie along this direction: so many standard deviations from the mean.
      move: (numbers, steps) => {
        const axis = vectors.subarray(k * d, (k + 1) * d);
        const along = axis.reduce((sum, v, i) => sum + v * (numbers[i] - means[i]), 0);
        return numbers.map((v, i) => v + (steps * scales[k] - along) * axis[i]);
      },
    }));
  }
}

const loaded = ({steps, weights}, shape) => Network.load({steps, weights: typeof weights === "string" ? Numbers.f16(weights) : Numbers.blocks(weights)}, shape);
