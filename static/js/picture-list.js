/* <picture-list data-details="#panel" [data-shows="candidate"]>: pictures that can be walked with the arrows. Enter or a click shows one's details where
   there is a place for them, else the lightbox; Space is always the lightbox; D downloads the original. Every picture is
   a plain link to its page, which is what remains without JavaScript and for a click with Ctrl. */
const REACH = 24; // pictures before the end, more than two rows

class PictureList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.onClick);
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("dragstart", this.onDrag);
    document.addEventListener("click", this.onPanelClick);
    document.addEventListener("keydown", this.onPanelKey);
    document.addEventListener("htmx:afterSettle", this.mark);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.onPanelClick);
    document.removeEventListener("keydown", this.onPanelKey);
    document.removeEventListener("htmx:afterSettle", this.mark);
  }

  get hits() {
    return [...this.querySelectorAll(".tile__hit")].filter((hit) => !hit.closest("[hidden]"));
  }

  /* The names of all pictures, those in stretches that are empty now as well. */
  get names() {
    const each = [...this.querySelectorAll('.tile, [data-names]:not([data-names=""])')].filter((one) => !one.closest("[hidden]"));
    return each.flatMap((one) => one.dataset.names?.split(",") ?? one.id.replace("tile-", ""));
  }

  // A stretch that the list gave up is on its way again: who waits a moment leaves none of it out.
  isGapBetween(...two) {
    const stretches = [...this.querySelectorAll(".stretch")];
    const [from, to] = two.map((hit) => stretches.indexOf(hit.closest(".stretch"))).sort((one, other) => one - other);
    return stretches.slice(from + 1, to).some((each) => each.dataset.height);
  }

  get panel() {
    return this.dataset.details ? document.querySelector(this.dataset.details) : null;
  }

  onClick = (event) => {
    const hit = event.target.closest(".tile__hit");
    if (!hit || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (this.panel && this.shows(hit) && event.detail < 2) this.select(hit);
    else this.large(hit);
  };

  // A picture can be dragged to where one is taken as an input; see <asset-drop>. If it is selected, what is selected comes along, shown or
  // not; see <collect-picker>.
  onDrag = (event) => {
    const tile = event.target.closest?.(".tile");
    if (!tile) return;
    const selection = document.querySelector("picture-selection");
    event.dataTransfer.setData("application/x-atelier-asset", tile.id.replace("tile-", ""));
    if (tile.hasAttribute("data-picked") && selection) event.dataTransfer.setData("application/x-atelier-assets", JSON.stringify(selection.target));
    event.dataTransfer.effectAllowed = "copyLink";
    const shown = tile.querySelector(".tile__img:not(.tile__blur)");
    if (shown) event.dataTransfer.setDragImage(shown, 32, 32);
  };

  onKey = (event) => {
    const hit = event.target.closest(".tile__hit");
    if (!hit || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (next) this.walk(hit, next);
    else if (event.key === " ") event.repeat || this.large(hit);
    else if (event.key === "d" || event.key === "D") hit.closest(".tile").querySelector("[data-download]").click();
    else return;
    event.preventDefault();
  };

  walk(from, step) {
    const { hits } = this;
    const to = typeof step === "number" ? hits[hits.indexOf(from) + step] : this.beyond(hits, from, step);
    const there = to && !this.isGapBetween(from, to) ? to : from;
    there.focus();
    there.scrollIntoView({ block: "nearest" });
    this.wish(there);
  }

  /* Who walks to its end wants the next page of it, which begins below the screen. */
  wish(hit) {
    const { hits } = this;
    const more = this.querySelector(".more a[hx-get]");
    if (more && hits.length - hits.indexOf(hit) <= REACH) htmx.trigger(more, "click");
  }

  // The nearest picture in the next row up or down, whatever the rows look like.
  beyond(hits, from, direction) {
    const here = from.getBoundingClientRect();
    const sign = direction === "up" ? -1 : 1;
    let best = null;
    let least = Infinity;
    for (const hit of hits) {
      const there = hit.getBoundingClientRect();
      const down = (there.top - here.top) * sign;
      if (down < here.height / 2) continue;
      const far = down * 4 + Math.abs(there.left - here.left);
      if (far < least) [best, least] = [hit, far];
    }
    return best;
  }

  /* The address of a picture's details. */
  shows(hit) {
    return hit.dataset[this.dataset.shows ?? "panel"];
  }

  async select(hit) {
    this.selected = hit.closest(".tile").id;
    this.mark();
    await htmx.ajax("GET", this.shows(hit), { source: this, target: this.dataset.details, swap: "outerHTML" });
    hit.scrollIntoView({ block: "nearest" });
  }

  mark = () => {
    for (const tile of this.querySelectorAll(".tile")) tile.toggleAttribute("data-selected", tile.id === this.selected);
  };

  large(hit) {
    document.querySelector("light-box")?.open(hit, this);
  }

  onPanelClick = (event) => {
    if (event.target.closest("[data-close-panel]")) this.closePanel();
    if (event.target.closest("[data-open-lightbox]") && this.selectedHit) this.large(this.selectedHit);
  };

  onPanelKey = (event) => {
    const busy = document.querySelector("dialog[open], :popover-open");
    if (event.key === "Escape" && !busy && this.panel && !this.panel.hidden) this.closePanel();
  };

  get selectedHit() {
    return this.selected ? document.getElementById(this.selected)?.querySelector(".tile__hit") : null;
  }

  closePanel() {
    this.panel.hidden = true;
    this.selectedHit?.focus({ preventScroll: true });
    this.selected = null;
    this.mark();
  }
}
customElements.define("picture-list", PictureList);
