/* Where a picture lies in a view. A look is {scale, x, y}: how many times larger than it fits, and how far its middle is from the view's, in parts
   of the fitted picture. */
export const MOST = 16; // times its fitted size
export const WHOLE = { scale: 1, x: 0, y: 0 };

/* The picture as large as it fits, in pixels; `actual` is the scale at which its own pixels are the screen's. */
export function fitted(view, picture) {
  const scale = Math.min(view.width / picture.width, view.height / picture.height) || 1;
  return { width: picture.width * scale, height: picture.height * scale, actual: 1 / scale / devicePixelRatio };
}

/* Where a fraction of the picture lies, in pixels from the view's corner. */
export function place(look, view, fit, x, y) {
  const along = (part, moved, size, whole) => whole / 2 + ((part - 0.5) * look.scale + moved) * size;
  return { left: along(x, look.x, fit.width, view.width), top: along(y, look.y, fit.height, view.height) };
}

/* The other way around, from the view's middle in parts of the fitted picture. */
export function fraction(look, [dx, dy]) {
  return { x: (dx - look.x) / look.scale + 0.5, y: (dy - look.y) / look.scale + 0.5 };
}

/* Larger or smaller, with the same thing under a point. */
export function zoomed(look, by, [dx, dy]) {
  const scale = Math.min(MOST, Math.max(1, look.scale * by));
  const grown = scale / look.scale;
  return { scale, x: dx - (dx - look.x) * grown, y: dy - (dy - look.y) * grown };
}

/* A picture is never pushed out of sight. */
export function held(look) {
  const reach = look.scale > 1 ? (look.scale - 1) / 2 + 0.25 : 0;
  const within = (part) => Math.min(reach, Math.max(-reach, part));
  return { scale: look.scale, x: within(look.x), y: within(look.y) };
}
