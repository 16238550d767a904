/* <text-layout data-width data-height data-characters data-most>: words as quadrilaterals on a picture of these proportions. The
   truth stands in the form's own inputs, a row for each word: its text, its box in percent, and its corners where it is no
   rectangle. This draws them, writes them, and says at once what Recraft would refuse. See `create/_layout.html`. */
import { LayoutHand } from "./layout-hand.js";
import { CORNERS, boxOf, fitted, isBox, quadOf, read, round, write, wrong } from "./layout-sums.js";

const SIDES = ["left", "top", "width", "height"];
const FIRST = { left: 20, top: 10, width: 60, height: 14 };

class TextLayout extends HTMLElement {
  connectedCallback() {
    this.hand = new LayoutHand(this);
    this.addEventListener("input", this.onInput);
    this.addEventListener("click", this.onClick);
    // Before the next paint after a swap, and again when it has settled.
    document.addEventListener("htmx:afterSwap", this.refresh);
    document.addEventListener("htmx:afterSettle", this.refresh);
    this.observer = new ResizeObserver(this.refresh);
    this.observer.observe(this.stage);
    this.refresh();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSwap", this.refresh);
    document.removeEventListener("htmx:afterSettle", this.refresh);
    this.observer.disconnect();
    this.hand.leave();
    this.removeEventListener("input", this.onInput);
    this.removeEventListener("click", this.onClick);
  }

  get stage() {
    return this.querySelector(".layout__stage");
  }

  get rows() {
    return [...this.querySelectorAll("[data-word]")];
  }

  get quads() {
    return [...this.querySelectorAll("[data-quad]")];
  }

  field(at, part) {
    return this.rows[at].querySelector(`[name=text_layout-${part}]`);
  }

  box(at) {
    return Object.fromEntries(SIDES.map((side) => [side, Number(this.field(at, side).value) || 0]));
  }

  /* Where a word stands; its box where its corners can't be read. */
  quadOf(at) {
    return read(this.field(at, "corners").value) ?? quadOf(this.box(at));
  }

  write(at, quad) {
    this.field(at, "corners").value = isBox(quad) ? "" : write(quad);
    for (const [side, number] of Object.entries(boxOf(quad))) this.field(at, side).value = round(number);
    // An answer on its way would put it back; and it is drawn.
    this.field(at, "text").dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* A drag or a key is over: one `change`, so that the form asks for its price once. */
  settle(at) {
    this.field(at, "text").dispatchEvent(new Event("change", { bubbles: true }));
  }

  onInput = ({ target }) => {
    const at = this.rows.indexOf(target.closest("[data-word]"));
    if (at < 0) return;
    const corners = this.field(at, "corners");
    const quad = read(corners.value);
    if (target === corners && quad) for (const [side, number] of Object.entries(boxOf(quad))) this.field(at, side).value = round(number);
    else if (SIDES.some((side) => target === this.field(at, side)) && quad) corners.value = write(fitted(quad, this.box(at)));
    this.refresh();
  };

  onClick = ({ target }) => {
    if (target.closest("[data-add]")) this.add();
    const row = target.closest("[data-remove]")?.closest("[data-word]");
    if (row) this.remove(this.rows.indexOf(row));
  };

  add() {
    const at = this.rows.findIndex((_, index) => !this.field(index, "text").value.trim());
    this.wanting = at < 0;
    if (this.wanting) return this.settle(0); // the answer brings another row
    this.field(at, "text").value = "WORD";
    // Under the words that are there, as long as there is room.
    const used = this.rows.filter((_, index) => index !== at && this.field(index, "text").value.trim()).length;
    this.write(at, quadOf({ ...FIRST, top: FIRST.top + (used % 5) * 16 }));
    // Nobody else is told yet: an answer would come in the middle of the word that is typed now.
    this.field(at, "text").select();
  }

  remove(at) {
    for (const input of this.rows[at].querySelectorAll("input")) input.value = "";
    this.refresh();
    this.settle(at);
    this.querySelector("[data-add]").focus();
  }

  refresh = () => {
    const { rows, quads } = this;
    this.stage.style.setProperty("--proportion", this.dataset.width / this.dataset.height);
    const count = rows.filter((_, at) => this.show(quads[at], at)).length;
    this.stage.toggleAttribute("data-empty", !count);
    const most = Number(this.dataset.most);
    const said = this.querySelector("[data-count]");
    said.textContent = count ? `${count} of ${most}` : "";
    said.toggleAttribute("data-over", count > most);
    if (this.wanting && count < rows.length) this.add();
  };

  show(quad, at) {
    const word = this.field(at, "text").value.trim();
    quad.hidden = !word;
    const points = this.quadOf(at);
    const unread = this.field(at, "corners").value.trim() && !read(this.field(at, "corners").value);
    const says = this.rows[at].querySelector("[data-says]");
    const sentence = word ? wrong(word, unread ? null : points, this.dataset.characters) : "";
    if (says.textContent !== sentence) says.textContent = sentence;
    this.field(at, "text").setAttribute("aria-invalid", String(Boolean(sentence)));
    if (word) this.draw(quad, word, points);
    return word;
  }

  draw(quad, word, points) {
    quad.querySelector("polygon").setAttribute("points", points.map((point) => point.join(",")).join(" "));
    const { clientWidth: wide, clientHeight: high } = this.stage;
    const [a, b, c, d] = points.map(([x, y]) => [(x / 100) * wide, (y / 100) * high]);
    const far = (p, q) => Math.hypot(q[0] - p[0], q[1] - p[1]);
    const [across, down] = [(far(a, b) + far(d, c)) / 2, (far(a, d) + far(b, c)) / 2];
    const button = quad.querySelector("button[data-corner=whole]");
    const middle = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / 4);
    button.textContent = word;
    Object.assign(button.style, { left: `${middle[0]}%`, top: `${middle[1]}%`, rotate: `${Math.atan2(b[1] - a[1], b[0] - a[0])}rad` });
    button.style.fontSize = `${Math.max(6, Math.min(down * 0.8, across / (word.length * 0.7)))}px`;
    button.setAttribute("aria-label", `${word}, at ${points[0].map(round).join(" ")} percent`);
    for (const [at, name] of CORNERS.entries()) {
      const handle = quad.querySelector(`button[data-corner="${at}"]`);
      Object.assign(handle.style, { left: `${points[at][0]}%`, top: `${points[at][1]}%` });
      handle.setAttribute("aria-label", `${word}, ${name} corner, at ${points[at].map(round).join(" ")} percent`);
    }
  }
}
customElements.define("text-layout", TextLayout);
