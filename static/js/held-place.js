/* <held-place> around a long list that scrolls in .gallery__scroll: what is looked at stays where it is while tiles change their size, a window its width, or what
   lies above its height. Not at the top: there what is new comes into sight. */
const REST = 100; // milliseconds after which one is there

class HeldPlace extends HTMLElement {
  connectedCallback() {
    this.scroller = this.closest(".gallery__scroll");
    this.scroller.addEventListener("scroll", this.onScroll);
    this.sizes = new ResizeObserver(this.keep);
    this.sizes.observe(this);
  }

  disconnectedCallback() {
    this.scroller.removeEventListener("scroll", this.onScroll);
    this.sizes.disconnect();
    clearTimeout(this.soon);
  }

  onScroll = () => {
    if (this.scroller.scrollTop === this.put) return;
    this.tile = this.put = null;
    clearTimeout(this.soon);
    this.soon = setTimeout(this.hold, REST);
  };

  top(tile) {
    return tile.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
  }

  hold = () => {
    const tiles = this.scroller.scrollTop ? [...this.querySelectorAll(".tile")] : [];
    this.tile = tiles.find((tile) => this.top(tile) >= 0);
    this.was = this.tile && this.top(this.tile);
  };

  keep = () => {
    if (!this.tile) return;
    if (!this.tile.offsetParent) return void this.hold();
    const moved = this.top(this.tile) - this.was;
    if (Math.abs(moved) < 1) return;
    this.scroller.scrollTop += moved;
    this.put = this.scroller.scrollTop;
  };
}
customElements.define("held-place", HeldPlace);
