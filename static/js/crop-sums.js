/* The sums of a crop: {left, top, width, height} in whole pixels of the picture, inside it and never empty. `aspect` is width by
   height, 0 where it is free. */
const clamp = (number, least, most) => Math.min(Math.max(least, most), Math.max(least, number));

/* What was typed, as far as the picture goes. */
export function within({ left, top, width, height }, source) {
  const [x, y] = [clamp(Math.round(left) || 0, 0, source.width - 1), clamp(Math.round(top) || 0, 0, source.height - 1)];
  const [wide, high] = [clamp(Math.round(width) || 0, 1, source.width - x), clamp(Math.round(height) || 0, 1, source.height - y)];
  return { left: x, top: y, width: wide, height: high };
}

export function moved(crop, dx, dy, source) {
  const left = Math.round(clamp(crop.left + dx, 0, source.width - crop.width));
  return { ...crop, left, top: Math.round(clamp(crop.top + dy, 0, source.height - crop.height)) };
}

/* The largest of an aspect, in the middle. */
export function centered(source, aspect) {
  const wide = source.width > source.height * aspect;
  const width = wide ? Math.max(1, Math.round(source.height * aspect)) : source.width;
  const height = wide ? source.height : Math.max(1, Math.round(source.width / aspect));
  return { left: Math.floor((source.width - width) / 2), top: Math.floor((source.height - height) / 2), width, height };
}

/* `at` is the handle: n, e, s, w or two of them. What lies across from it stays where it is. */
export function pulled(crop, at, dx, dy, source, aspect) {
  let [left, top, right, bottom] = [crop.left, crop.top, crop.left + crop.width, crop.top + crop.height];
  if (at.includes("w")) left = clamp(left + dx, 0, right - 1);
  if (at.includes("e")) right = clamp(right + dx, left + 1, source.width);
  if (at.includes("n")) top = clamp(top + dy, 0, bottom - 1);
  if (at.includes("s")) bottom = clamp(bottom + dy, top + 1, source.height);
  if (aspect) return kept({ left, top, right, bottom }, at, source, aspect);
  [left, top] = [Math.round(left), Math.round(top)];
  return within({ left, top, width: Math.round(right) - left, height: Math.round(bottom) - top }, source);
}

function kept({ left, top, right, bottom }, at, source, aspect) {
  const across = side(at, "w", "e", left, right, source.width);
  const down = side(at, "n", "s", top, bottom, source.height);
  const [byWidth, byHeight] = [right - left, (bottom - top) * aspect];
  const wish = at.length === 2 ? Math.max(byWidth, byHeight) : "we".includes(at) ? byWidth : byHeight;
  const width = Math.max(1, Math.round(Math.min(wish, across.room, down.room * aspect)));
  const height = Math.max(1, Math.round(width / aspect));
  return within({ left: across.from(width), top: down.from(height), width, height }, source);
}

/* How long a side may get, and where it then begins: from the edge that stays, or from its own middle. */
function side(at, before, after, low, high, most) {
  if (at.includes(before)) return { room: high, from: (length) => high - length };
  if (at.includes(after)) return { room: most - low, from: () => low };
  const middle = (low + high) / 2;
  return { room: 2 * Math.min(middle, most - middle), from: (length) => middle - length / 2 };
}
