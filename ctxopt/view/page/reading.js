// The content: builds with what is asked of them again and again, each read when it is shown.

const STATES = {
  named: ["named by a source", "a COPY, ADD or mount says its path, or that of a folder around it"],
  swept: ["swept in", "taken by a source that takes all there is, as COPY . ."],
  mixed: ["partly named, summed up", "small things in several of these states"],
  unused: ["sent for nobody", "sent to the builder, and no source takes it"],
  unsent: ["not sent by this build", "in the context, and no source asks for it: its size on disk"],
};
const GOES = ["kept out by the switches", "what the suggestions that are on would keep out"];

// What several builds have in common stands in a table: sharing.py puts it there.
const content = JSON.parse(byId("content").textContent);
const whole = (value) => (value !== null && typeof value === "object" && "part" in value ? content.parts[value.part] : value);
const fields = (record) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, whole(value)]));

function together(raw) {
  const all = fields(raw);
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) all[name] = fields(value);
  }
  return all;
}

// The columns of the content as one record, with what is asked for again and again.
function readBuild(raw) {
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
    context: readCourse(raw.context),
    transfer: raw.transfer ? readCourse(raw.transfer) : null,
    // What a person does with it.
    known: new Map([["", raw.now], ...raw.known.map(([choice, cost]) => [choice.join(), cost])]),
    chosen: new Set(), top: 0, query: "", sort: ["weight", -1], focus: null, whole: false,
    hidden: new Set(),
  };
}

const opened = new Map(); // by number: what was shown once stays as it was left
function buildAt(at) {
  if (!opened.has(at)) opened.set(at, readBuild(together(content.builds[at])));
  return opened.get(at);
}

let current = 0;
let build = buildAt(current);
let cells = [];
let groups = new Map();

// What a choice costs: where sums are no more than about right, what ctxopt measured.
function priceOf(chosen) {
  if (!build.about.length) return costOf(build, chosen);
  return build.known.get([...chosen].sort((one, two) => one - two).join()) || costOf(build, chosen);
}
