/* <pin-layer><a data-x data-y>: pins over the picture of the <zoom-view> around it, each a fraction from its left and its top. They keep their
   size whatever the zoom. `ghost` shows where a new one would be. */
class PinLayer extends HTMLElement {
  connectedCallback() {
    this.view = this.closest("zoom-view");
    this.sized = new ResizeObserver(this.draw);
    this.sized.observe(this.view ?? this);
    this.view?.addEventListener("looked", this.draw);
    this.draw();
  }

  disconnectedCallback() {
    this.sized.disconnect();
    this.view?.removeEventListener("looked", this.draw);
  }

  ghost(x, y) {
    this.querySelector(".pin--new")?.remove();
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    const pin = Object.assign(document.createElement("span"), { className: "pin pin--new", textContent: "+" });
    Object.assign(pin.dataset, { x, y });
    this.append(pin);
    this.draw();
  }

  draw = () => {
    for (const pin of this.querySelectorAll(".pin")) {
      const { left, top } = this.view?.place(Number(pin.dataset.x), Number(pin.dataset.y)) ?? {};
      if (left === undefined) return;
      pin.style.left = `${left}px`;
      pin.style.top = `${top}px`;
    }
  };
}
customElements.define("pin-layer", PinLayer);
