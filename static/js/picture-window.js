/* <picture-window data-most="10">: a list of any length that holds a bounded number of tiles. What is far from the screen becomes an
   empty stretch of the same height, and is fetched again by its address when it comes near; so is what comes next. Going back restores what was there. */
import { namesIn, partOf } from "./list-part.js";

const NEAR = "150% 0px"; // how far beyond the screen a stretch is filled
const AGAIN = 4000; // ms

class PictureWindow extends HTMLElement {
  connectedCallback() {
    this.scroller = this.closest(".gallery__scroll");
    this.most = Number(this.dataset.most);
    this.seen = new IntersectionObserver(this.onNear, { root: this.scroller, rootMargin: NEAR });
    this.key = `gallery ${location.pathname}${location.search}`;
    const [navigation] = performance.getEntriesByType("navigation");
    // Only the list that the page came with: a later one was asked for by words.
    if (document.readyState !== "complete" && navigation && navigation.type !== "navigate") this.restore();
    this.watch();
    this.addEventListener("htmx:afterSettle", this.watch);
    document.addEventListener("htmx:beforeSwap", this.onSwap);
    addEventListener("pagehide", this.remember);
    // Just below the way back up, so that it waits until somebody wants it.
    const before = this.querySelector("[data-before]");
    if (before && !this.scroller.scrollTop) this.scroller.scrollTop = before.closest(".more").offsetHeight;
  }

  disconnectedCallback() {
    this.seen.disconnect();
    document.removeEventListener("htmx:beforeSwap", this.onSwap);
    removeEventListener("pagehide", this.remember);
  }

  onSwap = ({ detail }) => {
    if (detail.target === this.scroller) this.remember();
  };

  get stretches() {
    return [...this.querySelectorAll(".stretch")];
  }

  watch = () => {
    for (const each of this.querySelectorAll(".stretch, [data-before], [data-more]")) this.seen.observe(each);
    this.thin();
  };

  onNear = (entries) => {
    for (const { target, isIntersecting } of entries) {
      target.near = isIntersecting;
      if (!isIntersecting) continue;
      if (target.dataset.before) this.onBefore(target);
      else if (target.dataset.more !== undefined) htmx.trigger(target, "click");
      else if (target.dataset.height) this.fill(target);
    }
    this.thin();
  };

  /* Empties the stretches that are farthest away, but none that is near or holds the focus. */
  thin() {
    const full = this.stretches.filter((each) => !each.dataset.height);
    if (full.length <= this.most) return;
    const middle = this.scroller.scrollTop + this.scroller.clientHeight / 2;
    const far = (each) => Math.abs(each.offsetTop + each.offsetHeight / 2 - middle);
    const spare = full.filter((each) => each.dataset.here && !each.near && !each.contains(document.activeElement));
    spare.sort((one, other) => far(other) - far(one));
    for (const each of spare.slice(0, full.length - this.most)) this.empty(each, each.offsetHeight);
  }

  empty(stretch, height, names = namesIn(stretch)) {
    stretch.dataset.height = height;
    stretch.style.blockSize = `${height}px`;
    stretch.dataset.names = names;
    stretch.replaceChildren();
  }

  async fill(stretch) {
    if (stretch.filling) return;
    stretch.filling = true;
    const found = (await partOf(stretch.dataset.here))?.querySelector(".stretch");
    stretch.filling = false;
    if (!found) return this.later(stretch);
    if (!stretch.isConnected) return;
    stretch.replaceChildren(...found.childNodes);
    delete stretch.dataset.height;
    delete stretch.dataset.names;
    stretch.style.blockSize = "";
    this.arrived(stretch);
  }

  /* The stretch before the first one, without moving what is looked at. */
  async onBefore(link) {
    if (link.busy) return;
    link.busy = true;
    const found = await partOf(link.dataset.before);
    const more = link.closest(".more");
    if (!found) this.later(link);
    link.busy = false;
    if (!found || !more) return;
    const { scrollHeight, scrollTop } = this.scroller;
    const last = [...found.querySelectorAll(".grid-day")].at(-1);
    const next = more.nextElementSibling?.querySelector(".grid-day");
    if (last && next?.dataset.key === last.dataset.key) next.remove();
    more.replaceWith(...found.childNodes);
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
    this.arrived(this);
  }

  /* What could not be fetched is asked for again, if it is near then. */
  later(target) {
    setTimeout(() => {
      this.seen.unobserve(target);
      if (target.isConnected) this.seen.observe(target);
    }, AGAIN);
  }

  arrived(element) {
    htmx.process(element);
    this.watch();
    element.dispatchEvent(new CustomEvent("pictures:arrived", { bubbles: true }));
  }

  remember = () => {
    const stretches = this.stretches.map((each) => [each.dataset.here, each.dataset.height || each.offsetHeight, each.dataset.names ?? namesIn(each)]);
    const [before, more] = [".more--before", ".more:not(.more--before)"].map((each) => this.querySelector(each)?.outerHTML ?? "");
    if (stretches.every(([here]) => here)) sessionStorage.setItem(this.key, JSON.stringify({ stretches, before, more, top: this.scroller.scrollTop }));
  };

  restore() {
    const { stretches = [], before, more, top } = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
    const [first] = this.stretches;
    if (!first || stretches.length < 2) return void (this.scroller.scrollTop = top ?? 0);
    for (const way of this.querySelectorAll(".more")) way.remove();
    const every = stretches.map(([here, height, names]) => {
      const stretch = Object.assign(document.createElement("div"), { className: "stretch" });
      stretch.dataset.here = here;
      this.empty(stretch, height, names);
      return stretch;
    });
    first.replaceWith(...every);
    every[0].insertAdjacentHTML("beforebegin", before);
    every.at(-1).insertAdjacentHTML("afterend", more);
    htmx.process(this);
    this.scroller.scrollTop = top;
  }
}
customElements.define("picture-window", PictureWindow);
