// The picture: folders in folders, the area of each its bytes.

const SVG = "http://www.w3.org/2000/svg";
const HEAD = 18; // of a folder that has room for its name
const GAP = 2;
const SMALLEST = 2.5; // what would be narrower is left to the folder around it
const MOST_CELLS = 1200;
const OPENED = 900; // a folder with less room, in square pixels, is drawn as one
const LETTER = 7.2; // the width of one in a label, on the whole

const svg = (name, attributes = {}) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

// The spots that have a place in a box, folders before what is in them. The largest
// folders are opened first, until there are as many cells as anybody can tell apart.
function layOut(build, top, width, height, visible) {
  const cells = [];
  const waiting = [{ at: top, x: 0, y: 0, w: width, h: height, depth: -1, titled: 0 }];
  while (waiting.length) {
    const folder = waiting.pop();
    const isTop = folder.at === top;
    if (!isTop && cells.length >= MOST_CELLS) continue;
    folder.opens = true;
    for (const cell of placed(build, folder, isTop, visible)) {
      cells.push(cell);
      if (build.children[cell.at].length && cell.w * cell.h > OPENED) {
        cell.titled = cell.h > 2.4 * HEAD && cell.w > 46 ? HEAD : 0;
        const area = cell.w * cell.h;
        let rank = waiting.length;
        while (rank > 0 && waiting[rank - 1].w * waiting[rank - 1].h > area) rank -= 1;
        waiting.splice(rank, 0, cell);
      }
    }
  }
  for (const cell of cells) if (!cell.opens) cell.titled = 0;
  return cells;
}

// What is right in a folder, in the room that its own frame leaves.
function placed(build, folder, isTop, visible) {
  const edge = isTop ? 0 : GAP;
  const head = folder.titled || edge;
  const room = { x: folder.x + edge, y: folder.y + head, w: folder.w - 2 * edge, h: folder.h - head - edge };
  const inside = build.children[folder.at].filter((one) => visible[one] > 0);
  inside.sort((one, two) => visible[two] - visible[one]);
  return squarify(inside.map((one) => visible[one]), room)
    .map((place, at) => ({ ...place, at: inside[at], depth: folder.depth + 1, opens: false, titled: 0 }))
    .filter((cell) => cell.w >= SMALLEST && cell.h >= SMALLEST);
}

// As much of a text as there is room for; "" where a few letters would say nothing.
function fitted(text, width) {
  const room = Math.floor((width - 8) / LETTER);
  if (text.length <= room) return text;
  return room < 4 ? "" : `${text.slice(0, room - 1)}…`;
}

function drawCell(cell, said) {
  const group = svg("g", { class: `cell ${cell.opens ? "folder" : "leaf"}`, "data-at": cell.at });
  const inset = cell.depth === 0 ? 1 : 0.5;
  const [w, h] = [Math.max(cell.w - 2 * inset, 0.5), Math.max(cell.h - 2 * inset, 0.5)];
  const box = { x: (cell.x + inset).toFixed(1), y: (cell.y + inset).toFixed(1) };
  group.append(svg("rect", { ...box, width: w.toFixed(1), height: h.toFixed(1), rx: cell.depth ? 1.5 : 3 }));
  if (cell.titled || (!cell.opens && cell.w > 34 && cell.h > 15)) {
    const words = [said.name];
    if (cell.titled && (said.name.length + said.size.length + 2) * LETTER < cell.w) words[0] += `  ${said.size}`;
    else if (!cell.titled && cell.h > 32) words.push(said.size);
    words.forEach((word, line) => {
      const short = fitted(word, cell.w);
      if (!short || (line && short !== word)) return;
      const label = svg("text", { x: (cell.x + 5).toFixed(1), y: (cell.y + 13.5 + 14 * line).toFixed(1) });
      label.textContent = short;
      if (line) label.setAttribute("class", "size");
      group.append(label);
    });
  }
  return group;
}

// Where an arrow key leads among the cells of one level: the nearest in its direction.
function neighbour(cells, current, key) {
  const middle = (cell) => [cell.x + cell.w / 2, cell.y + cell.h / 2];
  const [cx, cy] = middle(current);
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let found = null;
  let least = Infinity;
  for (const cell of cells) {
    const [x, y] = middle(cell);
    const ahead = (x - cx) * dx + (y - cy) * dy;
    const aside = Math.abs((x - cx) * dy) + Math.abs((y - cy) * dx);
    if (cell !== current && ahead > 0.5 && ahead + 2 * aside < least) {
      least = ahead + 2 * aside;
      found = cell;
    }
  }
  return found;
}
