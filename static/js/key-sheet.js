/* <key-sheet><dialog>…</dialog></key-sheet>: `?` opens the sheet of keys, `/` goes to the prompt, `g` then c, g, s, q, u or m
   changes the page. [data-open-keys] buttons open it as well. What is done with pictures is taken from the table of those keys. */
import { ACTS, SECTIONS, shownKey } from "./picture-table.js";
import { inLightbox, isCovered } from "./picture-turns.js";

const TYPES = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]";

class KeySheet extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick);
    const place = this.querySelector("[data-acts]");
    place?.replaceWith(...SECTIONS.map((name) => this.section(name)));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  section(name) {
    const [section, list] = [document.createElement("section"), document.createElement("dl")];
    for (const act of ACTS.filter((each) => each.section === name)) {
      const [row, what, keys] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
      what.textContent = act.say;
      for (const key of shownKey(act).split(", ")) keys.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      row.append(what, keys);
      list.append(row);
    }
    section.append(Object.assign(document.createElement("h3"), { textContent: name }), list);
    return section;
  }

  onClick = (event) => {
    if (event.target.closest("[data-open-keys]")) this.open();
  };

  onKey = (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.target.matches(TYPES)) return;
    if (isCovered()) return;
    const go = this.going ? document.querySelector(`[data-go="${CSS.escape(event.key)}"]`) : null;
    this.going = event.key === "g" && !inLightbox();
    if (go) go.click();
    else if (event.key === "?") this.open();
    else if (event.key === "/" && !inLightbox()) document.querySelector("[data-prompt], [data-search-key]")?.focus();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  open() {
    const dialog = this.querySelector("dialog");
    if (!dialog.open) dialog.showModal();
  }
}
customElements.define("key-sheet", KeySheet);
