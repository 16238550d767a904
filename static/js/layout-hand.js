/* Words on the picture under a pointer and under the arrow keys: the whole of one, or one corner. `host` has `stage`, `quadOf(at)`,
   `write(at, quad)`, `settle(at)` and `remove(at)`, with `at` the number of the word from 0. */
import { moved, pulled, stretched } from "./layout-sums.js";
import { ARROWS, FAR } from "./stage-hand.js";

const REST = 400; // milliseconds after the last key, so that an answer doesn't come between two steps

export class LayoutHand {
  constructor(host) {
    this.host = host;
    this.gone = new AbortController();
    const on = { pointerdown: this.onDown, pointermove: this.onMove, pointerup: this.onUp, pointercancel: this.onUp };
    for (const [name, does] of Object.entries({ ...on, keydown: this.onKey, focusin: this.raise }))
      host.addEventListener(name, does, { signal: this.gone.signal });
  }

  leave() {
    clearTimeout(this.timer);
    this.gone.abort();
  }

  /* Which word, and what of it: "whole" or the number of a corner. */
  held(event) {
    const part = event.target.closest("[data-corner]");
    if (!part) return null;
    return { at: this.host.quads.indexOf(part.closest("[data-quad]")), corner: part.dataset.corner };
  }

  // What is worked on lies above the words it overlaps.
  raise = (event) => {
    const quad = event.target.closest("[data-quad]");
    if (quad) for (const each of this.host.quads) each.toggleAttribute("data-above", each === quad);
  };

  onDown = (event) => {
    const held = this.held(event);
    if (!held || event.button) return;
    event.preventDefault();
    clearTimeout(this.timer); // the drag tells it all
    const quad = this.host.quads[held.at];
    quad.querySelector(`button[data-corner="${held.corner}"]`).focus({ preventScroll: true });
    // The stage keeps the pointer: what was pressed may be drawn anew in the middle of a drag.
    this.host.stage.setPointerCapture(event.pointerId);
    const { width, height } = this.host.stage.getBoundingClientRect();
    this.drag = { ...held, id: event.pointerId, x: event.clientX, y: event.clientY, width, height, quad: this.host.quadOf(held.at) };
  };

  onMove = (event) => {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    const dx = ((event.clientX - drag.x) / drag.width) * 100;
    const dy = ((event.clientY - drag.y) / drag.height) * 100;
    drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 2;
    if (drag.moved) this.host.write(drag.at, this.changed(drag.quad, drag.corner, dx, dy, event.shiftKey));
  };

  onUp = (event) => {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    this.drag = null;
    this.host.settle(drag.at);
  };

  changed(quad, corner, dx, dy, asBox) {
    if (corner === "whole") return moved(quad, dx, dy);
    return (asBox ? stretched : pulled)(quad, Number(corner), dx, dy);
  }

  onKey = (event) => {
    const held = this.held(event);
    if (!held || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const [dx, dy] = arrow.map((step) => step * (event.shiftKey ? FAR : 1));
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.host.settle(held.at), REST);
      this.host.write(held.at, this.changed(this.host.quadOf(held.at), held.corner, dx, dy));
    } else if (event.key === "Delete" || event.key === "Backspace") this.host.remove(held.at);
    else return;
    event.preventDefault();
  };
}
