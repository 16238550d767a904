/* What a pointer does to a mask from press to release, one function per tool. Each gives `move(points)`, `end()` and, where it
   shows something before it is done, `sketch`. Points are in source pixels, with the `pressure` of a pen. */
import { polygon, rectangle, segment } from "./mask-shapes.js";

const LIGHTEST = 0.15; // of the radius, under the lightest touch of a pen

export function brush(pixels, { size, hardness, removes }) {
  let [last, skipped] = [null, null];
  const mark = (point) => {
    pixels.cover(segment(last ?? point, point, hardness));
    [last, skipped] = [point, null];
  };
  pixels.begin(removes);
  return {
    move(points) {
      for (const { x, y, pressure } of points) {
        const point = { x, y, radius: (size / 2) * Math.max(LIGHTEST, pressure) };
        // Pieces much shorter than the brush is wide cost time and change nothing.
        if (last && Math.hypot(x - last.x, y - last.y) < point.radius / 12) skipped = point;
        else mark(point);
      }
    },
    end() {
      if (skipped) mark(skipped);
      return pixels.end();
    },
    cancel: () => pixels.cancel(),
  };
}

export function lasso(pixels, { removes }) {
  const sketch = [];
  return {
    sketch,
    move: (points) => sketch.push(...points),
    end() {
      pixels.begin(removes);
      if (sketch.length > 2) pixels.fill(polygon(sketch, pixels.height));
      return pixels.end();
    },
    cancel() {},
  };
}

export function rectangular(pixels, { removes }) {
  const sketch = Object.assign([], { isRectangle: true });
  return {
    sketch,
    move(points) {
      sketch.splice(1, 1, ...(sketch.length ? [points.at(-1)] : [points[0], points.at(-1)]));
    },
    end() {
      pixels.begin(removes);
      pixels.fill(rectangle(sketch[0], sketch.at(-1)));
      return pixels.end();
    },
    cancel() {},
  };
}

export function hand(view) {
  let last;
  return {
    isView: true,
    move(points) {
      for (const { left, top } of points) {
        if (last) view.pan(left - last.left, top - last.top);
        last = { left, top };
      }
    },
    end: () => false,
    cancel() {},
  };
}
