/* <comment-field><form><textarea name="text"><details><input name="x"><input name="y">: a comment that names people and points at a place. While the
   place is open, a click on the picture fills the two numbers in, and the numbers show where the pin would be. An @ brings
   the names that go on with what is typed. */
const WHOLE = 100; // percent

class CommentField extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.details = this.querySelector("details");
    this.addEventListener("input", this.onInput);
    this.addEventListener("click", this.onName);
    this.addEventListener("keydown", this.onKey);
    this.details.addEventListener("toggle", this.onToggle);
    document.addEventListener("picked-place", this.onPlace);
  }

  disconnectedCallback() {
    document.removeEventListener("picked-place", this.onPlace);
    this.layer?.ghost(NaN, NaN);
  }

  get layer() {
    return document.querySelector("#lightbox[open] pin-layer") ?? document.querySelector("pin-layer");
  }

  field(name) {
    return this.querySelector(`[name=${name}]`);
  }

  /* From the picture: fractions of its width and height. */
  onPlace = ({ detail }) => {
    if (!this.details.open) return;
    for (const name of ["x", "y"]) this.field(name).value = (detail[name] * WHOLE).toFixed(1);
    this.show();
    this.text.focus({ preventScroll: true });
  };

  // Beside a picture on a small screen the words make room for it.
  onToggle = () => {
    this.show();
    if (this.details.open) this.scrollIntoView({ block: "nearest" });
  };

  show = () => {
    const [x, y] = ["x", "y"].map((name) => (this.details.open ? this.field(name).valueAsNumber / WHOLE : NaN));
    this.layer?.closest("zoom-view")?.toggleAttribute("data-pinning", this.details.open);
    this.layer?.ghost(x, y);
  };

  onInput = (event) => {
    if (event.target !== this.text) return this.show();
    const typed = this.text.value.slice(0, this.text.selectionStart).match(/(?:^|\s)@([^@\n]{0,40})$/)?.[1];
    const names = this.querySelector("[data-names]");
    let some = false;
    for (const name of names.children) {
      const fits = typed !== undefined && name.dataset.name.toLowerCase().startsWith(typed.toLowerCase());
      name.hidden = !fits;
      some ||= fits;
    }
    names.hidden = !some;
    return undefined;
  };

  /* Enter or Tab takes the first name that goes on with what is typed; Ctrl Enter sends, as for a prompt. */
  onKey = (event) => {
    if (event.target !== this.text || event.isComposing) return;
    const [first] = this.querySelectorAll("[data-names]:not([hidden]) [data-name]:not([hidden])");
    const isSent = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (isSent) this.querySelector("form").requestSubmit();
    else if (first && ["Enter", "Tab"].includes(event.key) && !event.shiftKey) this.name(first.dataset.name);
    else return;
    event.preventDefault();
  };

  onName = (event) => {
    const name = event.target.closest("[data-name]")?.dataset.name;
    if (name) this.name(name);
  };

  name(name) {
    const at = this.text.selectionStart;
    const before = this.text.value.slice(0, at).replace(/@[^@\n]*$/, `@${name} `);
    this.text.value = before + this.text.value.slice(at);
    this.querySelector("[data-names]").hidden = true;
    this.text.focus();
    this.text.setSelectionRange(before.length, before.length);
  }
}
customElements.define("comment-field", CommentField);
