/* <crop-frame data-width data-height data-form [data-aspect]><img>tools</crop-frame>: what is cut out of a picture. The truth stands in
   the form's own inputs `left`, `top`, `width` and `height`, in pixels; this draws them, and writes them. A chosen aspect is kept
   while one drags, until a number is typed that breaks it. See `edit/_crop_tools.html`. */
import { CropHand } from "./crop-hand.js";
import { centered, moved, pulled, within } from "./crop-sums.js";

const PARTS = ["left", "top", "width", "height"];
const EDGES = {
  n: ({ top }) => `Top edge, at ${top} px`,
  s: ({ top, height }) => `Bottom edge, at ${top + height} px`,
  w: ({ left }) => `Left edge, at ${left} px`,
  e: ({ left, width }) => `Right edge, at ${left + width} px`,
};

class CropFrame extends HTMLElement {
  connectedCallback() {
    this.hand = new CropHand(this);
    this.chosen = this.dataset.aspect || "none";
    this.addEventListener("click", this.onClick);
    this.form.addEventListener("input", this.onInput);
    this.form.addEventListener("change", this.onChange);
    this.observer = new ResizeObserver(this.refresh);
    this.observer.observe(this);
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.hand.leave();
    this.removeEventListener("click", this.onClick);
    this.form?.removeEventListener("input", this.onInput);
    this.form?.removeEventListener("change", this.onChange);
  }

  get form() {
    return document.getElementById(this.dataset.form);
  }

  get source() {
    return { width: Number(this.dataset.width), height: Number(this.dataset.height) };
  }

  field(part) {
    return this.form.elements.namedItem(part);
  }

  /* Width by height of the chosen aspect; 0 for none. */
  get aspect() {
    if (this.chosen === "none") return 0;
    if (this.chosen === "whole") return this.source.width / this.source.height;
    const [wide, high] = this.chosen.split(":").map(Number);
    return wide / high;
  }

  get typed() {
    return Object.fromEntries(PARTS.map((part) => [part, Number(this.field(part).value)]));
  }

  /* What the numbers cut out, as far as the picture goes. */
  get crop() {
    return within(this.typed, this.source);
  }

  write(crop) {
    for (const part of PARTS) this.field(part).value = crop[part];
    this.refresh();
  }

  pull(crop, at, dx, dy) {
    const { source, aspect } = this;
    this.write(at === "move" ? moved(crop, dx, dy, source) : pulled(crop, at, dx, dy, source, aspect));
  }

  onClick = (event) => {
    const { aspect } = event.target.closest("button")?.dataset ?? {};
    if (!aspect) return;
    this.chosen = aspect;
    if (this.aspect) this.write(centered(this.source, this.aspect));
    else this.refresh();
  };

  onInput = () => {
    const { width, height } = this.crop;
    const kept = !this.aspect || Math.abs(width - height * this.aspect) <= 1 || Math.abs(height - width / this.aspect) <= 1;
    if (!kept) this.chosen = "none";
    this.refresh();
  };

  // A number typed past the picture is taken back to it when the field is left, not while one is typing.
  onChange = ({ target }) => PARTS.includes(target.name) && this.write(this.crop);

  refresh = () => {
    const { source, crop } = this;
    this.hand.show(source, crop);
    this.say("size", `${crop.width} × ${crop.height}`);
    this.say("place", `from ${crop.left}, ${crop.top}`);
    const passed = PARTS.some((part) => this.typed[part] !== crop[part]);
    this.say("limit", passed ? `The picture is ${source.width} × ${source.height}.` : "");
    for (const button of this.querySelectorAll("[data-aspect]"))
      button.setAttribute("aria-pressed", String(button.dataset.aspect === this.chosen));
    for (const handle of this.querySelectorAll(".frame__handle"))
      handle.setAttribute("aria-label", [...handle.dataset.at].map((edge) => EDGES[edge](crop)).join("; "));
    const middle = this.querySelector("[data-at=move]");
    middle.setAttribute("aria-label", `Cut-out of ${crop.width} by ${crop.height} px, from ${crop.left}, ${crop.top}`);
  };

  say(name, words) {
    const place = this.querySelector(`[data-say=${name}]`);
    if (place.textContent !== words) place.textContent = words;
  }
}
customElements.define("crop-frame", CropFrame);
