// All of it: what is drawn anew when something changes, and what listens.

// Draw what a change changes; with `layout` the places of the picture, too.
function update({ layout = false }) {
  build.cost = priceOf(build.chosen);
  const sums = weigh();
  const moves = layout || build.hidden.has("goes") || build.drawn !== build;
  build.sums = sums;
  build.drawn = build;
  drawTotals(build.cost);
  drawCrumbs();
  if (moves) drawPicture(sums); else restyle(sums);
  updateLegend(sums);
  drawTable(sums);
  updateChoices();
  updateSuggestions();
  drawFile();
}

function begin() {
  document.title = build.title;
  byId("title").textContent = build.title;
  byId("which").textContent = build.which;
  build.present = new Set();
  for (let at = 0; at < build.count; at += 1) if (!build.children[at].length && build.spots.weights[at] > 0) build.present.add(build.state(at));
  byId("search").value = build.query;
  byId("detail").textContent = "";
  byId("summed").textContent = build.summed;
  drawTabs();
  drawLegend();
  drawChoices();
  drawSuggestions();
  drawMore();
  update({ layout: true });
}

byId("picture").addEventListener("click", onPicture);
byId("picture").addEventListener("mouseover", onPicture);
byId("picture").addEventListener("focusin", onPicture);
byId("picture").addEventListener("keydown", onKey);
byId("search").addEventListener("input", (event) => {
  build.query = event.target.value.trim();
  restyle(build.sums);
  drawTable(build.sums);
});
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Escape") { clearSearch(); restyle(build.sums); drawTable(build.sums); }
});
byId("more-rows").addEventListener("click", () => { build.whole = true; drawTable(build.sums); byId("table").querySelector("thead button").focus(); });
byId("copy-lines").addEventListener("click", (event) => copy(build.linesText, event.currentTarget));
byId("copy-command").addEventListener("click", (event) => copy(build.commandText, event.currentTarget));
let resizing = 0;
new ResizeObserver(() => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => { if (build.sums) drawPicture(build.sums); });
}).observe(byId("picture"));
begin();
