/**
 * The report's script: shows samples behind a cell, and one confusion matrix at a time. Written for the browser as it
 * stands; it makes elements and sets their text, so nothing from the data is ever parsed as HTML.
 */
export const SCRIPT: string = `(() => {
"use strict";
const data = JSON.parse(document.getElementById("report-data").textContent);
const SHOWN = 60;
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const fill = (box, index) => {
  const picture = data.pictures[index];
  const words = data.words[index];
  const first = box.firstChild;
  if (picture) {
    const image = make("img");
    image.src = picture;
    image.alt = words || data.ids[index];
    box.insertBefore(image, first);
  }
  if (words) box.insertBefore(make("span", "words", words), first);
};
for (const box of document.querySelectorAll("[data-sample]")) fill(box, Number(box.dataset.sample));

const panels = [...document.querySelectorAll(".view")];
const behind = document.querySelector(".behind");
let chosen = null;
const choose = (button) => {
  if (chosen) chosen.removeAttribute("aria-pressed");
  chosen = button;
  behind.replaceChildren(make("p", "empty", "No cell chosen yet."));
};
const samplesBehind = (view, truth, said) => {
  const found = [];
  data.ids.forEach((id, i) => {
    if (data.truths[i] !== truth) return;
    const seeds = view.predictions.filter((seed) => seed[i] === said).length;
    if (seeds > 0) found.push({ i, seeds });
  });
  return found.sort((a, b) => b.seeds - a.seeds);
};
const open = (button) => {
  const view = data.views[Number(button.closest(".view").dataset.view)];
  const truth = Number(button.dataset.truth);
  const said = Number(button.dataset.said);
  const found = samplesBehind(view, truth, said);
  choose(button);
  button.setAttribute("aria-pressed", "true");
  const title = make("h3");
  title.append("It was ", make("b", "", data.classes[truth]), ", ", view.label, " said ", make("b", "", data.classes[said]));
  const list = make("ul", "samples");
  for (const { i, seeds } of found.slice(0, SHOWN)) {
    const item = make("li", "sample");
    item.append(make("span", "id", data.ids[i]));
    if (view.predictions.length > 1) item.append(make("span", "seeds", seeds + " of " + view.predictions.length + " seeds"));
    fill(item, i);
    list.append(item);
  }
  const count = make("p", "hint", found.length + (found.length === 1 ? " sample" : " samples") +
    ", " + button.querySelector("small").dataset.share + " of the answers for " + data.classes[truth] +
    (found.length > SHOWN ? "; the first " + SHOWN + " shown" : "") +
    (data.left > 0 ? "; " + data.left + " pictures were left out to keep this file small" : ""));
  behind.replaceChildren(title, count, list);
};
const show = (index) => {
  panels.forEach((panel, i) => { panel.hidden = i !== index; });
  choose(null);
  // The commonest mistake is open at first, so that the place beside the matrix explains itself.
  const mistakes = [...panels[index].querySelectorAll(".wrong button")];
  const size = (button) => Number.parseInt(button.firstChild.data, 10);
  if (mistakes.length > 0) open(mistakes.reduce((top, button) => size(button) > size(top) ? button : top));
};
for (const input of document.querySelectorAll('input[name="confusion"]')) {
  input.addEventListener("change", () => show(Number(input.value)));
  if (input.checked) show(Number(input.value));
}
const reveal = () => {
  if (getComputedStyle(behind.parentElement).gridTemplateColumns.split(" ").length < 2) {
    behind.scrollIntoView({ block: "nearest" });
  }
};
for (const panel of panels) {
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-truth]");
    if (!button) return;
    open(button);
    reveal();
  });
}
document.documentElement.classList.add("js");
})();`;
