/* <compare-view data-way="side|flicker">: two to four pictures. Side by side they are zoomed and moved together; in a flicker one shows at a time,
   the next by V or a button, or by itself. Who asked for less motion has to press. */
import { actFor } from "./picture-table.js";

const BEAT = 900; // milliseconds: slow enough not to flash

class CompareView extends HTMLElement {
  connectedCallback() {
    this.addEventListener("zoomed", this.onZoomed);
    this.addEventListener("click", this.onClick);
    this.addEventListener("change", this.onChange);
    document.addEventListener("keydown", this.onKey);
    this.turn(0);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    clearInterval(this.beat);
  }

  get pictures() {
    return [...this.querySelectorAll(".compare__one")];
  }

  onZoomed = (event) => {
    for (const view of this.querySelectorAll("zoom-view")) if (view !== event.target) view.set(event.detail, { quiet: true });
  };

  onClick = (event) => {
    if (event.target.closest("[data-next]")) this.turn(1);
  };

  onChange = (event) => {
    if (!event.target.matches("[data-run]")) return;
    clearInterval(this.beat);
    if (event.target.checked) this.beat = setInterval(() => this.turn(1), BEAT);
  };

  onKey = (event) => {
    if (actFor(event)?.by !== "compare-view" || this.dataset.way !== "flicker") return;
    event.preventDefault();
    this.turn(1);
  };

  turn(by) {
    const { pictures } = this;
    this.at = ((this.at ?? 0) + by) % pictures.length;
    for (const [at, each] of pictures.entries()) each.toggleAttribute("data-on", at === this.at);
    const shown = this.querySelector("[data-shown]");
    if (shown) shown.textContent = pictures[this.at].dataset.letter;
  }
}
customElements.define("compare-view", CompareView);
