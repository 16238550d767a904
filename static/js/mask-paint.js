/* Draws a mask: its color, the dashed line where it ends, the shape being drawn and the brush. `at` is the view in pixels of the
   screen: `scale`, `x`, `y` and the screen's `ratio`. */
import { IN } from "./mask-pixels.js";
import { box } from "./mask-shapes.js";

const RIM = 0.5; // of the mask's opacity, at the most
const DASH = 6; // CSS pixels

export class MaskPaint {
  constructor(host, pixels) {
    const style = getComputedStyle(host);
    const token = (name) => style.getPropertyValue(name).trim();
    Object.assign(this, { pixels, opacity: 0.5, sketch: null, brush: null });
    [this.fill, this.light, this.dark] = ["--mask", "--mask-line", "--mask-line-2"].map(token);
    this.rgb = this.bytes(this.fill);
    this.layer = this.sheet();
    this.rim = null; // what a soft brush left outside of the mask; made when there is some
    this.line = new OffscreenCanvas(1, 1).getContext("2d");
  }

  sheet() {
    return new OffscreenCanvas(this.pixels.width, this.pixels.height).getContext("2d");
  }

  // The tokens are written in a color space that pixels are not.
  bytes(color) {
    const one = new OffscreenCanvas(1, 1).getContext("2d");
    one.fillStyle = color;
    one.fillRect(0, 0, 1, 1);
    return one.getImageData(0, 0, 1, 1).data;
  }

  draw(canvas, at) {
    this.takeOver();
    const on = canvas.getContext("2d");
    on.clearRect(0, 0, canvas.width, canvas.height);
    on.globalAlpha = this.opacity;
    this.lay(on, at);
    if (this.rim) this.lay(on, at, 0, 0, this.rim);
    on.globalAlpha = 1;
    if (this.pixels.inside) on.drawImage(this.edge(canvas, at), 0, 0);
    if (this.sketch) this.drawSketch(on, at);
    if (this.brush) this.drawBrush(on, at);
  }

  /* Tiles that changed since the last drawing. */
  takeOver() {
    for (const index of this.pixels.touched) {
      const { left, top, wide, high } = this.pixels.tile(index);
      const [mask, rim] = [new ImageData(wide, high), new ImageData(wide, high)];
      const soft = this.colored(index, mask.data, rim.data);
      this.layer.putImageData(mask, left, top);
      if (soft) this.rim ??= this.sheet();
      this.rim?.putImageData(rim, left, top);
    }
    this.pixels.touched.clear();
  }

  /* Fills in a tile's mask and rim; whether there is a rim. */
  colored(index, mask, rim) {
    const [red, green, blue] = this.rgb;
    const { left, top, wide, high } = this.pixels.tile(index);
    let soft = false;
    for (let here = 0; here < wide * high; here += 1) {
      const strength = this.pixels.soft[(top + Math.floor(here / wide)) * this.pixels.width + left + (here % wide)];
      if (!strength) continue;
      const into = strength >= IN ? mask : rim;
      soft ||= into === rim;
      [into[here * 4], into[here * 4 + 1], into[here * 4 + 2]] = [red, green, blue];
      into[here * 4 + 3] = strength >= IN ? 255 : strength * 2 * RIM;
    }
    return soft;
  }

  lay(on, { scale, x, y }, dx = 0, dy = 0, sheet = this.layer) {
    on.imageSmoothingEnabled = scale < 2;
    on.drawImage(sheet.canvas, x + dx, y + dy, this.pixels.width * scale, this.pixels.height * scale);
  }

  /* The mask, thickened, less the mask itself; in stripes, to be seen on any picture. */
  edge({ width, height }, at) {
    const { line } = this;
    const thick = 1.5 * at.ratio;
    Object.assign(line.canvas, { width, height });
    for (const [dx, dy] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) this.lay(line, at, dx * thick, dy * thick);
    line.globalCompositeOperation = "destination-out";
    this.lay(line, at);
    line.globalCompositeOperation = "source-in";
    line.fillStyle = this.stripes(at.ratio);
    line.fillRect(0, 0, width, height);
    return line.canvas;
  }

  stripes(ratio) {
    const size = Math.round(DASH * ratio);
    const one = new OffscreenCanvas(size * 2, size * 2).getContext("2d");
    one.fillStyle = this.dark;
    one.fillRect(0, 0, size * 2, size * 2);
    one.fillStyle = this.light;
    one.fillRect(0, 0, size, size);
    one.fillRect(size, size, size, size);
    return this.line.createPattern(one.canvas, "repeat");
  }

  drawSketch(on, { scale, x, y, ratio }) {
    const path = new Path2D();
    const [a, b] = [this.sketch[0], this.sketch.at(-1)];
    if (this.sketch.isRectangle) {
      const { left, top, width, height } = box(a, b);
      path.rect(x + left * scale, y + top * scale, width * scale, height * scale);
    } else for (const point of this.sketch) path.lineTo(x + point.x * scale, y + point.y * scale);
    on.globalAlpha = this.opacity / 2;
    on.fillStyle = this.fill;
    on.fill(path);
    on.globalAlpha = 1;
    this.outline(on, path, ratio, [DASH * ratio, DASH * ratio]);
  }

  /* A soft brush has two rings: all it touches, and what one stroke is sure to take in. */
  drawBrush(on, { scale, x, y, ratio }) {
    const { radius, hardness } = this.brush;
    for (const part of hardness < 1 ? [1, (1 + hardness) / 2] : [1]) {
      const path = new Path2D();
      path.arc(x + this.brush.x * scale, y + this.brush.y * scale, radius * scale * part, 0, 2 * Math.PI);
      on.globalAlpha = part === 1 ? 1 : 0.55;
      this.outline(on, path, ratio, []);
    }
    on.globalAlpha = 1;
  }

  outline(on, path, ratio, dash) {
    on.setLineDash([]);
    on.lineWidth = 3 * ratio;
    on.strokeStyle = this.dark;
    on.stroke(path);
    on.setLineDash(dash);
    on.lineWidth = 1.5 * ratio;
    on.strokeStyle = this.light;
    on.stroke(path);
    on.setLineDash([]);
  }
}
