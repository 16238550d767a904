/* A crop on the stage: where it lies. `host` has `source`, `crop` and `pull(crop, at, dx, dy)`. */
import { fit } from "./frame-sums.js";
import { StageHand } from "./stage-hand.js";

const NOTHING = { left: 0, right: 0, top: 0, bottom: 0 };

export class CropHand extends StageHand {
  get focusing() {
    return { preventScroll: true, focusVisible: false };
  }

  get grasped() {
    return this.host.crop;
  }

  pull(crop, at, dx, dy) {
    this.host.pull(crop, at, dx, dy);
  }

  show(source, crop) {
    this.view = fit(this.room, source, NOTHING);
    const { scale, x, y } = this.view;
    const picture = { left: x, top: y, width: source.width * scale, height: source.height * scale };
    const inner = { left: crop.left * scale, top: crop.top * scale, width: crop.width * scale, height: crop.height * scale };
    for (const part of this.host.querySelectorAll("img, .crop__shade")) this.place(part, picture);
    this.place(this.host.querySelector(".crop__hole"), inner);
    this.place(this.host.querySelector(".frame"), { ...inner, left: x + inner.left, top: y + inner.top });
  }
}
