/* <palette-editor>: rows of real inputs, a #rrggbb text and a weight in percent. Adds a color well and a remove button to
   each row, an "add" button, and the sum of the weights. [data-colors="#…,#…"] holds a picture and takes its colors over, with
   the part of it that each takes; what stood there before comes back by "undo". The server's form ignores empty rows, which the
   stylesheet hides, so without JavaScript the spare rows are simply typed into. */
import { sharesOf } from "./palette-shares.js";

class PaletteEditor extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.onInput);
    this.addEventListener("click", this.onClick);
    this.refresh();
    // The server may have redrawn the rows around us.
    document.addEventListener("htmx:afterSettle", this.refresh);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.refresh);
  }

  get rows() {
    return [...this.querySelectorAll("[data-row]")];
  }

  hex(row) {
    return row.querySelector("[data-hex]");
  }

  weight(row) {
    return row.querySelector("[data-weight]");
  }

  onInput = (event) => {
    const well = event.target.closest("[data-well-for]");
    if (well) document.getElementById(well.dataset.wellFor).value = well.value;
    const row = event.target.closest("[data-row]");
    if (!row) return;
    if (event.target.matches("[type=color]")) this.hex(row).value = event.target.value;
    if (event.target.matches("[data-slider]")) this.weight(row).value = event.target.value;
    this.refresh();
  };

  onClick = (event) => {
    if (event.target.closest("[data-add]")) this.add();
    const picture = event.target.closest("[data-colors]");
    if (picture) this.take(picture);
    if (event.target.closest("[data-undo]")) this.put(this.before);
    if (event.target.closest("[data-remove]")) this.remove(event.target.closest("[data-row]"));
  };

  add() {
    const row = this.rows.find((each) => !this.hex(each).value);
    if (!row) return;
    this.hex(row).value = row.querySelector("[type=color]").value;
    this.refresh();
    this.changed();
    row.querySelector("[type=color]").focus();
  }

  remove(row) {
    this.hex(row).value = "";
    this.weight(row).value = "";
    row.parentElement.append(row); // spare rows stay at the end
    this.refresh();
    this.changed();
    this.querySelector("[data-add]").focus();
  }

  async take(picture) {
    const colors = picture.dataset.colors.split(",").slice(0, this.rows.length);
    const shares = await sharesOf(picture.querySelector("img"), colors);
    this.before = this.rows.map((row) => [this.hex(row).value, this.weight(row).value]);
    this.put(colors.map((color, at) => [color, shares?.[at] ?? ""]));
    this.querySelector("[data-from]")?.focus();
  }

  /* The rows from here on: [hex, weight] each. */
  put(values) {
    this.undoable = values !== this.before;
    for (const [at, row] of this.rows.entries()) [this.hex(row).value, this.weight(row).value] = values[at] ?? ["", ""];
    this.refresh();
    this.changed();
  }

  changed() {
    this.hex(this.rows[0]).dispatchEvent(new Event("change", { bubbles: true }));
  }

  refresh = () => {
    let sum = 0;
    for (const row of this.rows) {
      const hex = this.hex(row).value;
      sum += hex ? Number(this.weight(row).value) : 0;
      if (/^#[0-9a-f]{6}$/i.test(hex)) row.querySelector("[type=color]").value = hex;
      row.querySelector("[data-slider]").value = this.weight(row).value || 0;
    }
    const undo = this.querySelector("[data-undo]");
    if (undo) undo.hidden = !this.undoable;
    const say = this.querySelector("[data-sum]");
    const text = sum ? `${sum} % of the picture` : "Weights are optional";
    if (say.textContent !== text) say.textContent = text;
    say.toggleAttribute("data-over", sum > 100);
  };
}
customElements.define("palette-editor", PaletteEditor);
