// What is drawn weighs, and what becomes of it: sums and words for each spot.

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
