/* <light-box><dialog id="lightbox">: one picture of a list, large. Arrows and a finger turn, Space and Esc close, D downloads. The list may grow
   while one looks: near its end the next page is asked for. In a field all of these are for the text, and Esc leaves the field. */
const FILM_REACH = 6;
const TYPES = "input, textarea, select, [contenteditable]";

class LightBox extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.dialog.addEventListener("keydown", this.onKey);
    this.dialog.addEventListener("click", this.onClick);
    this.dialog.addEventListener("close", () => this.hit?.focus());
    this.dialog.addEventListener("htmx:beforeSwap", this.onSwap);
    document.addEventListener("swiped", this.onSwipe);
  }

  disconnectedCallback() {
    document.removeEventListener("swiped", this.onSwipe);
  }

  // Who turns quickly sees the last one only.
  onSwap = ({ detail }) => {
    if (detail.target.id === "lightbox-content" && detail.requestConfig.path !== this.asked) detail.shouldSwap = false;
  };

  get hits() {
    return this.list.hits;
  }

  // By name: a card that gets itself anew while one looks may bring another element for the same picture.
  get hit() {
    return document.getElementById(this.shown);
  }

  async open(hit, list) {
    this.list = list;
    if (!this.dialog.open) this.dialog.showModal();
    await this.show(hit);
  }

  async show(hit) {
    this.shown = hit.id;
    // The list goes along: it holds what is near to where it was scrolled, and gives up the rest.
    hit.scrollIntoView({ block: "nearest" });
    // The small picture at once, the large one when it is here: turning pages never shows an empty stage.
    const stage = this.dialog.querySelector(".lightbox__stage img");
    const small = hit.closest(".tile").querySelector(".tile__img:not(.tile__blur)");
    if (stage && small) stage.src = small.currentSrc || small.src;
    // It is asked for by the box itself: another's question would take its place in the page's queue.
    this.asked = hit.dataset.lightbox;
    await htmx.ajax("GET", this.asked, { source: this, target: "#lightbox-content", swap: "outerHTML" });
    if (this.shown !== hit.id) return;
    this.dialog.setAttribute("aria-label", this.dialog.querySelector("strong")?.textContent ?? "Picture");
    this.film();
    this.list.wish(hit);
  }

  turn(by) {
    const { hit, hits } = this;
    const next = hit && hits[hits.indexOf(hit) + by];
    if (next && !this.list.isGapBetween(hit, next)) this.show(next);
  }

  film() {
    const { hits } = this;
    const here = hits.indexOf(this.hit);
    const near = hits.slice(Math.max(0, here - FILM_REACH), here + FILM_REACH + 1);
    const frames = near.filter((hit) => hit.closest(".tile").querySelector("img")).map((hit) => this.frame(hit));
    this.dialog.querySelector("[data-film]").replaceChildren(...frames);
    for (const button of this.dialog.querySelectorAll("[data-turn]")) button.hidden = !hits[here + Number(button.dataset.turn)];
  }

  frame(hit) {
    const frame = document.createElement("button");
    frame.type = "button";
    frame.className = "film";
    frame.setAttribute("aria-label", hit.textContent.trim());
    if (hit.id === this.shown) frame.setAttribute("aria-current", "true");
    const small = [...hit.closest(".tile").querySelectorAll("img")].at(-1);
    const img = document.createElement("img");
    img.src = small.currentSrc || small.src;
    img.alt = "";
    frame.append(img);
    frame.addEventListener("click", () => this.show(hit));
    return frame;
  }

  onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.closest(TYPES);
    if (isTyping && event.key !== "Escape") return;
    const onButton = event.target.closest("button, a, summary") && !event.target.closest("close-button");
    if (isTyping) this.dialog.querySelector("zoom-view").focus({ preventScroll: true });
    else if (event.key === "ArrowLeft") this.turn(-1);
    else if (event.key === "ArrowRight") this.turn(1);
    else if (event.key === " " && !onButton) event.repeat || this.dialog.close();
    else if (event.key === "d" || event.key === "D") this.dialog.querySelector("[data-download]")?.click();
    else return;
    event.preventDefault();
  };

  onSwipe = ({ detail }) => {
    if (this.dialog.open) this.turn(detail);
  };

  onClick = (event) => {
    const turn = event.target.closest("[data-turn]");
    if (turn) this.turn(Number(turn.dataset.turn));
    const info = event.target.closest("[data-toggle-info]");
    if (info) info.setAttribute("aria-expanded", String(this.dialog.toggleAttribute("data-info")));
  };
}
customElements.define("light-box", LightBox);
