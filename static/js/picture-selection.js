/* <picture-selection>: which pictures of the list are selected, and the bar that says so. The round button, S (in the lightbox as well) or Ctrl and a click select one;
   where something is selected, a finger's tap does too; Shift takes all from the last one on; Ctrl A those that are shown; where the list is a search (data-search), then also all that match,
   shown or not. A grid has one tab stop: the picture that was last looked at. */
import { hasLeft, inLightbox } from "./picture-turns.js";
import { barButtons } from "./selection-bar.js";

class PictureSelection extends HTMLElement {
  connectedCallback() {
    if (!this.list) return;
    this.ids = new Set();
    this.bar = this.querySelector("[role=toolbar]");
    this.gone = new AbortController();
    const { signal } = this.gone;
    document.addEventListener("click", this.onClick, { signal, capture: true });
    document.addEventListener("focusin", ({ target }) => target.closest("picture-list .tile") && this.rove(target.closest(".tile")), { signal });
    document.addEventListener("htmx:beforeSwap", (event) => event.detail.target.matches(".gallery__scroll") && this.press("nothing"), { signal });
    document.addEventListener("htmx:afterSettle", ({ target }) => target.id === "lightbox-content" && this.draw(), { signal });
    document.addEventListener("pictures-changed", () => this.draw(this.ids = new Set([...this.ids].filter((id) => !hasLeft(id)))), { signal });
    this.watch = new MutationObserver(() => { this.soon ??= requestAnimationFrame(() => this.draw()); });
    this.watch.observe(this.list.closest(".gallery") ?? this.list, { childList: true, subtree: true });
    this.draw();
  }

  disconnectedCallback() {
    this.gone?.abort();
    this.watch?.disconnect();
  }

  acts = document.querySelector("picture-acts");

  get list() { return document.querySelector("picture-list"); } // another one after words were looked for

  get tiles() {
    return this.list.hits.map((hit) => hit.closest(".tile"));
  }

  /* What the list is a search for, as the address has it. What merely looks like a picture is no search. */
  get search() {
    const isSearch = document.querySelector("picture-window") && !new URLSearchParams(location.search).has("like");
    return this.list.dataset.search ?? (isSearch ? location.search.slice(1) : undefined);
  }

  get count() {
    return this.ids?.size ?? 0;
  }

  get target() {
    const ids = [...this.ids];
    return this.all === undefined ? { ids, count: ids.length } : { ids, count: Infinity, search: this.all };
  }

  onClick = (event) => {
    const tile = event.target.closest?.("picture-list .tile");
    if (event.target.closest?.("[data-clear]")) this.press("nothing");
    else if (event.target.closest?.("[data-pick-large]")) this.press("select");
    else if (event.target.closest?.("[data-everything]")) this.everything();
    else if (tile && event.target.closest("[data-pick]")) this.pick(tile, event.shiftKey);
    else if (tile && event.target.closest(".tile__hit") && (event.ctrlKey || event.metaKey || event.shiftKey || (this.count && event.pointerType === "touch"))) {
      event.preventDefault();
      event.stopPropagation();
      if (this.pick(tile, event.shiftKey)) tile.querySelector(".tile__hit").focus();
    }
  };

  /* One of the table's keys; whether there was anything to do. */
  press(what) {
    const large = inLightbox();
    if (large) return ["select", "range"].includes(what) && this.pickLarge(document.getElementById(`tile-${large}`), what); // Esc closes it first
    const tile = document.activeElement?.closest?.("picture-list .tile");
    if (what === "everything" && this.list) this.tiles.forEach((each) => this.ids.add(this.id(each)));
    else if (what === "nothing" && this.count) this.ids.clear();
    else if (tile && (what === "select" || what === "range")) return this.pick(tile, what === "range");
    else return false;
    this.all = undefined;
    this.draw();
    return true;
  }

  /* The first press takes what is shown, the second what matches. */
  everything() {
    const { search } = this;
    if (search === undefined || this.tiles.some((tile) => !this.ids.has(this.id(tile)))) return this.press("everything");
    this.all = search;
    this.draw();
    return true;
  }

  id(tile) { return tile.id.replace("tile-", ""); }

  pick(tile, range) {
    const [{ names }, name] = [this.list, this.id(tile)];
    const [from, to] = [names.indexOf(this.anchor), names.indexOf(name)];
    const picked = range && from >= 0 ? names.slice(Math.min(from, to), Math.max(from, to) + 1) : [name];
    const on = range || !this.ids.has(name);
    for (const each of picked) this.ids[on ? "add" : "delete"](each);
    if (!range) this.anchor = name;
    this.all = undefined;
    this.draw();
    return true;
  }

  /* The grid lies behind the lightbox, where nobody sees or hears what it says. */
  pickLarge(tile, what) {
    if (!tile || !this.pick(tile, what === "range")) return false;
    const text = `${this.ids.has(this.id(tile)) ? "Selected" : "Selected no more"}. ${this.said} in all.`;
    return document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
  }

  draw() {
    this.soon = undefined;
    const large = inLightbox();
    for (const button of document.querySelectorAll("[data-pick-large]")) button.setAttribute("aria-pressed", String(this.all !== undefined || this.ids.has(large)));
    for (const tile of this.tiles) {
      const on = this.all !== undefined || this.ids.has(this.id(tile));
      tile.toggleAttribute("data-picked", on);
      tile.querySelector("[data-pick]")?.setAttribute("aria-pressed", String(on));
    }
    this.rove(document.activeElement?.closest?.("picture-list .tile") ?? this.current);
    const said = this.all === undefined ? this.count.toLocaleString("en") : "All that match";
    if (said === this.said) return;
    this.said = said;
    this.bar.hidden = !this.count;
    document.body.toggleAttribute("data-picking", !this.bar.hidden);
    this.bar.querySelector("[data-count]").textContent = said;
    const all = this.bar.querySelector("[data-everything]");
    all.textContent = this.search !== undefined && this.tiles.every((tile) => tile.hasAttribute("data-picked")) ? "Select all that match" : "Select all shown";
    all.hidden = this.bar.querySelector(".wide").hidden = this.all !== undefined;
    this.querySelector("[data-say]").textContent = this.count ? `${said} selected.` : "Nothing is selected.";
    this.bar.querySelector("[data-acts]").replaceChildren(...barButtons(this.acts, this.target));
  }

  /* One tab stop for the grid, and the buttons of that picture after it. */
  rove(tile) {
    if (!this.list.querySelector(".grid")) return;
    const { tiles } = this;
    this.current = tiles.includes(tile) ? tile : tiles[0];
    for (const each of tiles)
      for (const stop of each.querySelectorAll("a, button")) stop.tabIndex = each === this.current ? 0 : -1;
  }
}
customElements.define("picture-selection", PictureSelection);
