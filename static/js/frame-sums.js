/* The sums of a frame around a picture, in source pixels. `added` is what each side gains: `{left, right, top, bottom}`. */
export const SIDES = ["left", "right", "top", "bottom"];

export function size(source, added) {
  return { width: source.width + added.left + added.right, height: source.height + added.top + added.bottom };
}

/* The smallest frame of an aspect that holds the picture, in its middle; `0, 0` for none. An odd pixel goes right or below. */
export function forAspect(source, wide, high) {
  const width = wide ? Math.max(0, Math.round((source.height * wide) / high) - source.width) : 0;
  const height = wide ? Math.max(0, Math.round((source.width * high) / wide) - source.height) : 0;
  const [left, top] = [Math.floor(width / 2), Math.floor(height / 2)];
  return { left, right: width - left, top, bottom: height - top };
}

/* Keeps a wish within the limit. `first` names the sides that were moved, which give way first; without it both sides give way
   alike. `stopped` is "wide" or "high" where the limit was met, else null. */
export function hold({ first = [], ...wish }, source, limit) {
  const whole = Object.fromEntries(SIDES.map((side) => [side, Math.max(0, Math.round(wish[side]) || 0)]));
  const across = within(whole.left, whole.right, limit - source.width, first.includes("left"), first.includes("right"));
  const down = within(whole.top, whole.bottom, limit - source.height, first.includes("top"), first.includes("bottom"));
  const stopped = across.stopped ? "wide" : down.stopped ? "high" : null;
  return { added: { left: across.a, right: across.b, top: down.a, bottom: down.b }, stopped };
}

function within(a, b, most, aFirst, bFirst) {
  const room = Math.max(0, most);
  if (a + b <= room) return { a, b, stopped: false };
  if (aFirst && !bFirst) a = Math.max(0, room - b);
  else if (bFirst && !aFirst) b = Math.max(0, room - a);
  else a = Math.round((room * a) / (a + b));
  return { a: Math.min(a, room), b: Math.min(b, room - Math.min(a, room)), stopped: true };
}

/* Scale and place of the picture's corner, so that the whole frame stands in the middle of the room. */
export function fit(room, source, added) {
  const { width, height } = size(source, added);
  const scale = Math.min(2, room.width / width, room.height / height);
  const x = room.left + (room.width - width * scale) / 2 + added.left * scale;
  const y = room.top + (room.height - height * scale) / 2 + added.top * scale;
  return { scale, x, y };
}
