// The ignore file put together as `ctxopt write` does it.

// A byte of a name that is not UTF-8 stands as a lone surrogate, as in ctxopt's JSON.
function bytesOf(text) {
  const bytes = [];
  for (const character of text) {
    const code = character.codePointAt(0);
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
      bytes.push(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return bytes;
}

const byteLength = (text) => bytesOf(text).length;

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ((crc ^ -1) >>> 0).toString(16).padStart(8, "0");
}

// The lines that a choice adds: core/picture/lines.py has the same in Python.
function addedLines(text, chosen) {
  const lines = [];
  const known = new Set();
  let topic = "";
  for (const piece of text.pieces) {
    if (piece.by >= 0 && !chosen.has(piece.by)) continue;
    const fresh = piece.patterns.filter((pattern, at) => {
      const covered = piece.covered[at].some((one) => one < 0 || chosen.has(one));
      return !covered && !known.has(pattern) && known.add(pattern);
    });
    if (!fresh.length) continue;
    if (piece.topic !== topic) lines.push(piece.topic);
    lines.push(piece.header, ...fresh);
    topic = piece.topic;
  }
  return lines;
}

function ignoreText(text, chosen) {
  if (!chosen.size) return text.now;
  const lines = addedLines(text, chosen);
  if (!text.exact) {
    const gap = text.now && !text.now.endsWith("\n") ? text.newline : "";
    return text.now + gap + lines.join(text.newline) + text.newline;
  }
  const sealed = lines.map((line) => line.replace(/[ \t\r]+$/, "")).join("\n");
  return text.before + [...lines, `${text.end}  ${crc32(bytesOf(sealed))}`].join(text.newline) + text.after;
}
