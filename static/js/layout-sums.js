/* The sums of a word on a picture. A quad is four points [x, y] in percent of the picture: top left, top right, bottom right,
   bottom left. A box is {left, top, width, height}. */
export const CORNERS = ["top left", "top right", "bottom right", "bottom left"];

export const round = (number) => Math.round(number * 10) / 10;

const inside = (number) => Math.min(100, Math.max(0, round(number)));

export function boxOf(quad) {
  const [xs, ys] = [0, 1].map((axis) => quad.map((point) => point[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: round(Math.max(...xs) - left), height: round(Math.max(...ys) - top) };
}

export function quadOf({ left, top, width, height }) {
  const [right, bottom] = [round(left + width), round(top + height)];
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

export function isBox(quad) {
  return write(quad) === write(quadOf(boxOf(quad)));
}

/* "10 20, 40 18, 41 30, 10 31" as a quad; null where it is something else. */
export function read(text) {
  const points = text.trim().replace(/[,;]+$/, "").split(/[,;]/).map((point) => point.trim().split(/\s+/).map(Number));
  return points.length === 4 && points.every((point) => point.length === 2 && point.every(Number.isFinite)) ? points : null;
}

export function write(quad) {
  return quad.map((point) => point.map(round).join(" ")).join(", ");
}

/* The whole word, as far as it stays on the picture; what lies outside already may come in. */
export function moved(quad, dx, dy) {
  const { left, top, width, height } = boxOf(quad);
  const by = (step, at, size) => Math.min(Math.max(0, 100 - size) - at, Math.max(-at, step));
  const [x, y] = [by(dx, left, width), by(dy, top, height)];
  return quad.map(([px, py]) => [round(px + x), round(py + y)]);
}

export function pulled(quad, corner, dx, dy) {
  return quad.map(([x, y], at) => (at === corner ? [inside(x + dx), inside(y + dy)] : [x, y]));
}

/* One corner of its box is pulled: the corners beside it follow, and it stays, or becomes, a rectangle. */
export function stretched(quad, corner, dx, dy) {
  const box = quadOf(boxOf(quad));
  const [x, y] = [inside(box[corner][0] + dx), inside(box[corner][1] + dy)];
  const [acrossFrom] = [box[(corner + 2) % 4]];
  const [left, top] = [Math.min(x, acrossFrom[0]), Math.min(y, acrossFrom[1])];
  return quadOf({ left, top, width: round(Math.abs(x - acrossFrom[0])), height: round(Math.abs(y - acrossFrom[1])) });
}

/* The same shape in another box. */
export function fitted(quad, box) {
  const was = boxOf(quad);
  const to = (at, from, size, left, width) => round(left + (size ? ((at - from) / size) * width : 0));
  return quad.map(([x, y]) => [to(x, was.left, was.width, box.left, box.width), to(y, was.top, was.height, box.top, box.height)]);
}

/* What is wrong with a word, in a sentence; nothing where all is well. */
export function wrong(word, quad, characters) {
  const text = word.trim();
  if (/\s/.test(text)) return "One word only. Give the next word a place of its own.";
  const strangers = [...new Set(text)].filter((character) => !characters.includes(character));
  if (strangers.length) return `Can’t be drawn: ${strangers.slice(0, 8).join(" ")}`;
  if (!quad) return "Corners are four points in percent, such as 10 20, 40 18, 41 30, 10 31.";
  const out = quad.flat().some((part) => part < 0 || part > 100);
  return out ? "It stands partly outside of the picture, which goes from 0 to 100." : "";
}
