// All of it: what is drawn anew when something is asked for, and what listens.

const MOST_CODES = 10; // until somebody asks for all

function update() {
  const some = selected();
  const sums = sumsOf(some);
  drawTotals(sums);
  drawWeek(sums);
  drawFilters();
  drawTable(some, sums);
  drawCodes(sums);
  drawKinds(sums);
  byId("clear").hidden = !isFiltered();
  byId("live").textContent = byId("caption").textContent;
}

// Each sum, and of how much where not all is shown.
function drawTotals(sums) {
  const part = isFiltered();
  const sized = (count) => (isKnown(sums) ? size(count) : UNKNOWN);
  const total = (id, label, value, whole, below = "", first = false) => {
    const now = make("span", { class: "now", id: `total-${id}`, "data-value": sums[id] }, value);
    const small = [part ? `of ${whole}` : "", below].filter(Boolean).join(", ");
    return make("div", { class: first ? "first" : null }, make("dt", {}, label), make("dd", {}, now, make("small", {}, small)));
  };
  const failed = sums.failed ? `${grouped(sums.failed)} failed` : "";
  byId("totals").replaceChildren(
    total("sends", "Sent by first builds", sized(sums.sends), size(ALL.sends), counted(sums.builds - sums.unmeasured, "build"), true),
    total("again", "Again, with nothing changed", sized(sums.again), size(ALL.again)),
    total("saves", `Saved by ${content.write}`, sized(sums.saves), size(ALL.saves), isKnown(sums) ? share(sums.saves, sums.sends) : ""),
    total("repositories", "Repositories", grouped(sums.repositories), grouped(ALL.repositories), failed));
}

function drawWeek(sums) {
  const times = wanted.builds;
  const saved = (one, seconds, id) => make("b", { id }, isKnown(sums) ? `${size(one * times)} and ${time(seconds * times)}` : UNKNOWN);
  byId("week-words").replaceChildren(`builds a week of each image, ${content.fresh}, saved a week: `, saved(sums.saves, sums.seconds, "week-fresh"));
  byId("week-again").replaceChildren(`With as many, ${content.kept}: `, saved(sums.savesAgain, sums.secondsAgain, "week-kept"));
}

const questions = new Map();

function drawFilters() {
  for (const [id, button] of questions) button.setAttribute("aria-pressed", String(wanted.asked.has(id)));
  byId("code").value = String(wanted.code);
}

function makeFilters() {
  for (const [id, [label, test]] of Object.entries(QUESTIONS)) {
    const count = rows.filter(test).length;
    const press = () => {
      if (!wanted.asked.delete(id)) wanted.asked.add(id);
      update();
    };
    questions.set(id, make("button", { type: "button", "data-question": id, disabled: count === 0, on: { click: press } }, `${label} `, make("b", {}, grouped(count))));
  }
  byId("filters").replaceChildren(...questions.values());
  const option = (value, text) => make("option", { value }, text);
  byId("code").replaceChildren(option(-1, "any finding, or none"), ...content.codes.map(([code], at) => option(at, `${code} (${grouped(ALL.codes.get(at)[0])})`)));
}

function askCode(at) {
  wanted.code = wanted.code === at ? -1 : at;
  update();
}

function drawCodes(sums) {
  const found = [...sums.codes].sort(([one, first], [two, second]) => second[0] - first[0] || second[1] - first[1] || one - two);
  const most = wanted.allCodes ? found.length : MOST_CODES;
  byId("codes").hidden = found.length === 0;
  byId("no-codes").hidden = found.length > 0;
  byId("codes").querySelector("tbody").replaceChildren(...found.slice(0, most).map(([at, [having, times]]) => {
    const [code, title] = content.codes[at];
    const press = () => { askCode(at); byId("codes").querySelector(`[data-code="${at}"]`)?.focus(); };
    const button = make("button", { type: "button", "data-code": at, "aria-pressed": String(wanted.code === at), on: { click: press } }, code);
    return make("tr", {}, make("th", { scope: "row" }, button, make("small", {}, title)),
      make("td", { class: "number" }, grouped(having)), make("td", { class: "number" }, grouped(times)));
  }));
  byId("more-codes").hidden = found.length <= most;
  byId("more-codes").textContent = `Show ${counted(found.length - most, "more finding")}`;
}

function drawKinds(sums) {
  byId("failed").hidden = sums.kinds.size === 0;
  const kinds = [...sums.kinds].sort(([, one], [, two]) => two - one);
  byId("kinds").replaceChildren(...kinds.map(([kind, count]) => make("li", {}, `${grouped(count)} ${kind}`)));
}

function clearFilters() {
  wanted.query = byId("search").value = "";
  wanted.asked.clear();
  wanted.code = -1;
  update();
}

// So many builds a week as somebody typed; what is no number changes nothing.
function onBuilds(event) {
  const typed = event.target.value.trim();
  const isNumber = /^\d{1,7}$/.test(typed) && Number(typed) <= 1e6;
  event.target.setAttribute("aria-invalid", String(!isNumber));
  if (!isNumber) return;
  wanted.builds = Number(typed);
  drawWeek(sumsOf(selected()));
}

document.title = content.title;
byId("title").textContent = content.title;
byId("which").textContent = content.outcome;
byId("builds").value = String(content.builds);
byId("builds").addEventListener("input", onBuilds);
byId("search").addEventListener("input", (event) => { wanted.query = event.target.value.trim(); update(); });
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Escape") { wanted.query = event.target.value = ""; update(); }
});
byId("code").addEventListener("change", (event) => { wanted.code = Number(event.target.value); update(); });
byId("clear").addEventListener("click", () => { clearFilters(); byId("search").focus(); });
byId("more-codes").addEventListener("click", () => { wanted.allCodes = true; update(); byId("codes").querySelector("button").focus(); });
byId("more-rows").addEventListener("click", () => {
  const [first] = drawMore();
  const row = byId("table").querySelector(`tr[data-at="${first.at}"]`);
  (row.querySelector("a") || byId("more-rows")).focus();
});
makeFilters();
update();
