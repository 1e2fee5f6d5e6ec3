// What is added on top of the page: without this it is complete, if longer.
"use strict";

// The contents say where one is.
const links = new Map([...document.querySelectorAll("nav ol a")].map((link) => [link.hash.slice(1), link]));
const seen = new IntersectionObserver((entries) => {
  for (const {target, isIntersecting} of entries) {
    if (isIntersecting) links.get(target.id)?.setAttribute("aria-current", "location");
    else links.get(target.id)?.removeAttribute("aria-current");
  }
  // On a phone the button that leads to them does.
  const here = document.querySelector("nav ol a[aria-current]");
  document.querySelector(".to-contents").textContent = here ? `Contents: ${here.textContent}` : "Contents";
}, {rootMargin: "-20% 0px -70% 0px"});
document.querySelectorAll("main > section").forEach((section) => seen.observe(section));

// Run A and run B: of pictures of several runs theirs alone are shown, side by side. A group that has none of a chosen
// run of its data set says so, and shows its first.
const compare = document.querySelector("#compare");
const offered = new Map([...compare.elements.a.options].map((option) => [option.value, option.parentElement.label]));
function showRuns() {
  const chosen = [compare.elements.a.value, compare.elements.b.value].filter(Boolean);
  const told = ["a", "b"].map((name) => [name.toUpperCase(), compare.elements[name].selectedOptions[0].dataset.told]);
  compare.elements.told.textContent = chosen.length > 1 ? told.map((each) => each.join(": ")).join("; ") : told[0][1];
  for (const group of document.querySelectorAll(".by-run")) {
    const figures = [...group.querySelectorAll("figure[data-run]")], there = figures.map((figure) => figure.dataset.run);
    const dataset = offered.get(there[0]), lacking = chosen.filter((run) => offered.get(run) === dataset && !there.includes(run));
    const wanted = chosen.flatMap((run) => figures.filter((figure) => figure.dataset.run === run));
    const shown = wanted.length ? wanted : figures.slice(0, 1);
    group.querySelector("details").open = true;
    group.classList.add("chosen");
    figures.forEach((figure) => { figure.hidden = !shown.includes(figure); figure.style.order = shown.indexOf(figure); });
    const note = group.querySelector(".not-drawn");
    note.hidden = !lacking.length;
    note.textContent = lacking.length ? `Not drawn for ${[...new Set(lacking)].join(" and ")}; shown: ${shown.map((figure) => figure.dataset.run).join(" and ")}.` : "";
  }
}
function choose(run) {
  compare.elements.a.value = run;
  showRuns();
}
if (offered.size > 1) {
  compare.hidden = false;
  compare.addEventListener("change", showRuns);
  showRuns();
  for (const name of document.querySelectorAll("code.run")) {
    if (!offered.has(name.dataset.run)) continue;
    name.classList.add("offered");
    name.addEventListener("click", () => choose(name.dataset.run));
  }
}

// What a link names is shown, also where it is folded away, or of a run that is not chosen.
function showTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  let revealed = target.hidden;
  if (revealed) choose(target.dataset.run);
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) {
    revealed ||= !around.open;
    around.open = true;
  }
  if (revealed) target.scrollIntoView();  // else the browser has done so, and going back it knows better where one was
}
showTarget();

// A picture that is closed, by its link or by Escape, stays in sight.
let closed = null;
for (const link of document.querySelectorAll("a.close")) link.addEventListener("click", () => { closed = link.closest("figure"); });
addEventListener("keydown", (event) => { if (event.key === "Escape") document.querySelector("figure:target a.close")?.click(); });
addEventListener("hashchange", () => {
  if (!closed) return showTarget();
  scrollTo({top: scrollY, behavior: "instant"});  // and not on to the section that the link names
  closed.scrollIntoView({block: "nearest", behavior: "instant"});
  closed = null;
});

// On paper nothing is folded: what style.css unfolds in newer browsers is opened for the others, and closed again.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((details) => { details.open = true; });
});
addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));

// A picture or a table wider than its frame says so.
const sized = new ResizeObserver((entries) => {
  for (const {target} of entries) target.classList.toggle("wider", target.scrollWidth > target.clientWidth + 1);
});
document.querySelectorAll(".enlarge, .wide").forEach((frame) => sized.observe(frame));

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

// What a mark of a chart stands for is told where the pointer rests on it: of a line not where it begins, its first two facts.
for (const mark of document.querySelectorAll(".chart svg [class*=role-mark]:not(.mark-text) > [aria-label]")) {
  const facts = mark.getAttribute("aria-label").split("; ").slice(mark.closest(".mark-line") ? 2 : 0);
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = facts.filter((fact) => !/^(rev|colour|drawn|lane|end_sse):/.test(fact)).join("\n");
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
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // from disk some browsers allow no clipboard: select it, copy it
      const area = Object.assign(document.createElement("textarea"), {value: text});
      document.body.append(area);
      area.select();
      copied = document.execCommand("copy");
      area.remove();
    }
    button.textContent = copied ? "Copied" : "The browser allows no copying";
    setTimeout(() => { button.textContent = "Copy the data"; }, 1500);
  });
}
