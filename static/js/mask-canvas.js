/* <mask-canvas data-width data-height [data-source]><img><input type="file" name="mask" hidden>tools</mask-canvas>: what may
   change in a picture, painted in its own pixels. The input holds a greyscale PNG of exactly that size, white where it may
   change, or no file while nothing is marked. Another size or source begins anew. See `create/_mask_tools.html`. */
import { HeldFile } from "./held-file.js";
import { MaskControls } from "./mask-controls.js";
import { MaskHand } from "./mask-hand.js";
import { MaskKeys } from "./mask-keys.js";
import { MaskPixels } from "./mask-pixels.js";
import { rectangle } from "./mask-shapes.js";
import { MaskView } from "./mask-view.js";
import { encodeGrey } from "./png.js";

const BRUSH = 0.08; // of the shorter side, to begin with

class MaskCanvas extends HTMLElement {
  static observedAttributes = ["data-width", "data-height", "data-source"];

  state = { tool: "brush", hardness: 1, opacity: 0.5, removes: false };

  connectedCallback() {
    document.addEventListener("htmx:afterSettle", this.onSettle);
    this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.onSettle);
    this.close();
  }

  attributeChangedCallback() {
    if (this.pixels && this.isConnected) queueMicrotask(() => this.key !== this.wanted && this.reopen());
  }

  get wanted() {
    return [this.dataset.width, this.dataset.height, this.dataset.source].join();
  }

  get input() {
    return this.querySelector("input[type=file]");
  }

  open() {
    const begins = this.key !== this.wanted;
    if (begins) this.begin();
    this.pixels.countAll(); // a moved element draws everything again
    this.view = new MaskView(this, this.pixels);
    this.view.paint.opacity = this.state.opacity;
    this.hand = new MaskHand(this.pixels, this.view, () => this.state, () => this.changed());
    this.keys = new MaskKeys(this, this);
    this.file = new HeldFile(this.input, "mask.png", () => this.encode());
    this.controls = new MaskControls(this);
    // A browser that reloads may bring back a file of an earlier mask.
    if (this.input.files.length || this.pixels.inside) this.file.changed();
  }

  begin() {
    const [width, height] = [Number(this.dataset.width), Number(this.dataset.height)];
    const short = Math.min(width, height);
    this.key = this.wanted;
    this.pixels = new MaskPixels(width, height);
    Object.assign(this.state, { most: Math.max(16, Math.round(short / 2)), size: Math.max(2, Math.round(short * BRUSH)) });
  }

  close() {
    for (const part of [this.view, this.hand, this.keys, this.file, this.controls]) part.leave();
  }

  reopen() {
    this.close();
    this.open();
  }

  // A swap around us may bring new parts, or put the tools back to how the server draws them.
  onSettle = () => {
    if (this.hand.canvas !== this.view.canvas || this.file.input !== this.input) this.reopen();
    this.view.refresh();
    this.controls.show();
    this.controls.say();
  };

  async encode() {
    const { pixels } = this;
    return pixels.inside ? encodeGrey(pixels.width, pixels.height, (y, into) => pixels.writeRow(y, into)) : null;
  }

  changed() {
    this.file.changed();
    this.view.refresh();
    this.controls.show();
    this.controls.say();
  }

  set(values) {
    Object.assign(this.state, values);
    this.view.paint.opacity = this.state.opacity;
    this.hand.hover();
    this.controls.show();
  }

  tool(tool) {
    this.set({ tool });
  }

  resize(factor) {
    const { size, most } = this.state;
    const step = factor > 1 ? Math.max(size + 1, Math.round(size * factor)) : Math.min(size - 1, Math.round(size * factor));
    this.set({ size: Math.min(most, Math.max(1, step)) });
  }

  pan(dx, dy) {
    this.view.pan(dx, dy);
  }

  hold(isDown) {
    if (isDown === this.hand.spaced) return;
    this.hand.spaced = isDown;
    this.hand.hover();
  }

  act(name) {
    if (name === "abandon" || this.hand.isBusy) return this.hand.abandon(); // nothing else in the middle of a stroke
    if (this.acts[name]?.()) this.changed();
  }

  fill(removes, corners) {
    if (!corners) return false;
    this.pixels.begin(removes);
    this.pixels.fill(rectangle(...corners));
    return this.pixels.end();
  }

  acts = {
    "zoom-in": () => this.view.zoom(1.25),
    "zoom-out": () => this.view.zoom(0.8),
    fit: () => this.view.fit(),
    add: () => this.set({ removes: false }),
    take: () => this.set({ removes: true }),
    undo: () => this.pixels.history.undo(),
    redo: () => this.pixels.history.redo(),
    invert: () => this.pixels.history.invert(),
    clear: () => this.fill(true, [{ x: 0, y: 0 }, { x: this.pixels.width, y: this.pixels.height }]),
    "add-rectangle": () => this.fill(false, this.controls.corners()),
    "remove-rectangle": () => this.fill(true, this.controls.corners()),
  };
}
customElements.define("mask-canvas", MaskCanvas);
