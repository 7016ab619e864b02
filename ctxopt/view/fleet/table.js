// The table: heads that sort, and rows a slice at a time, so that thousands stay quick.

const SLICE = 60;

// Id, head, what to sort by, and its first direction; null is known of none.
const COLUMNS = [
  ["name", "Repository", (row) => row.lower, 1, ""],
  ["sends", "Sends", (row) => row.sends, -1, "number size"],
  ["again", "Again", (row) => row.again, -1, "number size optional"],
  ["saves", "Saves", (row) => row.saves, -1, "number size"],
  ["builds", "Builds", (row) => row.builds, -1, "number count optional"],
  ["secrets", "Secrets", (row) => (row.builds === null ? null : row.secrets.length), -1, "number count optional"],
  ["errors", "Errors", (row) => row.errors, -1, "number count optional"],
  ["warnings", "Warnings", (row) => row.warnings, -1, "number count optional"],
];

function drawHeads() {
  const [key, sign] = wanted.sort;
  byId("table").querySelector("thead tr").replaceChildren(...COLUMNS.map(([id, label, , first, classes]) => {
    const press = () => {
      wanted.sort = [id, id === key ? -sign : first];
      update();
      byId("table").querySelector(`[data-column="${id}"]`).focus();
    };
    const sorted = id === key ? (sign > 0 ? "ascending" : "descending") : null;
    const button = make("button", { type: "button", "data-column": id, on: { click: press } }, label);
    return make("th", { scope: "col", "aria-sort": sorted, class: classes || null }, button);
  }));
}

// Rows in the order that is wanted; what is not known stands last either way.
function ordered(some) {
  const [key, sign] = wanted.sort;
  const value = COLUMNS.find(([id]) => id === key)[2];
  const compare = (one, two) => (one < two ? -1 : one > two ? 1 : 0);
  return some.map((row) => [value(row), row]).sort(([one, first], [two, second]) => {
    if (one === null || two === null) return (one === null) - (two === null) || first.at - second.at;
    return sign * compare(one, two) || first.at - second.at;
  }).map(([, row]) => row);
}

function drawTable(some, sums) {
  drawHeads();
  wanted.rows = ordered(some);
  wanted.shown = 0;
  byId("table").querySelector("tbody").replaceChildren();
  drawMore();
  const said = isFiltered() ? `${grouped(some.length)} of ${counted(rows.length, "repository")}` : counted(rows.length, "repository");
  const sent = isKnown(sums) ? `${size(sums.sends)} sent by ${counted(sums.builds - sums.unmeasured, "build")}` : "none could be measured";
  byId("caption").textContent = `${said}: ${sent}`;
}

// The next slice, below what is there.
function drawMore() {
  const next = wanted.rows.slice(wanted.shown, wanted.shown + SLICE);
  byId("table").querySelector("tbody").append(...next.map(drawRow));
  wanted.shown += next.length;
  const left = wanted.rows.length - wanted.shown;
  byId("more-rows").hidden = left === 0;
  byId("more-rows").textContent = `Show ${grouped(Math.min(left, SLICE))} of ${counted(left, "more row")}`;
  return next;
}

function drawRow(row) {
  const name = row.page === null ? make("span", { class: "name" }, row.name) : make("a", { class: "name", href: row.page }, row.name);
  const commit = row.commit ? make("span", { class: "commit" }, row.commit.slice(0, 10)) : "";
  const number = (count) => make("td", { class: "number optional" }, count ? grouped(count) : "");
  const sized = (count, classes = "") => make("td", { class: `number ${classes}`.trim(), title: count === null ? null : bytes(count), "data-bytes": count }, count === null ? "" : size(count));
  return make("tr", { "data-at": row.at },
    make("th", { scope: "row" }, name, make("span", { class: "place", title: [row.place, row.commit].filter(Boolean).join("\n") }, commit, row.place), ...notesOf(row)),
    sized(row.sends), sized(row.again, "optional"), sized(row.saves),
    number(row.builds), number(row.secrets.length), number(row.errors), number(row.warnings));
}

// What is to be known of a row beside its numbers, below its name.
function notesOf(row) {
  if (row.state === "empty") return [make("span", { class: "why" }, "nothing to build")];
  const tags = [];
  if (row.failed) tags.push(make("span", { class: "why" }, make("span", { class: "error" }, row.failure?.kind ?? "failed"), row.failure ? `: ${row.failure.message}` : ""));
  const tag = (kind, text, title = null) => tags.push(make("span", { class: `tag ${kind}`, title }, text), " ");
  if (row.secrets.length) tag("secrets", counted(row.secrets.length, "secret"), row.secrets.slice(0, 20).join("\n"));
  if (row.breaks) tag("breaks", "breaks its cache");
  if (row.lacks) tag("lacks", "builds without ignore file");
  if (row.unmeasured && !row.failed) tag("part", `${counted(row.unmeasured, "build")} not measured`);
  return tags;
}
