/* The frame on the stage: where it lies, its eight handles and its middle under a pointer, and the handles under the arrow keys.
   While a pointer holds it the picture stays where it is; let go, the whole is fitted again. */
import { SIDES, fit, size } from "./frame-sums.js";

const EDGES = { w: "left", e: "right", n: "top", s: "bottom" };
const NAMES = { n: "Top edge", s: "Bottom edge", w: "Left edge", e: "Right edge" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 10; // times as far with Shift

export class FrameHand {
  constructor(host) {
    this.host = host;
    this.gone = new AbortController();
    const on = { pointerdown: this.onDown, pointermove: this.onMove, pointerup: this.onUp, pointercancel: this.onUp };
    for (const [name, does] of Object.entries({ ...on, keydown: this.onKey, keyup: this.onKeyUp }))
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
    held.focus({ preventScroll: true });
    held.setPointerCapture(event.pointerId);
    this.drag = { id: event.pointerId, at: held.dataset.at, x: event.clientX, y: event.clientY, added: this.host.added };
  };

  onMove = (event) => {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    const [dx, dy] = [(event.clientX - drag.x) / this.view.scale, (event.clientY - drag.y) / this.view.scale];
    drag.moved = true;
    this.host.write(drag.at === "move" ? this.shifted(drag.added, dx, dy) : this.pulled(drag.added, drag.at, dx, dy));
  };

  onUp = (event) => {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    this.drag = null;
    if (drag.moved) this.host.settle();
  };

  pulled(added, at, dx, dy) {
    const moves = { w: -dx, e: dx, n: -dy, s: dy };
    const wish = { ...added, first: [...at].map((edge) => EDGES[edge]) };
    for (const edge of at) wish[EDGES[edge]] += moves[edge];
    return wish;
  }

  // As large as it is, to another place around the picture.
  shifted({ left, right, top, bottom }, dx, dy) {
    const across = Math.round(Math.min(left, Math.max(-right, dx)));
    const down = Math.round(Math.min(top, Math.max(-bottom, dy)));
    return { left: left - across, right: right + across, top: top - down, bottom: bottom + down };
  }

  onKey = (event) => {
    const at = event.target.dataset.at;
    const arrow = ARROWS[event.key];
    if (!at || !arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [dx, dy] = arrow.map((step) => step * (event.shiftKey ? FAR : 1));
    this.keyed = true;
    this.host.write(at === "move" ? this.shifted(this.host.added, dx, dy) : this.pulled(this.host.added, at, dx, dy));
  };

  onKeyUp = () => {
    if (this.keyed) this.host.settle();
    this.keyed = false;
  };

  show(source, added, zoom) {
    if (!this.drag || !this.view) this.view = fit(this.room, source, added);
    const { scale, x, y } = this.view;
    const after = size(source, added);
    const outer = { left: x - added.left * scale, top: y - added.top * scale };
    Object.assign(outer, { width: after.width * scale, height: after.height * scale });
    // Zoomed out, the picture shrinks around its own middle; the frame stays.
    const [width, height] = [source.width, source.height].map((side) => side * scale * (1 - zoom / 100));
    const inner = { left: x + (source.width * scale - width) / 2, top: y + (source.height * scale - height) / 2, width, height };
    for (const part of this.host.querySelectorAll(".frame, .frame__ground")) this.place(part, outer);
    this.place(this.host.querySelector("img"), inner);
    this.name(added, scale);
  }

  place(part, { left, top, width, height }) {
    Object.assign(part.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  name(added, scale) {
    for (const handle of this.host.querySelectorAll("[data-at]:not([data-at=move])")) {
      const said = [...handle.dataset.at].map((edge) => `${NAMES[edge]}, ${added[EDGES[edge]]} px added`);
      handle.setAttribute("aria-label", said.join("; "));
    }
    for (const side of SIDES) {
      const badge = this.host.querySelector(`[data-px=${side}]`);
      badge.textContent = `+${added[side]} px`;
      badge.hidden = !added[side];
      const along = added[side] * scale;
      const inset = { left: "insetInlineStart", right: "insetInlineEnd", top: "insetBlockStart", bottom: "insetBlockEnd" }[side];
      badge.style[inset] = `${along / 2}px`;
      // Where it would lie over the handle, the handle's own name and the numbers have to do.
      badge.toggleAttribute("data-narrow", along < (side === "left" || side === "right" ? 84 : 56));
    }
  }
}
