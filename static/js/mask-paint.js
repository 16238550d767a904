/* Draws a mask: its color and edge, the shape being drawn and the brush. `at` is the view in pixels of the screen: `scale`, `x`,
   `y` and the screen's `ratio`. */
import { MaskSample } from "./mask-sample.js";
import { box } from "./mask-shapes.js";

const DASH = 6; // CSS pixels

export class MaskPaint {
  constructor(host, pixels) {
    const style = getComputedStyle(host);
    const token = (name) => style.getPropertyValue(name).trim();
    Object.assign(this, { pixels, opacity: 0.5, sketch: null, brush: null });
    [this.fill, this.light, this.dark] = ["--mask", "--mask-line", "--mask-line-2"].map(token);
    const [fill, light, dark] = [this.fill, this.light, this.dark].map((color) => this.bytes(color));
    this.sample = new MaskSample(pixels, { fill, light, dark });
  }

  // The tokens are written in a color space that pixels are not.
  bytes(color) {
    const one = new OffscreenCanvas(1, 1).getContext("2d");
    one.fillStyle = color;
    one.fillRect(0, 0, 1, 1);
    return one.getImageData(0, 0, 1, 1).data;
  }

  draw(canvas, at) {
    const on = canvas.getContext("2d");
    on.clearRect(0, 0, canvas.width, canvas.height);
    on.drawImage(this.sample.shown(canvas, at, this.opacity), 0, 0);
    if (this.sketch) this.drawSketch(on, at);
    if (this.brush) this.drawBrush(on, at);
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
