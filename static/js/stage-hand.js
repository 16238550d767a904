/* What lies on a stage and has handles: held by a pointer, moved by the arrow keys. A hand of its own says what a drag begins with
   (`grasped`), what comes of it (`pull(grasped, at, dx, dy)`, with `at` a handle or "move"), and draws it (`show`). */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
export const FAR = 10; // times as far with Shift

export class StageHand {
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

  get focusing() {
    return { preventScroll: true };
  }

  /* After a drag or the last of some key presses. */
  settle() {}

  onDown = (event) => {
    const held = event.target.closest("[data-at]");
    if (!held || event.button) return;
    event.preventDefault();
    held.focus(this.focusing);
    held.setPointerCapture(event.pointerId);
    this.drag = { id: event.pointerId, at: held.dataset.at, x: event.clientX, y: event.clientY, grasped: this.grasped };
  };

  onMove = (event) => {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    const [dx, dy] = [(event.clientX - drag.x) / this.view.scale, (event.clientY - drag.y) / this.view.scale];
    drag.moved = true;
    this.pull(drag.grasped, drag.at, dx, dy);
  };

  onUp = (event) => {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    this.drag = null;
    if (drag.moved) this.settle();
  };

  onKey = (event) => {
    const { at } = event.target.dataset;
    const arrow = ARROWS[event.key];
    if (!at || !arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [dx, dy] = arrow.map((step) => step * (event.shiftKey ? FAR : 1));
    this.keyed = true;
    this.pull(this.grasped, at, dx, dy);
  };

  onKeyUp = () => {
    if (this.keyed) this.settle();
    this.keyed = false;
  };

  place(part, { left, top, width, height }) {
    Object.assign(part.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }
}
