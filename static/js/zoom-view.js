/* <zoom-view tabindex="0"><img></zoom-view>: a picture that can be looked into. The wheel, a pinch, + and - zoom; a drag and the arrows pan; Z and a
   double click change between the whole picture and its own pixels. Buttons [data-zoom] near it do the same. It says what it shows
   by an event `zoomed`, and takes that of another one by `look`. */
const MOST = 16; // times its fitted size
const STEP = 1.25;
const FAR = 60; // pixels for an arrow
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class ZoomView extends HTMLElement {
  connectedCallback() {
    this.look ??= { scale: 1, x: 0, y: 0 }; // x and y: how far its middle is from the view's, in parts of the fitted picture
    this.held = new Map();
    const on = { wheel: this.onWheel, pointerdown: this.onDown, pointermove: this.onMove, pointerup: this.onUp, pointercancel: this.onUp, keydown: this.onKey, dblclick: () => this.toggle() };
    for (const [name, does] of Object.entries(on)) this.addEventListener(name, does, { passive: false });
    // The tools stand beside it, in the same figure, stage or dialog.
    this.around = this.closest("compare-view, .lightbox__content, .editor__stage");
    this.around?.addEventListener("click", this.onTool);
    this.img?.addEventListener("load", () => this.show());
  }

  disconnectedCallback() {
    this.around?.removeEventListener("click", this.onTool);
  }

  get img() {
    return this.querySelector("img");
  }

  /* How large one of the picture's own pixels is against the fitted picture. */
  get actual() {
    return this.img ? Number(this.img.getAttribute("width")) / (this.img.offsetWidth || 1) / devicePixelRatio : 1;
  }

  get isLarge() {
    return this.look.scale > 1;
  }

  onTool = (event) => {
    const does = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (does) this.press(does);
  };

  press(does) {
    if (does === "fit") this.toggle();
    else this.zoom(does === "in" ? STEP : 1 / STEP);
  }

  toggle() {
    this.set(this.isLarge ? { scale: 1, x: 0, y: 0 } : { ...this.look, scale: Math.max(1.5, this.actual) });
  }

  /* Zoom so that what is under a point of the window stays there. */
  zoom(by, at = null) {
    const scale = Math.min(MOST, Math.max(1, this.look.scale * by));
    const [dx, dy] = at ? this.fromMiddle(at) : [0, 0];
    const grown = scale / this.look.scale;
    this.set({ scale, x: dx - (dx - this.look.x) * grown, y: dy - (dy - this.look.y) * grown });
  }

  fromMiddle({ clientX, clientY }) {
    const box = this.getBoundingClientRect();
    return [(clientX - box.left - box.width / 2) / (this.img?.offsetWidth || 1), (clientY - box.top - box.height / 2) / (this.img?.offsetHeight || 1)];
  }

  set(look, { quiet = false } = {}) {
    const reach = (look.scale - 1) / 2 + 0.25 * (look.scale > 1);
    const held = (part) => Math.min(reach, Math.max(-reach, part));
    this.look = { scale: look.scale, x: held(look.x), y: held(look.y) };
    this.show();
    if (!quiet) this.dispatchEvent(new CustomEvent("zoomed", { bubbles: true, detail: this.look }));
  }

  show() {
    const { img, look } = this;
    if (!img) return;
    const [width, height] = [img.offsetWidth, img.offsetHeight];
    img.style.setProperty("--zoom", look.scale);
    img.style.setProperty("--zoom-x", `${(look.x - (look.scale - 1) / 2) * width}px`);
    img.style.setProperty("--zoom-y", `${(look.y - (look.scale - 1) / 2) * height}px`);
    this.toggleAttribute("data-pixels", look.scale > this.actual * 2);
    this.toggleAttribute("data-large", this.isLarge);
    const percent = Math.round((100 * look.scale) / this.actual);
    for (const each of this.around?.querySelectorAll("[data-scale]") ?? []) each.textContent = this.isLarge ? `${percent} %` : "Fit";
    // A preview is enough until one looks closer.
    if (this.isLarge && this.dataset.original && !this.sharp) this.sharpen();
  }

  sharpen() {
    this.sharp = true;
    const large = new Image();
    large.src = this.dataset.original;
    large.decode().then(() => { this.img.src = large.src; }, () => {});
  }

  onWheel = (event) => {
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), event);
  };

  onDown = (event) => {
    if (event.button || event.target.closest("button, a")) return;
    this.setPointerCapture(event.pointerId);
    this.held.set(event.pointerId, event);
    this.toggleAttribute("data-held", true);
  };

  onMove = (event) => {
    const before = this.held.get(event.pointerId);
    if (!before) return;
    const other = [...this.held.values()].find((each) => each.pointerId !== event.pointerId);
    const far = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    if (other) this.zoom(far(event) / far(before), other);
    else this.pan(event.clientX - before.clientX, event.clientY - before.clientY);
    this.held.set(event.pointerId, event);
  };

  onUp = (event) => {
    this.held.delete(event.pointerId);
    this.toggleAttribute("data-held", this.held.size > 0);
  };

  pan(dx, dy) {
    const { img, look } = this;
    if (img) this.set({ ...look, x: look.x + dx / img.offsetWidth, y: look.y + dy / img.offsetHeight });
  }

  onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (event.key === "+" || event.key === "=") this.press("in");
    else if (event.key === "-") this.press("out");
    else if (event.key.toLowerCase() === "z") this.press("fit");
    else if (arrow && this.isLarge) this.pan(arrow[0] * FAR, arrow[1] * FAR);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
customElements.define("zoom-view", ZoomView);
