/* What one sees of a mask: the picture and the mask over it, moved and scaled alike. `scale` is CSS pixels per source pixel,
   `x`, `y` where the picture's corner lies. The drawing has one pixel per pixel of the screen. */
import { MaskPaint } from "./mask-paint.js";

const [LEAST, MOST] = [0.02, 32];
const [FIT_MOST, CRISP] = [2, 4]; // a small picture is fitted at most twice as large; from four times on pixels are squares

export class MaskView {
  constructor(host, pixels) {
    Object.assign(this, { host, pixels, scale: 1, x: 0, y: 0, fitted: true });
    this.paint = new MaskPaint(host, pixels);
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(host);
  }

  leave() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  get img() {
    return this.host.querySelector("img");
  }

  get canvas() {
    return this.host.querySelector("canvas");
  }

  /* The host's padding is what the tools cover. */
  get room() {
    const style = getComputedStyle(this.host);
    const [top, right, bottom, left] = ["Top", "Right", "Bottom", "Left"].map((side) => parseFloat(style[`padding${side}`]));
    const { clientWidth, clientHeight } = this.host;
    return { left, top, width: Math.max(1, clientWidth - left - right), height: Math.max(1, clientHeight - top - bottom) };
  }

  resized() {
    if (this.fitted) this.fit();
    else this.refresh();
  }

  fit() {
    const { left, top, width, height } = this.room;
    this.scale = Math.min(FIT_MOST, width / this.pixels.width, height / this.pixels.height);
    this.x = left + (width - this.pixels.width * this.scale) / 2;
    this.y = top + (height - this.pixels.height * this.scale) / 2;
    this.moved(true);
  }

  /* Keeps the place under `x`, `y` where it is; without them, the middle. */
  zoom(factor, x = this.host.clientWidth / 2, y = this.host.clientHeight / 2) {
    const scale = Math.min(MOST, Math.max(LEAST, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.moved(false);
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.moved(false);
  }

  moved(fitted) {
    this.fitted = fitted;
    this.keepInSight();
    this.refresh();
    this.host.dispatchEvent(new CustomEvent("mask-canvas:view"));
  }

  // A part of the picture always stays on the stage, so that it can be taken hold of again.
  keepInSight() {
    const { clientWidth, clientHeight } = this.host;
    const within = (start, size, room) => Math.min(room - Math.min(48, size), Math.max(Math.min(48, size) - size, start));
    this.x = within(this.x, this.pixels.width * this.scale, clientWidth);
    this.y = within(this.y, this.pixels.height * this.scale, clientHeight);
  }

  /* An event's place in source pixels, and in CSS pixels of the stage. */
  place(event) {
    const stage = this.canvas.getBoundingClientRect();
    const [left, top] = [event.clientX - stage.left, event.clientY - stage.top];
    return { x: (left - this.x) / this.scale, y: (top - this.y) / this.scale, left, top };
  }

  refresh() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { img, canvas } = this;
    img.style.inlineSize = `${this.pixels.width}px`;
    img.style.blockSize = `${this.pixels.height}px`;
    img.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    img.style.imageRendering = this.scale >= CRISP ? "pixelated" : "";
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(this.host.clientWidth * ratio), Math.round(this.host.clientHeight * ratio)];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    if (wide && high) this.paint.draw(canvas, { scale: this.scale * ratio, x: this.x * ratio, y: this.y * ratio, ratio });
  }
}
