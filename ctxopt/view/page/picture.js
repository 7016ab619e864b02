// The picture of the open folder: drawn, restyled, walked through with mouse and keys.

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
