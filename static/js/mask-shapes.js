/* Which source pixels a shape takes. A pixel belongs to a shape that holds its middle, so shapes that touch never overlap and
   never leave a seam. */

/* A stroke's piece from one point to the next, each `{x, y, radius}` in source pixels. `at(x, y)` is how strongly the
   brush covers a place, 0 to 255: everything up to `hardness` (0 to 1) of the radius, then less and less. */
export function segment(from, to, hardness) {
  const [dx, dy, grows] = [to.x - from.x, to.y - from.y, to.radius - from.radius];
  const length = dx * dx + dy * dy;
  const at = (x, y) => {
    const along = length ? Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length)) : 1;
    const radius = from.radius + grows * along;
    const [ex, ey] = [x - from.x - along * dx, y - from.y - along * dy];
    const square = ex * ex + ey * ey;
    if (square > radius * radius) return 0;
    const core = radius * hardness;
    if (square <= core * core) return 255;
    const left = (radius - Math.sqrt(square)) / (radius - core);
    return Math.round(255 * left * left * (3 - 2 * left));
  };
  const reach = Math.max(from.radius, to.radius);
  return {
    left: Math.min(from.x, to.x) - reach,
    top: Math.min(from.y, to.y) - reach,
    right: Math.max(from.x, to.x) + reach,
    bottom: Math.max(from.y, to.y) + reach,
    at,
  };
}

/* The rows of a rectangle, as `[y, from, to)`; its corners are rounded to whole pixels. */
export function* rectangle(a, b) {
  const { left, top, width, height } = box(a, b);
  for (let y = top; y < top + height; y += 1) yield [y, left, left + width];
}

export function box(a, b) {
  const [left, right] = [Math.round(Math.min(a.x, b.x)), Math.round(Math.max(a.x, b.x))];
  const [top, bottom] = [Math.round(Math.min(a.y, b.y)), Math.round(Math.max(a.y, b.y))];
  return { left, top, width: right - left, height: bottom - top };
}

/* The rows of a closed line of points. What it goes around more than once is inside as well: a freehand loop that crosses
   itself has no holes. */
export function* polygon(points, height) {
  const edges = points.map((from, index) => [from, points[(index + 1) % points.length]]).filter(([a, b]) => a.y !== b.y);
  const ys = points.map((point) => point.y);
  const last = Math.min(height - 1, Math.floor(Math.max(...ys)));
  for (let y = Math.max(0, Math.floor(Math.min(...ys))); y <= last; y += 1) yield* row(edges, y);
}

function* row(edges, y) {
  const middle = y + 0.5;
  const crossings = [];
  for (const [a, b] of edges) {
    if (a.y <= middle === b.y <= middle) continue;
    crossings.push([a.x + ((middle - a.y) / (b.y - a.y)) * (b.x - a.x), b.y > a.y ? 1 : -1]);
  }
  crossings.sort((one, other) => one[0] - other[0]);
  let turns = 0;
  let start = 0;
  for (const [x, turn] of crossings) {
    if (!turns) start = x;
    turns += turn;
    if (!turns) yield [y, Math.ceil(start - 0.5), Math.ceil(x - 0.5)];
  }
}
