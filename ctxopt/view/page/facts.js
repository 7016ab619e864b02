// What does not change: secrets, sources, problems, what was held back; the tabs.

function drawMore() {
  const parts = [];
  const section = (title, ...inside) => parts.push(make("section", {}, make("h2", {}, title), ...inside));
  const listed = (key, row) => [
    make("ul", {}, ...build[key].map((one) => make("li", {}, ...row(one)))),
    ...(build.more[key] ? [make("p", { class: "quiet" }, `and ${grouped(build.more[key])} more: ctxopt scan -v tells all`)] : []),
  ];
  if (build.secrets.length) {
    section("Secrets", ...listed("secrets", (one) => [make("span", { class: one.severity }, one.path), `: ${one.what}, ${one.reach}`]),
      make("p", { class: "quiet" }, "Their names only: what they say is nowhere in this page."));
  }
  if (build.sources.length) {
    const head = make("thead", {}, make("tr", {}, ...["Line", "Source", "Entries", "File bytes"].map((one, at) => make("th", { scope: "col", class: at > 1 ? "number" : null }, one))));
    const rows = build.sources.map((one) => make("tr", {}, make("td", {}, String(one.line)), make("td", {}, make("code", {}, one.text), one.stage ? ` in ${one.stage}` : ""),
      ...(one.state === "found" ? [make("td", { class: "number" }, grouped(one.entries)), make("td", { class: "number", title: bytes(one.bytes) }, size(one.bytes))] : [make("td", { class: "number error", colspan: 2 }, one.state)])));
    section("Sources", make("div", { class: "scroll" }, make("table", {}, head, make("tbody", {}, ...rows))));
  }
  if (build.problems.length) {
    section("Problems", ...listed("problems", (one) => [make("span", { class: one.severity }, one.severity), ` ${one.place ? `${one.place}: ` : ""}${one.message}${one.hint ? ` — ${one.hint}` : ""}`]));
  }
  if (build.held.length) {
    section("Held back", make("p", { class: "quiet" }, "Looks like clutter, and has to stay."), ...listed("held", (one) => [make("code", {}, one.path), `: ${one.why}`]));
  }
  if (build.named.length) {
    section("Named contexts", ...listed("named", (one) => [make("code", {}, one.name), ` ${one.path}: ${size(one.sent)} sent, ${counted(one.files, "file")}`]));
  }
  if (content.failed.length) {
    section("Not measured", make("ul", {}, ...content.failed.map(([name, message]) => make("li", {}, make("span", { class: "error" }, name), `: ${message}`))),
      ...(content.moreFailed ? [make("p", { class: "quiet" }, `and ${grouped(content.moreFailed)} more`)] : []));
  }
  const others = drawOthers();
  if (others) section("Other builds", make("p", { class: "quiet" }, "A page stays below 1 MB, so these have no picture here. One of them in full: ctxopt scan FOLDER NAME --open"), others);
  byId("more").replaceChildren(...parts);
}

function drawTabs() {
  const tabs = byId("tabs");
  const { builds, others, rest } = content;
  const without = others.length + rest[0];
  if (without) {
    byId("beyond").hidden = false;
    byId("beyond").textContent = `${counted(builds.length, "build")} of ${grouped(builds.length + without)} can be looked into here, those that send most: ${counted(without, "other")} ${without === 1 ? "is" : "are"} in a table at the end.`;
  }
  if (builds.length < 2) return;
  tabs.hidden = false;
  const pick = (at) => { current = at; build = buildAt(at); begin(); tabs.children[at].focus(); };
  tabs.replaceChildren(...builds.map((raw, at) => make("button", {
    type: "button", role: "tab", "aria-selected": String(at === current), tabindex: at === current ? 0 : -1,
    on: {
      click: () => pick(at),
      keydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) { pick((at + step + builds.length) % builds.length); event.preventDefault(); }
      },
    },
  }, `${whole(raw.name)} `, make("span", { class: "quiet" }, size(whole(raw.now).transfer)))));
}

// Builds that there was no room to draw.
function drawOthers() {
  const { others, rest } = content;
  if (!others.length && !rest[0]) return null;
  const heads = ["Build", "Sent by a first build", "Again", "First, after write --yes"];
  const head = make("thead", {}, make("tr", {}, ...heads.map((one, at) => make("th", { scope: "col", class: at ? "number" : null }, one))));
  const row = ([name, ...sizes]) => make("tr", {}, make("td", {}, name), ...sizes.map((one) => make("td", { class: "number", title: bytes(one) }, size(one))));
  const rows = others.map(row);
  if (rest[0]) rows.push(row([`${counted(rest[0], "more build")}, together`, ...rest.slice(1)]));
  return make("div", { class: "scroll" }, make("table", { id: "others" }, head, make("tbody", {}, ...rows)));
}
