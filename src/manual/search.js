"use strict";
// Every word that is typed must be in a place; titles count more than texts.
const input = document.getElementById("search");
const found = document.getElementById("found");
const MOST = 24;

function rank(entry, words) {
  const title = entry.t.toLowerCase();
  const body = entry.b.toLowerCase();
  let sum = 0;
  for (const word of words) {
    if (title === word) sum += 100;
    else if (title.startsWith(word)) sum += 40;
    else if (title.includes(word)) sum += 20;
    else if (body.includes(word)) sum += 1;
    else return 0;
  }
  return sum;
}

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.replaceChildren();
  found.hidden = words.length === 0;
  if (found.hidden) return;
  const hits = INDEX.map((entry, at) => [rank(entry, words), at]).filter((hit) => hit[0] > 0);
  hits.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, at] of hits.slice(0, MOST)) {
    const link = document.createElement("a");
    const kind = document.createElement("small");
    const line = document.createElement("li");
    link.href = INDEX[at].u;
    link.textContent = INDEX[at].t;
    kind.textContent = INDEX[at].k;
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
