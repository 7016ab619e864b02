// What does not change: secrets, sources, problems, what was held back; the tabs.

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
