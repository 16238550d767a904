/* Keys of the mask. They work while the mask, its tools or nothing that takes text has the focus, and nothing lies over the
   page. Space holds the hand; a slider keeps its arrows, a button its Space. */
const TYPES = "textarea, select, [contenteditable], input:not([type=range], [type=checkbox], [type=radio], [type=file])";
const PAN = 40; // CSS pixels

const KEYS = {
  b: ["tool", "brush"],
  e: ["tool", "eraser"],
  l: ["tool", "lasso"],
  u: ["tool", "rectangle"],
  h: ["tool", "pan"],
  "[": ["resize", 1 / 1.2],
  "]": ["resize", 1.2],
  "+": ["act", "zoom-in"],
  "=": ["act", "zoom-in"],
  "-": ["act", "zoom-out"],
  0: ["act", "fit"],
  "Shift+V": ["act", "invert"],
  "Control+z": ["act", "undo"],
  "Control+Shift+Z": ["act", "redo"],
  "Control+y": ["act", "redo"],
  Escape: ["act", "abandon"],
};
const ARROWS = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };

export class MaskKeys {
  /* `does` has the methods that KEYS names, `pan(dx, dy)` and `hold(isDown)`. */
  constructor(host, does) {
    Object.assign(this, { host, does });
    document.addEventListener("keydown", this.onDown);
    document.addEventListener("keyup", this.onUp);
    window.addEventListener("blur", this.release);
  }

  leave() {
    document.removeEventListener("keydown", this.onDown);
    document.removeEventListener("keyup", this.onUp);
    window.removeEventListener("blur", this.release);
  }

  hears(event) {
    if (event.altKey || event.defaultPrevented || !this.host.checkVisibility({ visibilityProperty: true })) return false;
    return !event.target.matches(TYPES) && !document.querySelector("dialog[open], :popover-open");
  }

  isFree(target) {
    return target === document.body || target === this.host.querySelector("canvas");
  }

  onDown = (event) => {
    if (!this.hears(event)) return;
    const plain = !event.ctrlKey && !event.metaKey;
    const named = KEYS[this.name(event)];
    if (named) this.does[named[0]](named[1]);
    else if (event.key === " " && plain && this.isFree(event.target)) this.does.hold(true);
    else if (ARROWS[event.key] && plain && event.target.matches("canvas")) this.does.pan(...ARROWS[event.key]);
    else return;
    if (event.key !== "Escape") event.preventDefault();
  };

  name({ key, ctrlKey, metaKey, shiftKey }) {
    const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
    const parts = [ctrlKey || metaKey ? "Control" : "", letter && shiftKey ? "Shift" : ""].filter(Boolean);
    // The case of a letter is Shift's, not Caps Lock's.
    return [...parts, letter ? (shiftKey ? key.toUpperCase() : key.toLowerCase()) : key].join("+");
  }

  onUp = (event) => {
    if (event.key === " ") this.release();
  };

  release = () => this.does.hold(false);
}
