/* <zoom-view tabindex="0"><img></zoom-view>: a picture that can be looked into. The wheel, a pinch, + and - zoom; a drag and the arrows pan; Z and a
   double click change between the whole picture and its own pixels. Buttons [data-zoom] beside it do the same. It says what it shows by
   an event `zoomed`, takes that of another by `set`, and says where somebody pressed by `picked-place`. */
import "./picture-swipe.js";
import { actFor } from "./picture-table.js";
import { WHOLE, fitted, fraction, held, place, zoomed } from "./zoom-sums.js";

const STEP = 1.25;
const FAR = 60; // pixels for an arrow
const LEAST_CLOSE = 1.5; // times, where a picture's own pixels are smaller than it fits
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const TYPES = "input, textarea, select, [contenteditable]";

class ZoomView extends HTMLElement {
  connectedCallback() {
    this.look ??= WHOLE;
    this.fingers = new Map();
    this.gone = new AbortController();
    const { signal } = this.gone;
    const on = { wheel: this.onWheel, pointerdown: this.onDown, pointermove: this.onMove, pointerup: this.onUp, pointercancel: this.onUp, dblclick: this.toggle };
    for (const [name, does] of Object.entries(on)) this.addEventListener(name, does, { signal, passive: false });
    document.addEventListener("keydown", this.onKey, { signal, capture: true });
    this.around = this.closest("compare-view, .lightbox__content, .editor__stage");
    this.around?.addEventListener("click", this.onTool, { signal });
    this.sized = new ResizeObserver(() => this.show());
    this.sized.observe(this);
  }

  disconnectedCallback() {
    this.gone.abort();
    this.sized.disconnect();
  }

  get img() {
    return this.querySelector("img");
  }

  get size() {
    return { width: this.clientWidth || 1, height: this.clientHeight || 1 };
  }

  get fit() {
    const [width, height] = ["width", "height"].map((name) => Number(this.img?.getAttribute(name)) || 1);
    return fitted(this.size, { width, height });
  }

  get isLarge() {
    return this.look.scale > 1;
  }

  place(x, y) {
    return place(this.look, this.size, this.fit, x, y);
  }

  fromMiddle({ clientX, clientY }) {
    const box = this.getBoundingClientRect();
    const { width, height } = this.fit;
    return [(clientX - box.left - box.width / 2) / width, (clientY - box.top - box.height / 2) / height];
  }

  onTool = (event) => {
    const does = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (does) this.press(does);
  };

  press(does) {
    if (does === "fit") this.toggle();
    else this.set(zoomed(this.look, does === "in" ? STEP : 1 / STEP, [0, 0]));
  }

  toggle = () => this.set(this.isLarge ? WHOLE : { ...WHOLE, scale: Math.max(LEAST_CLOSE, this.fit.actual) });

  set(look, { quiet = false } = {}) {
    this.look = held(look);
    this.show();
    if (!quiet) this.dispatchEvent(new CustomEvent("zoomed", { bubbles: true, detail: this.look }));
  }

  show() {
    const { img, look, fit } = this;
    if (!img) return;
    const put = { "--zoom": look.scale, "--zoom-x": `${look.x * fit.width}px`, "--zoom-y": `${look.y * fit.height}px` };
    for (const [name, value] of Object.entries(put)) img.style.setProperty(name, value);
    this.toggleAttribute("data-pixels", look.scale > fit.actual * 2);
    this.toggleAttribute("data-large", this.isLarge);
    const said = this.isLarge ? `${Math.round((100 * look.scale) / fit.actual)} %` : "Fit";
    for (const each of this.around?.querySelectorAll("[data-scale]") ?? []) each.textContent = said;
    this.dispatchEvent(new CustomEvent("looked"));
    if (this.isLarge && this.dataset.original && !this.sharp) this.sharpen();
  }

  // A preview is enough until one looks closer.
  sharpen() {
    this.sharp = Object.assign(new Image(), { src: this.dataset.original });
    this.sharp.decode().then(() => { this.img.src = this.sharp.src; }, () => {});
  }

  onWheel = (event) => {
    event.preventDefault();
    this.set(zoomed(this.look, Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), this.fromMiddle(event)));
  };

  onDown = (event) => {
    if (event.button || event.target.closest("button, a")) return;
    this.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, event);
    this.moved = false;
    this.toggleAttribute("data-held", true);
  };

  onMove = (event) => {
    const before = this.fingers.get(event.pointerId);
    if (!before || (event.clientX === before.clientX && event.clientY === before.clientY)) return;
    this.moved = true;
    const other = [...this.fingers.values()].find((each) => each.pointerId !== event.pointerId);
    const far = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    if (other) this.set(zoomed(this.look, far(event) / far(before), this.fromMiddle(other)));
    else this.pan(event.clientX - before.clientX, event.clientY - before.clientY);
    this.fingers.set(event.pointerId, event);
  };

  onUp = (event) => {
    const at = fraction(this.look, this.fromMiddle(event));
    const inside = [at.x, at.y].every((part) => part >= 0 && part <= 1);
    if (event.type === "pointerup" && this.fingers.has(event.pointerId) && !this.moved && inside)
      document.dispatchEvent(new CustomEvent("picked-place", { detail: at }));
    this.fingers.delete(event.pointerId);
    this.toggleAttribute("data-held", this.fingers.size > 0);
  };

  pan(dx, dy) {
    const { fit, look } = this;
    this.set({ ...look, x: look.x + dx / fit.width, y: look.y + dy / fit.height });
  }

  // The keys are for the view that has the focus, or for the only one that lies on top.
  onKey = (event) => {
    const mine = this.contains(event.target);
    const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    if (event.target.matches?.(TYPES) || (!mine && (event.target.closest?.("zoom-view") || top.querySelector("zoom-view") !== this))) return;
    const [act, arrow] = [actFor(event), ARROWS[event.key]];
    if (act?.by === "zoom") this.press(act.id);
    else if (mine && arrow && this.isLarge) this.pan(arrow[0] * FAR, arrow[1] * FAR);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
customElements.define("zoom-view", ZoomView);
