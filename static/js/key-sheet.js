/* <key-sheet><dialog>…</dialog></key-sheet>: `?` opens the sheet of keys, `/` goes to the prompt, `g` then c, g, s, q, u or m
   changes the page. [data-open-keys] buttons open it as well. */
class KeySheet extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  onClick = (event) => {
    if (event.target.closest("[data-open-keys]")) this.open();
  };

  onKey = (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const busy = document.querySelector("dialog[open]");
    const go = this.going ? document.querySelector(`[data-go="${CSS.escape(event.key)}"]`) : null;
    this.going = event.key === "g" && !busy;
    if (go) go.click();
    else if (event.key === "?" && !busy) this.open();
    else if (event.key === "/" && !busy) document.querySelector("[data-prompt], [data-search-key]")?.focus();
    else return;
    event.preventDefault();
  };

  open() {
    const dialog = this.querySelector("dialog");
    if (!dialog.open) dialog.showModal();
  }
}
customElements.define("key-sheet", KeySheet);
