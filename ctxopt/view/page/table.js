// Around the picture: the way to the open folder, what is drawn, and the table.

function drawCrumbs() {
  const way = [];
  for (let at = build.top; at >= 0; at = build.spots.parents[at]) way.unshift(at);
  byId("crumbs").replaceChildren(...way.map((at) => {
    const here = at === build.top;
    const name = at === 0 ? build.root : build.spots.names[at];
    const button = make("button", { type: "button", "aria-current": here ? "location" : null, on: { click: () => zoom(at) } }, name);
    return make("li", {}, button);
  }));
}

// What is drawn, each a box to leave it out; once for each tab.
function drawLegend() {
  const kinds = Object.keys(STATES).filter((one) => build.present.has(one)).map((one) => [one, ...STATES[one]]);
  if (build.suggestions.length) kinds.push(["goes", ...GOES]);
  const title = byId("legend").firstElementChild;
  byId("legend").replaceChildren(title, ...kinds.map(([is, name, meaning]) => {
    const swatch = svg("svg", { viewBox: "0 0 24 16", "aria-hidden": "true", class: is === "goes" ? "leaf goes" : `leaf s-${is}` });
    swatch.append(svg("rect", { width: 24, height: 16 }));
    const input = make("input", {
      type: "checkbox", "data-state": is,
      on: { change: (event) => {
        if (event.target.checked) build.hidden.delete(is); else build.hidden.add(is);
        update({ layout: true });
      } },
    });
    input.checked = !build.hidden.has(is);
    return make("label", { title: meaning }, input, swatch, `${name} `, make("b", { "data-sum": is }));
  }));
}

function updateLegend(sums) {
  for (const one of byId("legend").querySelectorAll("[data-sum]")) {
    one.textContent = size(sums.byState[one.dataset.sum] || 0);
  }
}

const COLUMNS = [
  ["name", "Name", (at) => nameOf(at).toLowerCase()],
  ["weight", "Size", (at, sums) => sums.weight[at]],
  ["entries", "Entries", (at, sums) => sums.entries[at]],
  ["state", "What becomes of it", (at) => stateOf(at)],
  ["by", "Suggestion", (at) => suggestionsOf(at).join(", ")],
];
const MOST_ROWS = 20; // of a table, until somebody asks for all

function drawTable(sums) {
  const table = byId("table");
  const [key, sign] = build.sort;
  table.querySelector("thead tr").replaceChildren(...COLUMNS.map(([id, label]) => {
    const sorted = id === key ? (sign > 0 ? "ascending" : "descending") : null;
    const press = () => {
      build.sort = [id, id === key ? -sign : id === "name" || id === "state" || id === "by" ? 1 : -1];
      drawTable(build.sums);
      byId("table").querySelector(`[data-column="${id}"]`).focus();
    };
    const numeric = id === "weight" || id === "entries";
    const classes = `${numeric ? "number" : ""} ${id === "entries" || id === "by" ? "optional" : ""}`.trim();
    return make("th", { scope: "col", "aria-sort": sorted, class: classes || null }, make("button", { type: "button", "data-column": id, on: { click: press } }, label));
  }));
  const query = build.query.toLowerCase();
  let rows = build.children[build.top];
  if (query) {
    rows = [];
    for (let at = 1; at < build.count; at += 1) if (matches(at, query)) rows.push(at);
  }
  const value = COLUMNS.find(([id]) => id === key)[2];
  const keyed = rows.map((at) => [value(at, sums), at]);
  const order = (one, two) => (one < two ? -1 : one > two ? 1 : 0);
  keyed.sort((one, two) => sign * order(one[0], two[0]) || sums.weight[two[1]] - sums.weight[one[1]]);
  const most = build.whole ? Infinity : MOST_ROWS;
  const shown = keyed.slice(0, most).map(([, at]) => at);
  table.querySelector("tbody").replaceChildren(...shown.map((at) => row(at, sums, query)));
  const left = rows.length - shown.length;
  byId("more-rows").hidden = left === 0;
  byId("more-rows").textContent = `Show ${counted(left, "more row")}`;
  byId("caption").textContent = query
    ? `${counted(rows.length, "place")} with “${build.query}” in the path`
    : `${build.paths[build.top] || build.root}: ${size(sums.weight[build.top])} in ${counted(sums.entries[build.top], "entry")}`;
}

function row(at, sums, query) {
  const isFolder = build.children[at].length > 0;
  const name = query ? build.paths[at] + (build.kind(at) === "folder" ? "/" : "") : nameOf(at);
  const open = () => { if (query) clearSearch(); zoom(isFolder ? at : build.spots.parents[at], at); };
  const title = isFolder || query ? make("button", { type: "button", on: { click: open } }, name) : name;
  const part = share(sums.weight[at], sums.weight[0]);
  const gone = sums.weight[at] > 0 && sums.gone[at] === sums.weight[at];
  return make("tr", { class: gone ? "goes" : null },
    make("th", { scope: "row" }, title),
    make("td", { class: "number", title: bytes(sums.weight[at]), "data-bytes": sums.weight[at] }, size(sums.weight[at]), make("span", { class: "share" }, part)),
    make("td", { class: "number optional" }, grouped(sums.entries[at])),
    make("td", {}, stateOf(at)),
    make("td", { class: "optional" }, suggestionsOf(at).join(", ")));
}

function clearSearch() {
  build.query = "";
  byId("search").value = "";
}
