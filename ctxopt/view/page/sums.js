// What a build sends with any choice of suggestions: sums of what ctxopt measured.
// core/picture/courses.py says why they are exact, core/measure/remainder.py how ctxopt
// itself does it.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Running totals of the packets of all entries, from 0 up to the end.
function runningPackets(packed, entries) {
  const totals = new Float64Array(entries + 1);
  const codes = new Uint8Array(128);
  for (let at = 0; at < 64; at += 1) codes[ALPHABET.charCodeAt(at)] = at;
  let aside = 0;
  for (let at = 0; at < entries; at += 1) {
    const three = packed.codes.length ? codes[packed.codes.charCodeAt(Math.floor(at / 3))] : 0;
    const code = (three >> (2 * (at % 3))) & 3;
    const count = code < 3 ? packed.usual[code] : packed.aside[aside++];
    totals[at + 1] = totals[at] + (packed.codes.length ? count : 0);
  }
  return totals;
}

function readCourse(raw) {
  return {
    ...raw,
    lengths: Float64Array.from(raw.lengths),
    sets: Uint32Array.from(raw.sets),
    running: raw.steps.length ? runningPackets(raw.packets, raw.total[0]) : null,
  };
}

// What is left of a stream without the sets that are hit.
function remainder(course, hit, moved) {
  const sums = course.total.slice();
  const take = (bulk) => bulk.forEach((value, at) => { sums[at] -= value; });
  for (const [set, bulk] of course.groups) if (hit[set]) take(bulk);
  const gone = new Uint8Array(course.sets.length);
  for (let at = 0; at < gone.length; at += 1) gone[at] = hit[course.sets[at]];
  for (const [at, end, stat] of course.late) {
    let all = end > at + 1;
    for (let inside = at + 1; all && inside < end; inside += 1) all = gone[inside] === 1;
    if (gone[at] || all) { gone[at] = 1; take([1, 1, 0, stat, 0]); }
  }
  const [entries, directories, fileBytes, stat, data] = sums;
  return {
    entries, directories, fileBytes, stat, gone,
    data: data + idBytes(course, gone, moved),
  };
}

// Ids in packets are longer from some positions on, and what goes makes room before.
function idBytes(course, gone, moved) {
  if (!course.running) return 0;
  const { running, lengths, steps } = course;
  const before = [];
  let kept = 0;
  let packets = 0;
  let position = 0;
  for (let at = 0; at < lengths.length; at += 1) {
    const length = lengths[at];
    if (!gone[at]) {
      while (before.length < steps.length) {
        const wanted = Math.max(steps[before.length][0] - moved, 0);
        if (wanted >= kept + length) break;
        before.push(packets + running[position + wanted - kept] - running[position]);
      }
      packets += running[position + length] - running[position];
      kept += length;
    }
    position += length;
  }
  return before.reduce((sum, passed, step) => sum + steps[step][1] * (packets - passed), 0);
}

// Where an entry stands once others before it are gone.
function placeOf(course, gone, position) {
  let passed = 0;
  let place = position;
  for (let at = 0; at < gone.length && passed + course.lengths[at] <= position; at += 1) {
    if (gone[at]) place -= course.lengths[at];
    passed += course.lengths[at];
  }
  return place;
}

const idWidth = (steps, place) =>
  steps.reduce((sum, [bound, width]) => sum + (place >= bound ? width : 0), 0);

// What a file weighs at a size: stat bytes, data bytes, packets.
function weightOf({ slope, runs }, size) {
  let found = runs[0];
  for (const run of runs) if (run[0] <= size) found = run;
  return [found[1], found[2] + slope * size, found[3]];
}

// The ignore file is another one with each choice, where it is sent itself.
function withOwn(build, course, own, hit, size) {
  const isChanged = own && size !== null && !hit[own.set];
  const left = remainder(course, hit, isChanged && own.isNew ? 1 : 0);
  if (!isChanged) return left;
  const width = idWidth(course.steps, placeOf(course, left.gone, own.position));
  const after = weightOf(own.weights, size);
  const before = own.weight;
  left.entries += own.isNew ? 1 : 0;
  left.fileBytes += size - own.size;
  left.stat += after[0] - before[0];
  left.data += after[1] + after[2] * width - before[1] - before[2] * width;
  return left;
}

function secondsOf(model, entries, files, bytes) {
  const [fixed, perEntry, perFile, perByte] = model;
  return bytes ? fixed + perEntry * entries + perFile * files + perByte * bytes : 0;
}

// What a build costs with a choice: a set of indexes of suggestions. With `bare` the
// ignore file stays as it is, as in what ctxopt says that a suggestion saves.
function costOf(build, chosen, bare = false) {
  const hit = build.sets.map((set) => Number(set.some((one) => chosen.has(one))));
  const size = chosen.size && !bare ? byteLength(ignoreText(build.text, chosen)) : null;
  const { form } = build;
  const wire = (left) => form.stat * left.stat + form.data * left.data + form.constant;
  const context = withOwn(build, build.context, build.own[0], hit, size);
  const transfer = build.transfer ? withOwn(build, build.transfer, build.own[1], hit, size) : context;
  const cost = { context: wire(context), contextFiles: context.entries - context.directories };
  if (!build.sends) return { ...cost, transfer: 0, files: 0, again: 0, first: 0, repeat: 0, fileBytes: 0 };
  const bytes = wire(transfer);
  const files = transfer.entries - transfer.directories;
  const again = form.again
    ? form.again[0] * transfer.stat + form.again[1] * transfer.data + form.again[2]
    : bytes;
  return {
    ...cost,
    transfer: bytes,
    files,
    fileBytes: transfer.fileBytes,
    again,
    first: secondsOf(build.first, transfer.entries, files, bytes),
    repeat: secondsOf(build.repeat, transfer.entries, again === bytes ? files : 0, again),
  };
}
