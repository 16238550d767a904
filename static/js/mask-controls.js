/* The buttons, sliders, number fields and the live text around a mask: what they ask for, and what they show. Which is which
   stands in their `data-tool`, `data-act`, `data-set`, `data-rect` and `data-say`. */
export class MaskControls {
  constructor(host) {
    this.host = host;
    host.addEventListener("click", this.onClick);
    host.addEventListener("input", this.onInput);
    host.addEventListener("mask-canvas:view", this.show);
    this.show();
    this.say();
  }

  leave() {
    this.host.removeEventListener("click", this.onClick);
    this.host.removeEventListener("input", this.onInput);
    this.host.removeEventListener("mask-canvas:view", this.show);
  }

  onClick = (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.tool) this.host.tool(button.dataset.tool);
    if (button?.dataset.act) this.host.act(button.dataset.act);
  };

  onInput = ({ target }) => {
    const value = Number(target.value);
    if (target.dataset.set === "size") this.host.set({ size: value });
    if (target.dataset.set === "hardness") this.host.set({ hardness: value / 100 });
    if (target.dataset.set === "opacity") this.host.set({ opacity: value / 100 });
  };

  /* The corners in the number fields, kept within the picture; null when a field has no number. */
  corners() {
    const { width, height } = this.host.pixels;
    const fields = ["left", "top", "width", "height"].map((name) => this.host.querySelector(`[data-rect=${name}]`));
    const missing = fields.find((field) => field.value === "" || Number.isNaN(field.valueAsNumber));
    missing?.focus();
    if (missing) return null;
    const [left, top, wide, high] = fields.map((field) => Math.max(0, Math.round(field.valueAsNumber)));
    const corner = (x, y) => ({ x: Math.min(x, width), y: Math.min(y, height) });
    return [corner(left, top), corner(left + wide, top + high)];
  }

  show = () => {
    const { host } = this;
    const { tool, size, hardness, opacity, removes, most } = host.state;
    for (const button of host.querySelectorAll("[data-tool]")) this.mark(button, "aria-pressed", button.dataset.tool === tool);
    this.mark(this.act("add"), "aria-pressed", !removes);
    this.mark(this.act("take"), "aria-pressed", removes);
    this.mark(this.act("undo"), "aria-disabled", !host.pixels.history.done.length);
    this.mark(this.act("redo"), "aria-disabled", !host.pixels.history.undone.length);
    this.range("size", size, `${size} px`, most);
    this.range("hardness", Math.round(hardness * 100), `${Math.round(hardness * 100)} %`);
    this.range("opacity", Math.round(opacity * 100), `${Math.round(opacity * 100)} %`);
    this.text("zoom", `${Math.round(host.view.scale * 100)} %`);
    for (const part of host.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(tool);
    const { width, height } = host.pixels;
    for (const field of host.querySelectorAll("[data-rect]")) field.max = /left|width/.test(field.dataset.rect) ? width : height;
  };

  act(name) {
    return this.host.querySelector(`[data-act=${name}]`);
  }

  mark(button, name, is) {
    button?.setAttribute(name, String(is));
  }

  range(name, value, text, most) {
    const input = this.host.querySelector(`[data-set=${name}]`);
    if (most) input.max = most;
    input.value = value;
    input.setAttribute("aria-valuetext", text);
    this.text(name, text);
  }

  text(name, text) {
    const place = this.host.querySelector(`[data-say=${name}]`);
    if (place && place.textContent !== text) place.textContent = text;
  }

  /* After a change, not during a stroke: it is read out. */
  say() {
    const { inside, soft } = this.host.pixels;
    const percent = Math.round((inside / soft.length) * 100);
    const almost = inside && !percent ? "Less than 1" : inside < soft.length && percent === 100 ? "Over 99" : percent;
    this.text("part", inside ? `${almost} % of the picture will change` : "Nothing marked yet");
    this.host.toggleAttribute("data-empty", !inside);
  }
}
