// The picture that is picked, or one's own: what is drawn of it, its neighbors, and what lies between it and others.
"use strict";

function pick(row, second = false) {
  if (row < 0) return;
  if (second && row === state.picked) return say("This picture is picked already: pick another one.");
  if (second && (state.picked >= 0 || state.own)) state.second = row;
  else Object.assign(state, NO_OWN, {picked: row});
  setPairing(false);
  say("");
  repaint();
  showPicked();
  $("#heard").textContent = state.second < 0 ? shown.told : `from ${shown.title} to ${titleOf(state.second)}`;
}

function setPairing(wanted) {
  state.pairing = wanted;
  $("#pair").setAttribute("aria-pressed", wanted);
}

// The picture, its numbers by the run and by PCA; null where nothing is picked.
let shown = null;
function look() {
  if (!state.own && state.picked < 0) return null;
  const picture = state.own ?? current.picture(state.picked), code = run();
  const numbers = code.hasEncoder ? code.encode(picture) : state.own ? null : code.latents(state.picked);
  const linear = current.pca.encode(picture);
  return {picture, numbers, linear, title: state.own ? "your picture" : titleOf(state.picked)};
}

function showPicked() {
  shown = look();
  $("#pair").disabled = !shown?.numbers || !run().hasDecoder;
  if ($("#pair").disabled) setPairing(false);
  $("#kept-row").hidden = !(shown?.numbers && run().nested && run().hasDecoder);
  if (!shown) {
    $("#picked").replaceChildren(element("p", {className: "empty"}, "Click a picture on the map, or drop one of your own anywhere."));
    $("#amount").textContent = "";
    $("#between").replaceChildren();
    $("#found").replaceChildren();
    return;
  }
  showDrawn();
  showBetween();
  showNeighbors();
}

// The picture beside what is drawn of it: all that changes while the slider moves.
function showDrawn() {
  const {picture, numbers, linear, title} = shown, count = kept();
  const figures = [captioned(picture, title)], told = [];
  const add = (made, name, measured = decibels(made, picture)) => {
    const error = `${measured.toFixed(1)} dB`;
    figures.push(captioned(made, name, error));
    told.push(`${name} ${error}`);
  };
  // Of a test image and all numbers the error is known without the page's rounding.
  const known = state.own || count < run().latentDim ? undefined : run().psnr[state.picked];
  if (numbers && run().hasDecoder) add(run().decode(numbers, count), run().name, known);
  if (count <= current.pca.count) add(current.pca.decode(linear, count), "PCA");
  $("#picked").replaceChildren(...figures);
  shown.told = `${title}: ${told.join(", ")}`;
  const share = (100 * count / current.size).toPrecision(3);
  $("#amount").textContent = `${counted(count, "number")}, ${share} % of the picture's ${current.size.toLocaleString("en")}; ${counted(count, "byte")} if each is rounded to one`;
  $("#kept").setAttribute("aria-valuetext", `${counted(count, "number")}: ${told.join(", ")}`);
}

function thumbnail({row, distance}) {
  const score = distance.toPrecision(3), match = state.picked >= 0 && label() && label().codes[row] === label().codes[state.picked];
  const button = element("button", {type: "button", className: `thumbnail${match ? " match" : ""}`}, captioned(current.picture(row), nameOf(row) || `test ${current.ids[row]}`, score));
  button.setAttribute("aria-label", `${titleOf(row)}, distance ${score}${match ? `, the same ${label().label}` : ""}`);
  button.addEventListener("click", (event) => { pick(row, event.shiftKey || state.pairing); plane.centre(row); $("#picked").scrollIntoView({block: "nearest"}); });
  return button;
}

function showNeighbors() {
  const codes = state.own ? neighborsOfOwn() : neighborsOfPicked(state.picked);
  const columns = codes.map(([code, found]) => element("div", {className: "code"}, element("h3", {}, `by ${code}`), ...found.map(thumbnail)));
  const match = !state.own && label() ? [element("span", {className: "match-sample", ariaHidden: "true"}), ` the same ${label().label}; `] : [];
  const hint = element("p", {className: "hint"}, ...match, "under each its Euclidean distance");
  $("#found").replaceChildren(element("h2", {}, `Nearest of the ${current.count.toLocaleString("en")} pictures`), element("div", {className: "codes"}, ...columns), hint);
}

function neighborsOfPicked(row) {
  const {name, neighbors, byPca} = run();
  return [[name, neighbors(row)], ...(byPca ? [["PCA", byPca(row)]] : []), ["pixels", current.neighbors(row)]];
}

function neighborsOfOwn() {
  const {picture, numbers} = shown, {latentDim, name, latents, byPca} = run();
  return [
    ...(numbers ? [[name, current.nearest(numbers, latents)]] : []),
    ...(byPca && latentDim <= current.pca.count ? [["PCA", current.nearest(current.pca.encode(picture, latentDim), (row) => current.pca.latents(row, latentDim))]] : []),
    ["pixels", current.nearest(picture, (row) => current.picture(row))],
  ];
}

// Between two pictures, or along a direction in which latents vary.
function showBetween() {
  const {numbers} = shown, {hasDecoder} = run(), place = $("#between");
  if (!numbers || !hasDecoder) return place.replaceChildren();
  const strip = element("div", {className: "strip"}), draw = (latents, note) => captioned(run().decode(latents, kept()), note);
  if (state.second >= 0) {
    const other = run().latents(state.second);
    strip.append(...STEPS.map((_, n) => {
      const share = n / (STEPS.length - 1);
      return draw(numbers.map((v, i) => v + share * (other[i] - v)), `${Math.round(100 * share)} %`);
    }));
    return place.replaceChildren(element("h2", {}, `From ${shown.title} to ${titleOf(state.second)}`), strip);
  }
  const {directions} = run();
  const choice = element("select", {}, ...directions.map(({share}, k) => element("option", {value: k, selected: k === state.direction}, `direction ${k + 1}, ${(100 * share).toPrecision(2)} % of variance`)));
  choice.setAttribute("aria-label", "Direction in which the latents vary");
  const move = () => {
    state.direction = Number(choice.value);
    strip.replaceChildren(...STEPS.map((steps) => draw(directions[state.direction].move(numbers, steps), `${steps > 0 ? "+" : steps < 0 ? "−" : ""}${Math.abs(steps)} s.d.`)));
  };
  choice.addEventListener("change", () => { move(); remember(); });
  place.replaceChildren(element("h2", {}, "Moved along ", choice), strip);
  move();
}

// A picture of one's own, from a file.
async function take(file) {
  let image;
  try {
    image = await createImageBitmap(file);
  } catch {
    say(`${file.name} is no picture that this browser reads.`);
    return;
  }
  Object.assign(state, NO_OWN, {own: current.resized(image)});
  setPairing(false);
  say("");
  if (!run().hasEncoder && current.runs.some((each) => each.hasEncoder)) {
    state.run = current.runs.findIndex((each) => each.hasEncoder);
    state.kept = 0;
    say(`Your picture is encoded by ${run().name}: the page has no other encoder for ${current.name}.`);
  }
  showRun();
}
