"use strict";
// Every word that is typed must be in a place. What is called so comes first, then what begins so, then words of titles, then texts.
const input = document.getElementById("search");
const found = document.getElementById("found");
const MOST = 24;

const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
const PLACES = INDEX.map((entry) => ({
  entry,
  title: entry.t.toLowerCase(),
  inTitle: wordsOf(entry.t),
  text: entry.b.toLowerCase(),
  inText: new Set(wordsOf(entry.b)),
}));

function rank(place, word) {
  const begins = (other) => other.startsWith(word);
  if (place.title === word) return 1000;
  if (begins(place.title)) return 400;
  if (place.inTitle.includes(word)) return 300;
  if (place.inTitle.some(begins)) return 200;
  if (place.title.includes(word)) return 100;
  if (place.inText.has(word)) return 20;
  if ([...place.inText].some(begins)) return 10;
  return place.text.includes(word) ? 1 : 0;
}

// Places that hold every word, the best first; of two that are as good the one that stands before the other in the manual.
function search(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = [];
  PLACES.forEach((place, at) => {
    const ranks = words.map((word) => rank(place, word));
    if (ranks.every((one) => one > 0)) hits.push({ at, sum: ranks.reduce((sum, one) => sum + one, 0) });
  });
  hits.sort((a, b) => b.sum - a.sum || a.at - b.at);
  return hits.map((hit) => PLACES[hit.at].entry);
}

function show() {
  found.replaceChildren();
  found.hidden = input.value.trim() === "";
  if (found.hidden) return;
  const hits = search(input.value);
  for (const entry of hits.slice(0, MOST)) {
    const link = document.createElement("a");
    const kind = document.createElement("small");
    const line = document.createElement("li");
    link.href = entry.u;
    link.textContent = entry.t;
    kind.textContent = entry.k;
    link.append(kind);
    line.append(link);
    found.append(line);
  }
  if (hits.length === 0) {
    const line = document.createElement("li");
    line.textContent = "nothing found";
    found.append(line);
  }
  select(0);
}

function select(at) {
  const links = [...found.querySelectorAll("a")];
  links.forEach((link, i) => link.setAttribute("aria-selected", String(i === at)));
  if (links[at]) links[at].scrollIntoView({ block: "nearest" });
}

function selected() {
  return [...found.querySelectorAll("a")].findIndex((link) => link.getAttribute("aria-selected") === "true");
}

input.addEventListener("input", show);
input.addEventListener("keydown", (event) => {
  const count = found.querySelectorAll("a").length;
  if (event.key === "ArrowDown" && count > 0) select((selected() + 1) % count);
  else if (event.key === "ArrowUp" && count > 0) select((selected() + count - 1) % count);
  else if (event.key === "Enter" && selected() >= 0) found.querySelectorAll("a")[selected()].click();
  else if (event.key === "Escape") { input.value = ""; show(); input.blur(); }
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== input) { event.preventDefault(); input.focus(); }
});
document.addEventListener("click", (event) => {
  if (!found.contains(event.target) && event.target !== input) found.hidden = true;
});
