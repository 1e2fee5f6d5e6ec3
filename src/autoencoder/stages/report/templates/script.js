// What is added on top of the page: without this it is complete, if longer.
"use strict";

// The contents say where one is.
const links = new Map([...document.querySelectorAll("nav ol a")].map((link) => [link.hash.slice(1), link]));
const seen = new IntersectionObserver((entries) => {
  for (const {target, isIntersecting} of entries) links.get(target.id)?.toggleAttribute("aria-current", isIntersecting);
}, {rootMargin: "-20% 0px -70% 0px"});
document.querySelectorAll("main > section").forEach((section) => seen.observe(section));

// Run A and run B: of pictures of several runs theirs alone are shown, side by side.
const compare = document.querySelector("#compare");
function showRuns() {
  const chosen = [compare.elements.a.value, compare.elements.b.value].filter(Boolean);
  for (const group of document.querySelectorAll(".by-run")) {
    const figures = [...group.querySelectorAll("figure[data-run]")], wanted = figures.filter((figure) => chosen.includes(figure.dataset.run));
    const shown = wanted.length ? wanted : figures.slice(0, 1);
    group.querySelector("details").open = true;
    group.classList.add("chosen");
    figures.forEach((figure) => { figure.hidden = !shown.includes(figure); });
  }
}
if (compare.elements.a.length > 1) {
  compare.hidden = false;
  compare.addEventListener("change", showRuns);
  showRuns();
  document.querySelectorAll("code.run").forEach((name) => name.addEventListener("click", () => {
    compare.elements.a.value = name.dataset.run;
    showRuns();
  }));
}

// One number of latents at a time.
for (const grid of document.querySelectorAll("figure.grid")) {
  const blocks = [...grid.querySelectorAll(".block")], slider = grid.querySelector("input"), told = grid.querySelector("output");
  if (blocks.length < 2) continue;
  const show = () => {
    blocks.forEach((block, n) => { block.hidden = n !== Number(slider.value); });
    told.textContent = blocks[slider.value].dataset.latentDim;
  };
  grid.querySelector(".slider").hidden = false;
  slider.addEventListener("input", show);
  show();
}

// What a point of a chart stands for is told where the pointer rests on it.
for (const mark of document.querySelectorAll(".chart svg .mark-symbol [aria-label]")) {
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = mark.getAttribute("aria-label").split("; ").filter((fact) => !/^(rev|colour|drawn):/.test(fact)).join("\n");
  mark.append(title);
}

// The data of a chart lie beside it; those of a table are what it shows.
const cells = (row) => [...row.cells].map(({textContent: text}) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text).join(",");
const dataOf = ({csv, table}) => csv
  ? document.getElementById(csv).textContent
  : [...document.getElementById(table).querySelectorAll("tr")].map(cells).join("\n");

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = dataOf(button.dataset);
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // from disk some browsers allow no clipboard: select it, copy it
      const area = Object.assign(document.createElement("textarea"), {value: text});
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy the data"; }, 1500);
  });
}
