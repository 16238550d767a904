/* The frame on the stage: where it lies, and what its eight handles and its middle add around the picture. While a pointer holds it the
   picture stays where it is; let go, the whole is fitted again. `host` has `source`, `added`, `write(added)` and `settle()`. */
import { SIDES, fit, size } from "./frame-sums.js";
import { StageHand } from "./stage-hand.js";

const EDGES = { w: "left", e: "right", n: "top", s: "bottom" };
const NAMES = { n: "Top edge", s: "Bottom edge", w: "Left edge", e: "Right edge" };

export class FrameHand extends StageHand {
  get grasped() {
    return this.host.added;
  }

  pull(added, at, dx, dy) {
    this.host.write(at === "move" ? this.shifted(added, dx, dy) : this.pulled(added, at, dx, dy));
  }

  settle() {
    this.host.settle();
  }

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
