/* A crop on the stage: where it lies, its handles and its middle under a pointer and under the arrow keys. */
import { fit } from "./frame-sums.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 10; // times as far with Shift
const NOTHING = { left: 0, right: 0, top: 0, bottom: 0 };

export class CropHand {
  /* `host` has `source`, `crop` and `pull(crop, at, dx, dy)`, with `at` a handle or "move". */
  constructor(host) {
    this.host = host;
    this.gone = new AbortController();
    const on = { pointerdown: this.onDown, pointermove: this.onMove, pointerup: this.onUp, pointercancel: this.onUp };
    for (const [name, does] of Object.entries({ ...on, keydown: this.onKey }))
      host.addEventListener(name, does, { signal: this.gone.signal });
  }

  leave() {
    this.gone.abort();
  }

  /* The host's padding is what the tools cover. */
  get room() {
    const style = getComputedStyle(this.host);
    const [top, right, bottom, left] = ["Top", "Right", "Bottom", "Left"].map((side) => parseFloat(style[`padding${side}`]));
    const { clientWidth, clientHeight } = this.host;
    return { left, top, width: Math.max(1, clientWidth - left - right), height: Math.max(1, clientHeight - top - bottom) };
  }

  onDown = (event) => {
    const held = event.target.closest("[data-at]");
    if (!held || event.button) return;
    event.preventDefault();
    held.focus({ preventScroll: true, focusVisible: false });
    held.setPointerCapture(event.pointerId);
    this.drag = { id: event.pointerId, at: held.dataset.at, x: event.clientX, y: event.clientY, crop: this.host.crop };
  };

  onMove = (event) => {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    const [dx, dy] = [(event.clientX - drag.x) / this.view.scale, (event.clientY - drag.y) / this.view.scale];
    this.host.pull(drag.crop, drag.at, dx, dy);
  };

  onUp = (event) => {
    if (this.drag?.id === event.pointerId) this.drag = null;
  };

  onKey = (event) => {
    const { at } = event.target.dataset;
    const arrow = ARROWS[event.key];
    if (!at || !arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [dx, dy] = arrow.map((step) => step * (event.shiftKey ? FAR : 1));
    this.host.pull(this.host.crop, at, dx, dy);
  };

  show(source, crop) {
    this.view = fit(this.room, source, NOTHING);
    const { scale, x, y } = this.view;
    const picture = { left: x, top: y, width: source.width * scale, height: source.height * scale };
    const inner = { left: crop.left * scale, top: crop.top * scale, width: crop.width * scale, height: crop.height * scale };
    for (const part of this.host.querySelectorAll("img, .crop__shade")) this.place(part, picture);
    this.place(this.host.querySelector(".crop__hole"), inner);
    this.place(this.host.querySelector(".frame"), { ...inner, left: x + inner.left, top: y + inner.top });
  }

  place(part, { left, top, width, height }) {
    Object.assign(part.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }
}
