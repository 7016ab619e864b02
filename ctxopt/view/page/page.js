// The page: what is read from the content, drawn, and changed by whoever looks at it.

const STATES = {
  named: ["named by a source", "a COPY, ADD or mount says its path, or that of a folder around it"],
  swept: ["swept in", "taken by a source that takes all there is, as COPY . ."],
  mixed: ["partly named, summed up", "small things in several of these states"],
  unused: ["sent for nobody", "sent to the builder, and no source takes it"],
  unsent: ["not sent by this build", "in the context, and no source asks for it: its size on disk"],
};
const GOES = ["kept out by the switches", "what the suggestions that are on would keep out"];
const byId = (id) => document.getElementById(id);

// An element; text is only ever text.
function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

const bytes = (count) => `${grouped(count)} bytes`;

// The columns of the content as one record, with what is asked for again and again.
function readBuild(raw, packets) {
  const spots = raw.spots;
  const count = spots.names.length;
  const children = Array.from({ length: count }, () => []);
  for (let at = 1; at < count; at += 1) children[spots.parents[at]].push(at);
  const paths = [""];
  for (let at = 1; at < count; at += 1) {
    const above = paths[spots.parents[at]];
    const name = spots.names[at];
    paths.push(name ? (above ? `${above}/${name}` : name) : above);
  }
  return {
    ...raw, count, children, paths,
    kind: (at) => ({ d: "folder", f: "file", r: "rest" })[spots.kinds[at]],
    state: (at) => raw.states[spots.states[at]],
    by: (at) => raw.sets[spots.sets[at]],
    context: readCourse(raw.context, packets),
    transfer: raw.transfer ? readCourse(raw.transfer, packets) : null,
    // What a person does with it.
    known: new Map([["", raw.now], ...raw.known.map(([choice, cost]) => [choice.join(), cost])]),
    chosen: new Set(), top: 0, query: "", sort: ["weight", -1], focus: null, whole: false,
    hidden: new Set(),
  };
}

const content = JSON.parse(byId("content").textContent);
const builds = content.builds.map((raw) => readBuild(raw, content.packets));
let build = builds[0];
let cells = [];
let groups = new Map();

// What a choice costs: where sums are no more than about right, what ctxopt measured.
function priceOf(chosen) {
  if (!build.about.length) return costOf(build, chosen);
  return build.known.get([...chosen].sort((one, two) => one - two).join()) || costOf(build, chosen);
}

// --- sums of what is drawn ---

function goes(at) {
  return build.by(at).some((one) => build.chosen.has(one));
}

// For each spot what it weighs, and the part of it that is drawn.
function weigh() {
  const { count, spots } = build;
  const sums = { weight: new Float64Array(count), seen: new Float64Array(count) };
  sums.gone = new Float64Array(count);
  sums.entries = new Float64Array(count);
  sums.byState = {};
  for (let at = count - 1; at >= 0; at -= 1) {
    if (!build.children[at].length) {
      const weight = spots.weights[at];
      const is = goes(at) ? "goes" : build.state(at);
      sums.weight[at] = weight;
      sums.entries[at] = spots.entries[at];
      sums.seen[at] = build.hidden.has(is) ? 0 : weight;
      sums.gone[at] = is === "goes" ? weight : 0;
      sums.byState[is] = (sums.byState[is] || 0) + weight;
    }
    const above = spots.parents[at];
    if (above >= 0) for (const key of ["weight", "seen", "gone", "entries"]) sums[key][above] += sums[key][at];
  }
  return sums;
}

function nameOf(at) {
  const kind = build.kind(at);
  if (at === 0) return build.root;
  if (kind !== "rest") return build.spots.names[at] + (kind === "folder" ? "/" : "");
  const count = build.spots.entries[at];
  const alone = build.children[build.spots.parents[at]].length === 1;
  return count > 1 || alone ? `${counted(count, "entry")}${alone ? "" : ", summed up"}` : "the folder itself";
}

function stateOf(at) {
  if (!build.children[at].length) return goes(at) ? GOES[0] : STATES[build.state(at)][0];
  const found = new Map();
  const look = (one) => {
    if (build.children[one].length) { build.children[one].forEach(look); return; }
    const is = goes(one) ? GOES[0] : STATES[build.state(one)][0];
    found.set(is, (found.get(is) || 0) + build.spots.weights[one]);
  };
  look(at);
  return [...found].sort((one, two) => two[1] - one[1]).map(([is]) => is).join(", ");
}

function suggestionsOf(at) {
  const found = new Set();
  const look = (one) => {
    if (build.children[one].length) build.children[one].forEach(look);
    else build.by(one).forEach((number) => found.add(number));
  };
  look(at);
  return [...found].map((number) => build.suggestions[number].id);
}

function sourcesOf(at) {
  return build.takers[build.spots.takers[at]].map((one) => {
    const { text, line } = build.sources[one];
    return `${text} (line ${line})`;
  });
}

function described(at, sums) {
  const path = build.kind(at) === "rest" ? `${build.paths[at] || build.root}: ${nameOf(at)}` : build.paths[at] || build.root;
  const parts = [path, `${size(sums.weight[at])}, ${share(sums.weight[at], sums.weight[0])}`, stateOf(at)];
  if (!build.children[at].length) {
    parts.push(...sourcesOf(at));
    const by = build.by(at).map((one) => build.suggestions[one].id);
    if (by.length) parts.push(`suggestion ${by.join(", ")}`);
  }
  return parts.join(" · ");
}

// --- the picture ---

function drawPicture(sums) {
  const room = byId("picture");
  const box = room.getBoundingClientRect();
  const [width, height] = [Math.max(box.width, 200), Math.max(box.height, 200)];
  room.replaceChildren();
  groups = new Map();
  cells = layOut(build, build.top, width, height, sums.seen);
  if (!cells.length) {
    room.append(make("p", { class: "empty" }, "Nothing to draw here: see what is switched off below."));
    return;
  }
  const said = `Treemap of ${build.paths[build.top] || build.root}: the area of each part is its bytes. Arrow keys move, Enter opens a folder, Escape goes up. The table below says the same.`;
  const image = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": said });
  for (const cell of cells) {
    const group = drawCell(cell, { name: nameOf(cell.at), size: size(sums.weight[cell.at]) });
    if (cell.depth > 0) group.setAttribute("aria-hidden", "true");
    groups.set(cell.at, group);
    image.append(group);
  }
  room.append(image);
  restyle(sums);
}

// What changes of the picture where the places stay.
function restyle(sums) {
  const inner = build.query.toLowerCase();
  const image = byId("picture").querySelector("svg");
  if (!image) return;
  if (image.classList.contains("searching") !== (inner !== "")) image.classList.toggle("searching");
  let first = null;
  for (const cell of cells) {
    const group = groups.get(cell.at);
    const isTop = cell.depth === 0;
    let look = cell.opens ? "cell folder" : "cell leaf";
    if (!cell.opens) {
      const gone = sums.weight[cell.at] > 0 && sums.gone[cell.at] >= sums.weight[cell.at] / 2;
      look += ` s-${dominant(cell.at)}${gone ? " goes" : ""}`;
    }
    if (inner !== "" && matches(cell.at, inner)) look += " hit";
    if (group.getAttribute("class") !== look) group.setAttribute("class", look);
    if (isTop) {
      first = first === null ? cell.at : first;
      const opens = build.children[cell.at].length > 0;
      group.setAttribute("role", "button");
      group.setAttribute("aria-label", `${described(cell.at, sums)}${opens ? " · folder, Enter opens it" : ""}`);
      group.setAttribute("tabindex", "-1");
    }
  }
  const focus = groups.has(build.focus) ? build.focus : first;
  if (focus !== null) groups.get(focus).setAttribute("tabindex", "0");
}

function dominant(at) {
  const found = {};
  const look = (one) => {
    if (build.children[one].length) build.children[one].forEach(look);
    else found[build.state(one)] = (found[build.state(one)] || 0) + build.spots.weights[one];
  };
  look(at);
  return Object.entries(found).sort((one, two) => two[1] - one[1])[0][0];
}

function matches(at, query) {
  return build.kind(at) !== "rest" && build.paths[at].toLowerCase().includes(query);
}

// The cell right in the open folder that a cell lies in.
function outermost(at) {
  while (build.spots.parents[at] !== build.top && build.spots.parents[at] > 0) at = build.spots.parents[at];
  return at;
}

function zoom(at, focus = null) {
  build.whole = false;
  if (!build.children[at].length && at !== 0) at = build.spots.parents[at];
  build.top = at;
  build.focus = focus;
  update({ layout: true });
  say(`${build.paths[at] || build.root}: ${size(build.sums.weight[at])}`);
}

function up() {
  if (build.top === 0) return;
  const from = build.top;
  zoom(build.spots.parents[from], from);
  focusCell(from);
}

function focusCell(at) {
  const group = groups.get(at);
  if (!group) return;
  groups.forEach((one) => { if (one.hasAttribute("tabindex")) one.setAttribute("tabindex", "-1"); });
  group.setAttribute("tabindex", "0");
  group.focus();
  build.focus = at;
}

function onPicture(event) {
  const group = event.target.closest("[data-at]");
  if (!group) return;
  const at = Number(group.dataset.at);
  if (event.type === "click") {
    const opened = group.classList.contains("folder") ? at : outermost(at);
    if (build.children[opened].length) zoom(opened);
    else focusCell(opened);
  } else byId("detail").textContent = described(at, build.sums);
}

function onKey(event) {
  const group = event.target.closest("[data-at]");
  if (event.key === "Escape") { up(); event.preventDefault(); return; }
  if (!group) return;
  const at = Number(group.dataset.at);
  if (event.key === "Enter" || event.key === " ") {
    if (build.children[at].length) {
      zoom(at);
      const first = cells.find((cell) => cell.depth === 0);
      if (first) focusCell(first.at);
    }
    event.preventDefault();
  } else if (event.key.startsWith("Arrow")) {
    const level = cells.filter((cell) => cell.depth === 0);
    const next = neighbour(level, level.find((cell) => cell.at === at), event.key);
    if (next) focusCell(next.at);
    event.preventDefault();
  } else if (event.key === "Home") { zoom(0); event.preventDefault(); }
}

// --- around it ---

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

function drawLegend(sums) {
  const kinds = Object.keys(STATES).filter((one) => build.present.has(one)).map((one) => [one, ...STATES[one]]);
  if (build.suggestions.length) kinds.push(["goes", ...GOES]);
  const said = byId("legend").firstElementChild;
  const focused = document.activeElement && document.activeElement.dataset.state;
  byId("legend").replaceChildren(said, ...kinds.map(([is, name, meaning]) => {
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
    return make("label", { title: meaning }, input, swatch, `${name} `, make("b", {}, size(sums.byState[is] || 0)));
  }));
  if (focused) byId("legend").querySelector(`[data-state="${focused}"]`)?.focus();
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

// --- totals, suggestions and the ignore file ---

function total(id, label, now, was, words, isFirst = false) {
  const value = make("dd", { class: isFirst ? "first" : null });
  if (was !== null && was !== now) value.append(make("span", { class: "was", title: bytes(was) }, size(was)), " ");
  value.append(make("span", { class: "now", id: `total-${id}`, "data-bytes": now, title: bytes(now) }, size(now)));
  if (was !== null && now < was) value.append(" ", make("span", { class: "less" }, `${share(was - now, was)} less`));
  value.append(make("small", {}, words));
  return make("div", { class: isFirst ? "first" : null }, make("dt", {}, label), value);
}

function drawTotals(cost) {
  const { now } = build;
  const about = build.about.length && !build.known.has([...build.chosen].sort((one, two) => one - two).join()) ? "About: " : "";
  const shown = [];
  const verb = build.inPlace ? "Read" : "Sent";
  if (build.sends) {
    shown.push(total("transfer", `${about}${about ? verb.toLowerCase() : verb} by a first build`, cost.transfer, now.transfer, counted(cost.files, "file"), true));
    shown.push(total("again", "Again, nothing changed", cost.again, now.again, build.inPlace ? "read once more" : "the same build"));
  }
  if (!build.isWhole && build.isKnown) shown.push(total("context", "Context", cost.context, now.context, `${counted(cost.contextFiles, "file")} that the ignore file lets through`));
  if (build.excluded) shown.push(total("excluded", "Kept out already", build.excluded[1], null, counted(build.excluded[0], "file")));
  if (build.sends) {
    const time = (id, label, after, before) => {
      const value = make("dd", {});
      if (seconds(before) !== seconds(after)) value.append(make("span", { class: "was" }, seconds(before)), " ");
      value.append(make("span", { class: "now", id: `total-${id}` }, seconds(after)), make("small", {}, `estimate, profile ${build.profile}`));
      return make("div", {}, make("dt", {}, label), value);
    };
    shown.push(time("first", "Seconds at first", cost.first, now.first), time("repeat", "Seconds again", cost.repeat, now.repeat));
  }
  byId("totals").replaceChildren(...shown);
  const notes = [];
  if (about) notes.push(`Sums of several switches are about right: ${build.about.join("; ")}. One alone, all, and none are exact.`);
  if (!build.isKnown) notes.push("What the whole context holds cannot be told: see Problems. What is drawn was met on the way.");
  if (!build.sends) notes.push("This build sends nothing of the context: no source reads it.");
  byId("note").textContent = notes.join(" ");
}

function say(text) {
  byId("live").textContent = text;
}

function drawChoices() {
  const set = (wanted) => { build.chosen = new Set(wanted); update({}); announce(); };
  const every = build.suggestions.map((_, at) => at);
  const same = (wanted) => wanted.length === build.chosen.size && wanted.every((one) => build.chosen.has(one));
  const button = (id, label, wanted, classes = null) => make("button", {
    type: "button", id, class: classes, "aria-pressed": String(same(wanted)), on: { click: () => { set(wanted); byId(id).focus(); } },
  }, label);
  const focused = document.activeElement && document.activeElement.id;
  byId("choices").replaceChildren(...(every.length ? [
    button("choose-unasked", "What write --yes does", build.unasked, "recommended"),
    button("choose-all", "All", every),
    button("choose-none", "None", []),
  ] : []));
  if (focused && focused.startsWith("choose-")) byId(focused).focus();
}

function announce() {
  const cost = build.cost;
  say(`${counted(build.chosen.size, "suggestion")} on: ${size(cost.transfer)} sent, ${size(cost.context)} in the context`);
}

// Each suggestion once; later only what changes of it.
function drawSuggestions() {
  const list = byId("suggestions");
  if (!build.suggestions.length) {
    list.replaceChildren(make("li", { class: "quiet" }, build.none));
    return;
  }
  list.replaceChildren(...build.suggestions.map((one, at) => {
    const input = make("input", { type: "checkbox", role: "switch", id: `switch-${at}`, "data-id": one.id, on: { change: (event) => {
      if (event.target.checked) build.chosen.add(at); else build.chosen.delete(at);
      update({});
      announce();
    } } });
    const label = make("label", { for: `switch-${at}` }, input,
      make("span", { class: "what" }, one.patterns.slice(0, 2).join("  ") + (one.patterns.length > 2 ? `  +${one.patterns.length - 2}` : "")),
      make("span", { class: "saves", id: `saves-${at}` }),
      make("span", { class: "why" }, make("span", { class: `tag ${one.confidence}` }, one.confidence), ` ${one.label}`));
    const facts = [one.reason, one.risk && `Risk: ${one.risk}`, one.question, ...one.notes].filter(Boolean);
    const hits = one.paths.join(", ") + (one.count > one.paths.length ? ` and ${counted(one.count - one.paths.length, "more path")}` : "");
    const more = make("details", {}, make("summary", {}, one.id),
      ...facts.map((fact) => make("p", {}, fact)), make("p", {}, `Lines: ${one.patterns.join("  ")}`), make("p", {}, `Hits ${hits}`));
    return make("li", {}, label, more);
  }));
}

function updateSuggestions() {
  const cost = costOf(build, build.chosen, true);
  build.suggestions.forEach((one, at) => {
    const other = new Set(build.chosen);
    const isOn = other.delete(at);
    if (!isOn) other.add(at);
    const key = build.sends && one.sent ? "transfer" : "context";
    const saves = Math.abs(costOf(build, other, true)[key] - cost[key]);
    const place = byId(`saves-${at}`);
    place.textContent = size(saves);
    place.dataset.bytes = saves;
    const where = key === "context" ? "; of the context, this build sends none of it" : "";
    place.title = `${bytes(saves)}, beside the others that are on${where}`;
    byId(`switch-${at}`).checked = isOn;
  });
}

function drawFile() {
  const { text, chosen } = build;
  byId("file-path").textContent = `${text.shown}${text.exists ? "" : ", which is not there yet"}`;
  const added = chosen.size ? addedLines(text, chosen) : [];
  const old = text.nowShown;
  const lines = old.map((line) => make("span", {}, line || " "));
  const fresh = added.map((line) => make("ins", {}, shownLine(line)));
  byId("file").replaceChildren(...(lines.length || fresh.length ? [...lines, ...fresh] : [make("span", {}, "(nothing)")]));
  const words = [...chosen].sort((one, two) => one - two).flatMap((at) => ["--only", build.suggestions[at].id]);
  build.commandText = chosen.size ? [build.command, ...words].join(" ") : "";
  build.linesText = added.length ? `${added.join("\n")}\n` : "";
  byId("command").textContent = build.commandText;
  byId("copy-lines").disabled = !added.length || /[\udc80-\udcff]/.test(build.linesText.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""));
  byId("copy-command").disabled = !chosen.size;
  const last = byId("file").querySelector("ins");
  if (last) byId("file").scrollTop = last.offsetTop - byId("file").offsetTop - 40;
}

// A line as it can be shown: what has no look of its own is an escape.
function shownLine(line) {
  const safe = line.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return safe.replace(/[\ud800-\udbff][\udc00-\udfff]|[\udc80-\udcff]/g,
    (found) => (found.length > 1 ? found : `\\x${(found.charCodeAt(0) - 0xdc00).toString(16)}`));
}

async function copy(text, button) {
  const label = button.textContent;
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    const area = make("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  button.textContent = done ? "Copied" : "Select and copy it by hand";
  say(button.textContent);
  setTimeout(() => { button.textContent = label; }, 1500);
}

// --- what does not change ---

function drawMore() {
  const parts = [];
  const section = (title, ...inside) => parts.push(make("section", {}, make("h2", {}, title), ...inside));
  if (build.secrets.length) {
    section("Secrets", make("ul", {}, ...build.secrets.map((one) => make("li", {}, make("span", { class: one.severity }, one.path), `: ${one.what}, ${one.reach}`))),
      make("p", { class: "quiet" }, "Their names only: what they say is nowhere in this page."));
  }
  if (build.sources.length) {
    const head = make("thead", {}, make("tr", {}, ...["Line", "Source", "Entries", "File bytes"].map((one, at) => make("th", { scope: "col", class: at > 1 ? "number" : null }, one))));
    const rows = build.sources.map((one) => make("tr", {}, make("td", {}, String(one.line)), make("td", {}, make("code", {}, one.text), one.stage ? ` in ${one.stage}` : ""),
      ...(one.state === "found" ? [make("td", { class: "number" }, grouped(one.entries)), make("td", { class: "number", title: bytes(one.bytes) }, size(one.bytes))] : [make("td", { class: "number error", colspan: 2 }, one.state)])));
    section("Sources", make("div", { class: "scroll" }, make("table", {}, head, make("tbody", {}, ...rows))));
  }
  if (build.problems.length) {
    section("Problems", make("ul", {}, ...build.problems.map((one) => make("li", {}, make("span", { class: one.severity }, one.severity), ` ${one.place ? `${one.place}: ` : ""}${one.message}${one.hint ? ` — ${one.hint}` : ""}`))));
  }
  if (build.held.length) {
    section("Held back", make("p", { class: "quiet" }, "Looks like clutter, and has to stay."), make("ul", {}, ...build.held.map((one) => make("li", {}, make("code", {}, one.path), `: ${one.why}`))));
  }
  if (build.named.length) {
    section("Named contexts", make("ul", {}, ...build.named.map((one) => make("li", {}, make("code", {}, one.name), ` ${one.path}: ${size(one.sent)} sent, ${counted(one.files, "file")}`))));
  }
  if (content.failed.length) {
    section("Not measured", make("ul", {}, ...content.failed.map((one) => make("li", {}, make("span", { class: "error" }, one.name), `: ${one.message}`))));
  }
  byId("more").replaceChildren(...parts);
}

function drawTabs() {
  const tabs = byId("tabs");
  if (builds.length < 2) return;
  tabs.hidden = false;
  const pick = (at) => { build = builds[at]; begin(); tabs.children[at].focus(); };
  tabs.replaceChildren(...builds.map((one, at) => make("button", {
    type: "button", role: "tab", "aria-selected": String(one === build), tabindex: one === build ? 0 : -1,
    on: {
      click: () => pick(at),
      keydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) { pick((at + step + builds.length) % builds.length); event.preventDefault(); }
      },
    },
  }, `${one.name} `, make("span", { class: "quiet" }, size(one.now.transfer)))));
}

// --- all of it ---

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
  drawLegend(sums);
  drawTable(sums);
  drawChoices();
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
