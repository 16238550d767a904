/* The mask as the screen shows it: one look into the mask per pixel of the screen, so that a large picture costs no more than a
   small one, and only where something changed. Around what is inside runs a line in two tones, to be seen on any picture. */
import { IN } from "./mask-pixels.js";

const RIM = 0.5; // of the mask's opacity at the most, where a soft brush left something that is not inside
const [DASH, THICK] = [6, 1.5]; // CSS pixels

export class MaskSample {
  /* Colors as `[red, green, blue, alpha]`. */
  constructor(pixels, { fill, light, dark }) {
    Object.assign(this, { pixels, fill, view: "" });
    [this.light, this.dark] = [pack(light, light[3]), pack(dark, dark[3])];
    this.on = new OffscreenCanvas(1, 1).getContext("2d");
  }

  /* `at` is the view in pixels of the screen: `scale`, `x`, `y` and the screen's `ratio`. */
  shown({ width, height }, at, opacity) {
    const { touched } = this.pixels;
    const view = [width, height, at.scale, at.x, at.y, at.ratio, opacity].join();
    if (view !== this.view) {
      if (this.on.canvas.width !== width || this.on.canvas.height !== height) Object.assign(this.on.canvas, { width, height });
      this.view = view;
      this.colors = Uint32Array.from({ length: 256 }, (_, is) => pack(this.fill, 255 * opacity * (is < IN ? (is / IN) * RIM : 1)));
      this.draw({ left: 0, top: 0, right: width, bottom: height }, at);
    } else if (touched.size) this.draw(this.around(touched, at, width, height), at);
    touched.clear();
    return this.on.canvas;
  }

  /* The part of the screen that tiles and the line around them take. */
  around(tiles, { scale, x, y, ratio }, width, height) {
    const edge = Math.ceil(THICK * ratio) + 1;
    const region = { left: width, top: height, right: 0, bottom: 0 };
    for (const index of tiles) {
      const { left, top, wide, high } = this.pixels.tile(index);
      region.left = Math.max(0, Math.min(region.left, Math.floor(x + left * scale) - edge));
      region.top = Math.max(0, Math.min(region.top, Math.floor(y + top * scale) - edge));
      region.right = Math.min(width, Math.max(region.right, Math.ceil(x + (left + wide) * scale) + edge));
      region.bottom = Math.min(height, Math.max(region.bottom, Math.ceil(y + (top + high) * scale) + edge));
    }
    return region;
  }

  draw({ left, top, right, bottom }, at) {
    const [width, height] = [right - left, bottom - top];
    if (width <= 0 || height <= 0) return;
    const edge = Math.max(1, Math.round(THICK * at.ratio));
    const wide = width + 2 * edge;
    const looked = this.look(left - edge, top - edge, wide, height + 2 * edge, at);
    const image = new ImageData(width, height);
    const into = new Uint32Array(image.data.buffer);
    const dash = Math.round(DASH * at.ratio);
    for (let y = 0; y < height; y += 1) {
      const odd = Math.floor((top + y) / dash);
      for (let x = 0; x < width; x += 1) {
        const here = (y + edge) * wide + x + edge;
        const is = looked[here];
        // A strength from IN on is one with the highest bit; so any neighbor that is inside shows in their union.
        const near = looked[here - edge] | looked[here + edge] | looked[here - edge * wide] | looked[here + edge * wide];
        if (is < IN && near >= IN) into[y * width + x] = (odd + Math.floor((left + x) / dash)) & 1 ? this.dark : this.light;
        else if (is) into[y * width + x] = this.colors[is];
      }
    }
    this.on.putImageData(image, left, top);
  }

  /* The mask's strength under the middle of each pixel of the screen; 0 beside the picture. */
  look(left, top, wide, high, { scale, x, y }) {
    const { soft, width, height } = this.pixels;
    const looked = new Uint8Array(wide * high);
    const columns = Int32Array.from({ length: wide }, (_, at) => Math.floor((left + at + 0.5 - x) / scale));
    const first = columns.findIndex((column) => column >= 0);
    const past = columns.findLastIndex((column) => column < width) + 1;
    for (let at = 0; at < high; at += 1) {
      const row = Math.floor((top + at + 0.5 - y) / scale);
      if (row < 0 || row >= height || first < 0) continue;
      for (let column = first; column < past; column += 1) looked[at * wide + column] = soft[row * width + columns[column]];
    }
    return looked;
  }
}

// As ImageData keeps it: red first, on machines that keep the smallest byte first, which all browsers run on.
function pack([red, green, blue], alpha) {
  return ((Math.round(alpha) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
