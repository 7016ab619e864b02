// Rectangles as square as can be, for weights that come heaviest first.
// Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000).
function squarify(weights, box) {
  const places = [];
  let { x, y, w, h } = box;
  let left = weights.reduce((sum, weight) => sum + weight, 0);
  let at = 0;
  while (at < weights.length && left > 0 && w > 0 && h > 0) {
    const side = Math.min(w, h);
    const scale = (w * h) / left;
    let row = 0;
    let end = at;
    let worst = Infinity;
    while (end < weights.length) {
      const sum = row + weights[end];
      const thick = (sum * scale) / side;
      const longest = (weights[at] * scale) / thick;
      const shortest = (weights[end] * scale) / thick;
      const ratio = Math.max(longest / thick, thick / shortest);
      if (ratio > worst) break;
      worst = ratio;
      row = sum;
      end += 1;
    }
    const thick = (row * scale) / side;
    let along = 0;
    for (; at < end; at += 1) {
      const length = (weights[at] / row) * side;
      places.push(
        w >= h
          ? { x, y: y + along, w: thick, h: length }
          : { x: x + along, y, w: length, h: thick },
      );
      along += length;
    }
    if (w >= h) { x += thick; w -= thick; } else { y += thick; h -= thick; }
    left -= row;
  }
  return places;
}
