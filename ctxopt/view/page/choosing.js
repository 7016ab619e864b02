// What a choice changes: totals, the switches, and the ignore file.

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

// Several suggestions at once; once for each tab.
function drawChoices() {
  const every = build.suggestions.map((_, at) => at);
  build.presets = new Map([["unasked", build.unasked], ["all", every], ["none", []]]);
  const button = (id, label) => make("button", {
    type: "button", id: `choose-${id}`, class: id === "unasked" ? "recommended" : null,
    on: { click: () => { build.chosen = new Set(build.presets.get(id)); update({}); announce(); } },
  }, label);
  byId("choices").replaceChildren(...(every.length
    ? [button("unasked", "What write --yes does"), button("all", "All"), button("none", "None")] : []));
}

function updateChoices() {
  for (const [id, wanted] of build.presets) {
    const isChosen = wanted.length === build.chosen.size && wanted.every((one) => build.chosen.has(one));
    byId(`choose-${id}`)?.setAttribute("aria-pressed", String(isChosen));
  }
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
  if (build.ahead) byId("file-path").append(`; write --yes adds ${counted(build.ahead, "line")} for what may come`);
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
  // Where it is asks for a layout: not before the next one is due.
  requestAnimationFrame(() => {
    const first = byId("file").querySelector("ins");
    if (first) byId("file").scrollTop = first.offsetTop - byId("file").offsetTop - 40;
  });
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
