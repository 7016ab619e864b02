// The content as rows; which of them are wanted, and what these come to.

const content = JSON.parse(byId("content").textContent);

const rows = content.names.map((name, at) => ({
  at, name, place: content.places[at], commit: content.commits[at], page: content.pages[at],
  state: content.states[at], failure: content.failures[at],
  builds: content.counts[at], unmeasured: content.unmeasured[at],
  sends: content.sends[at], again: content.again[at], saves: content.saves[at],
  savesAgain: content.savesAgain[at], seconds: content.seconds[at], secondsAgain: content.secondsAgain[at],
  errors: content.errors[at], warnings: content.warnings[at],
  secrets: content.secrets[at], breaks: content.breaks[at] > 0, lacks: content.lacks[at] > 0,
  failed: content.states[at] === "failed",
  found: new Map(content.found[at]),
  lower: name.toLowerCase(),
  // What the search looks into, put together once.
  text: [name, content.places[at], content.commits[at], content.failures[at]?.message ?? "", ...content.secrets[at]].join("\n").toLowerCase(),
}));

// What a person may ask for besides: each narrows what is shown.
const QUESTIONS = {
  secrets: ["leaks secrets", (row) => row.secrets.length > 0],
  breaks: ["breaks its cache", (row) => row.breaks],
  lacks: ["builds without ignore file", (row) => row.lacks],
  failed: ["failed", (row) => row.failed],
};

const wanted = { query: "", asked: new Set(), code: -1, sort: ["sends", -1], shown: 0, builds: content.builds };

const isFiltered = () => wanted.query !== "" || wanted.asked.size > 0 || wanted.code >= 0;

function selected() {
  const tests = [...wanted.asked].map((one) => QUESTIONS[one][1]);
  const words = wanted.query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => (wanted.code < 0 || row.found.has(wanted.code))
    && tests.every((test) => test(row)) && words.every((word) => row.text.includes(word)));
}

const SUMMED = ["builds", "unmeasured", "sends", "again", "saves", "savesAgain", "seconds", "secondsAgain"];

// The sums of rows, as far as they are known.
function sumsOf(some) {
  const sums = { repositories: some.length, failed: 0, codes: new Map(), kinds: new Map() };
  for (const field of SUMMED) sums[field] = 0;
  for (const row of some) {
    if (row.failed) {
      sums.failed += 1;
      const kind = row.failure ? row.failure.kind : "failed";
      sums.kinds.set(kind, (sums.kinds.get(kind) || 0) + 1);
    }
    for (const field of SUMMED) sums[field] += row[field] ?? 0;
    for (const [code, times] of row.found) {
      const pair = sums.codes.get(code) || [0, 0];
      sums.codes.set(code, [pair[0] + 1, pair[1] + times]);
    }
  }
  return sums;
}

const ALL = sumsOf(rows);

// Whether there is any size in the sums: of what failed there is none, and not nothing.
const isKnown = (sums) => sums.repositories === 0 || sums.repositories > sums.failed;
const UNKNOWN = "not known";

// Seconds of many builds together; view/fleet/words.py has the same in Python.
function time(count) {
  if (count < 0) return `−${time(-count)}`;
  if (count === 0) return "0 s";
  return count < 7200 ? seconds(count) : `${grouped(Math.round(count / 3600))} h`;
}
