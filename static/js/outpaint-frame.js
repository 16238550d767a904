/* <outpaint-frame data-width data-height data-limit [data-form]><img>tools</outpaint-frame>: the picture inside the larger one
   that outpainting makes. The truth stands in the form's own inputs, `expand_left`, `expand_right`, `expand_top`, `expand_bottom`
   in pixels and `zoom_out_percentage`; this draws them, and writes them. See `create/_outpaint_tools.html`. */
import { FrameHand } from "./frame-hand.js";
import { preset, say } from "./frame-says.js";
import { SIDES, hold } from "./frame-sums.js";

const EXPANSION = 4096; // pixels a side may take
const NOTHING = { left: 0, right: 0, top: 0, bottom: 0 };

class OutpaintFrame extends HTMLElement {
  connectedCallback() {
    this.hand = new FrameHand(this);
    this.addEventListener("click", this.onClick);
    this.addEventListener("input", this.onZoom);
    this.addEventListener("change", (event) => event.target.dataset.zoom !== undefined && this.tell("change", [this.zoomField]));
    document.addEventListener("input", this.onInput);
    document.addEventListener("change", this.onChange);
    document.addEventListener("htmx:afterSettle", this.refresh);
    this.observer = new ResizeObserver(this.refresh);
    this.observer.observe(this);
  }

  disconnectedCallback() {
    document.removeEventListener("input", this.onInput);
    document.removeEventListener("change", this.onChange);
    document.removeEventListener("htmx:afterSettle", this.refresh);
    this.observer.disconnect();
    this.hand.leave();
  }

  get source() {
    return { width: Number(this.dataset.width), height: Number(this.dataset.height) };
  }

  get limit() {
    return Number(this.dataset.limit);
  }

  get form() {
    return this.dataset.form ? document.getElementById(this.dataset.form) : this.closest("form");
  }

  field(side) {
    return this.form?.elements.namedItem(`expand_${side}`);
  }

  get zoomField() {
    return this.form?.elements.namedItem("zoom_out_percentage");
  }

  /* Pixels added on each side, as the form has them. */
  get added() {
    const number = (side) => Math.min(EXPANSION, Math.max(0, Math.round(Number(this.field(side)?.value) || 0)));
    return Object.fromEntries(SIDES.map((side) => [side, number(side)]));
  }

  get isLarger() {
    return Object.values(this.added).some(Boolean);
  }

  get zoom() {
    return Math.min(99, Math.max(0, Number(this.zoomField?.value) || 0));
  }

  /* Writes the four sides, stopped at the limit, and says which way it stopped. */
  write(wish) {
    const { added, stopped } = hold(wish, this.source, this.limit);
    for (const side of SIDES) {
      const field = this.field(side);
      if (field && Number(field.value || 0) !== added[side]) field.value = added[side];
    }
    this.stopped = stopped;
    if (this.isLarger) this.leaveSize();
    this.tell("input", SIDES.map((side) => this.field(side)));
  }

  // Recraft takes a size or pixels per side, not both.
  leaveSize() {
    const sizes = this.form?.elements.namedItem("size");
    if (!sizes?.value) return;
    // Radios take no empty value from their list.
    const none = sizes instanceof RadioNodeList ? [...sizes].find((each) => each.value === "") : sizes;
    if (!none) return;
    if (none === sizes) none.value = "";
    else none.checked = true;
    none.dispatchEvent(new Event("change", { bubbles: true }));
  }

  tell(kind, fields) {
    this.telling = true;
    for (const field of fields) field?.dispatchEvent(new Event(kind, { bubbles: true }));
    this.telling = false;
    this.refresh();
  }

  /* A drag or a key is over: one `change`, so that the form asks for its price once. */
  settle() {
    this.tell("change", [this.field("left")]);
  }

  onClick = (event) => {
    const { aspect } = event.target.closest("button")?.dataset ?? {};
    if (!aspect) return;
    this.write(preset(this.source, aspect));
    this.settle();
  };

  onZoom = ({ target }) => {
    if (target.dataset.zoom === undefined || !this.zoomField) return;
    this.zoomField.value = target.value;
    this.tell("input", [this.zoomField]);
  };

  onInput = ({ target }) => {
    if (this.telling || target.form !== this.form) return;
    this.stopped = null;
    if (/^expand_|^zoom_out/.test(target.name)) this.refresh();
  };

  // A number typed past the limit is taken back to it when the field is left, not while one is typing.
  onChange = ({ target }) => {
    if (this.telling || !this.form || target.form !== this.form) return;
    if (/^expand_/.test(target.name)) this.write({ ...this.added, first: [target.name.replace("expand_", "")] });
    if (target.name === "size" && target.value && this.isLarger) this.write(NOTHING);
  };

  refresh = () => {
    const { source, added, zoom } = this;
    this.hand.show(source, added, zoom);
    say(this, { source, added, zoom, limit: this.limit, stopped: this.stopped });
  };
}
customElements.define("outpaint-frame", OutpaintFrame);
