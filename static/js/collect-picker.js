/* <collect-picker data-url="/collections/pick/" data-undo="/act/undo/"><dialog id="collect">: puts pictures into a collection. B on a picture opens
   it for that one or for all that are selected; the event "collect" {assets: [...]} opens it for those; and pictures dropped
   on anything with data-collect="/collections/ID/add/" go there at once, from this window or another. The server may answer with a question. */
const PICTURE = "application/x-atelier-asset"; // set by <picture-list>
const PICTURES = "application/x-atelier-assets"; // likewise, of one that is selected: {ids} or {search}

class CollectPicker extends HTMLElement {
  connectedCallback() {
    this.gone = new AbortController();
    const { signal } = this.gone;
    this.dialog = this.querySelector("dialog");
    const at = { keydown: this.onKey, dragover: this.onOver, dragleave: this.onLeave, drop: this.onDrop };
    for (const [name, does] of Object.entries(at)) document.addEventListener(name, does, { signal });
    document.addEventListener("collect", ({ detail }) => this.open(detail.assets, detail.search), { signal });
    document.addEventListener("collected", () => this.dialog.close(), { signal });
    document.addEventListener("htmx:afterSwap", this.onSwap, { signal });
    document.addEventListener("undo", this.onUndo, { signal });
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  onKey = (event) => {
    // Where pictures can be acted on, <picture-acts> knows the key and what is selected.
    if (document.querySelector("picture-acts")) return;
    if (event.key.toLowerCase() !== "b" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const assets = this.meant(event.target);
    if (!assets.length) return;
    event.preventDefault();
    this.open(assets);
  };

  // What is looked at in the lightbox; else every selected picture, if the one in focus is among them or none is.
  meant(from) {
    const large = document.querySelector("dialog[open] [data-asset]");
    if (large) return [large.dataset.asset];
    const tile = from.closest?.(".tile");
    const chosen = [...document.querySelectorAll(".tile[data-picked]")];
    const tiles = tile && !chosen.includes(tile) ? [tile] : chosen;
    return tiles.map((each) => each.id.replace("tile-", ""));
  }

  // By POST: ten thousand names would not fit an address. With a search it is about all that match.
  async open(assets, search) {
    if (!assets.length && search === undefined) return;
    await this.post(this.dataset.url, assets, search);
    this.show();
  }

  post(url, assets, search) {
    const named = search === undefined ? { assets: assets.join(",") } : { all: "1", search };
    const values = { ...named, csrfmiddlewaretoken: this.token };
    return htmx.ajax("POST", url, { target: "#collect-body", swap: "innerHTML", values });
  }

  get token() {
    return this.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  // htmx takes its forms over a moment after they came, and somebody with keys may be quicker.
  show() {
    htmx.process(this.dialog);
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.querySelector("collect-rows")?.begin();
  }

  place(event) {
    const brings = [...(event.dataTransfer?.types ?? [])].includes(PICTURE);
    return brings ? event.target.closest?.("[data-collect]") : null;
  }

  onOver = (event) => {
    const place = this.place(event);
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    place.toggleAttribute("data-over", true);
  };

  onLeave = (event) => {
    const place = event.target.closest?.("[data-collect]");
    if (place && !place.contains(event.relatedTarget)) place.toggleAttribute("data-over", false);
  };

  onDrop = (event) => {
    const place = this.place(event);
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    place.toggleAttribute("data-over", false);
    const many = event.dataTransfer.getData(PICTURES);
    const { ids, search } = many ? JSON.parse(many) : { ids: [event.dataTransfer.getData(PICTURE)] };
    this.post(place.dataset.collect, ids, search);
  };

  // Where pictures can be acted on, <picture-acts> takes things back.
  onUndo = () => {
    if (document.querySelector("picture-acts")) return;
    const values = { csrfmiddlewaretoken: this.token };
    htmx.ajax("POST", this.dataset.undo, { target: "#doings", swap: "beforeend", select: ".doing", values });
  };

  // A question from the server, after a drop, needs its dialog.
  onSwap = (event) => {
    if (event.detail.target?.id === "collect-body") this.show();
  };
}
customElements.define("collect-picker", CollectPicker);
