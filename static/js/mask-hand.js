/* Mouse, pen and touch on a mask. One pointer works with the tool; two fingers pan and zoom, and take back what the first had
   begun. Once a pen was seen, a single finger only pans: the palm rests on the screen. */
import { brush, hand, lasso, rectangular } from "./mask-tools.js";

const TOOLS = { brush, eraser: brush, lasso, rectangle: rectangular };
const WHEEL = 0.0016; // doublings of the zoom per pixel that a wheel turns

export class MaskHand {
  /* `settings()` are the tool and its options; `done()` is called when a mask has changed. */
  constructor(pixels, view, settings, done) {
    Object.assign(this, { pixels, view, settings, done, pointers: new Map(), spaced: false });
    const { canvas } = view;
    const on = { pointerdown: this.onDown, pointermove: this.onMove, pointerup: this.onUp, pointercancel: this.onCancel };
    this.canvas = canvas;
    this.gone = new AbortController();
    const { signal } = this.gone;
    for (const [name, does] of Object.entries(on)) canvas.addEventListener(name, does, { signal });
    canvas.addEventListener("pointerleave", () => this.hover(null), { signal });
    canvas.addEventListener("wheel", this.onWheel, { passive: false, signal });
    canvas.addEventListener("contextmenu", (event) => event.pointerType === "touch" && event.preventDefault(), { signal });
  }

  leave() {
    this.gone.abort();
  }

  onDown = (event) => {
    if (event.button === 2) return;
    event.preventDefault();
    this.view.canvas.focus({ preventScroll: true, focusVisible: false });
    this.view.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.view.place(event));
    this.pen ||= event.pointerType === "pen";
    if (this.pointers.size > 1) return this.pinch();
    this.gesture = this.start(event);
    this.follow(event, [event]);
  };

  start(event) {
    const settings = this.settings();
    const pans = event.button === 1 || this.spaced || (this.pen && event.pointerType === "touch");
    if (pans || !TOOLS[settings.tool]) return hand(this.view);
    const removes = settings.tool === "eraser" || (settings.tool !== "brush" && settings.removes) || event.altKey;
    return TOOLS[settings.tool](this.pixels, { ...settings, removes });
  }

  onMove = (event) => {
    if (!this.pointers.has(event.pointerId)) return this.hover(event);
    if (this.pointers.size > 1) return this.spread(event);
    const all = event.getCoalescedEvents?.() ?? [];
    this.follow(event, all.length ? all : [event]);
  };

  follow(event, all) {
    this.pointers.set(event.pointerId, this.view.place(event));
    this.gesture?.move(all.map((each) => this.point(each)));
    this.view.paint.sketch = this.gesture?.sketch ?? null;
    this.hover(event);
  }

  point(event) {
    return { ...this.view.place(event), pressure: event.pointerType === "pen" ? event.pressure : 1 };
  }

  onUp = (event) => {
    this.pointers.delete(event.pointerId);
    const { gesture } = this;
    this.drop();
    if (gesture?.end()) this.done();
    if (event.pointerType === "touch") this.hover(null);
  };

  onCancel = (event) => {
    this.pointers.delete(event.pointerId);
    this.abandon();
  };

  abandon() {
    this.gesture?.cancel();
    this.drop();
  }

  drop() {
    this.gesture = this.view.paint.sketch = null;
    this.view.refresh();
  }

  get isBusy() {
    return Boolean(this.gesture && !this.gesture.isView);
  }

  pinch() {
    this.abandon();
    this.spreadFrom = this.fingers();
  }

  fingers() {
    const [a, b] = [...this.pointers.values()];
    return { left: (a.left + b.left) / 2, top: (a.top + b.top) / 2, apart: Math.hypot(a.left - b.left, a.top - b.top) || 1 };
  }

  spread(event) {
    this.pointers.set(event.pointerId, this.view.place(event));
    const [was, now] = [this.spreadFrom, this.fingers()];
    this.view.pan(now.left - was.left, now.top - was.top);
    this.view.zoom(now.apart / was.apart, now.left, now.top);
    this.spreadFrom = now;
  }

  /* The ring around the pointer; not under a finger, which hides it anyway. Without an event, where the pointer was. */
  hover(event = this.over) {
    this.over = event;
    const { tool, size, hardness } = this.settings();
    const paints = (tool === "brush" || tool === "eraser") && !this.spaced;
    const shows = event && paints && event.pointerType !== "touch";
    this.view.paint.brush = shows ? { ...this.view.place(event), radius: size / 2, hardness } : null;
    this.view.canvas.dataset.cursor = this.spaced || tool === "pan" ? "pan" : paints ? "brush" : "cross";
    this.view.refresh();
  }

  onWheel = (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const { left, top } = this.view.place(event);
    if (event.shiftKey) this.view.pan(-(event.deltaX || event.deltaY) * lines, 0);
    // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
    else this.view.zoom(2 ** (-event.deltaY * lines * WHEEL * (event.ctrlKey ? 6 : 1)), left, top);
  };
}
