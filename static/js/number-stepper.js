/* <number-stepper><button data-step="-1"><input type="number"><button data-step="1"></number-stepper>: the real input posts;
   the buttons are a bonus for pointer and touch and are shown only with JavaScript. */
class NumberStepper extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      if (button) this.step(Number(button.dataset.step));
    });
    this.addEventListener("input", this.mark);
    document.addEventListener("htmx:afterSettle", this.mark);
    this.mark();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.mark);
  }

  get input() {
    return this.querySelector("input");
  }

  step(by) {
    const { min, max, value } = this.input;
    const next = Math.min(Number(max), Math.max(Number(min), (Number(value) || Number(min)) + by));
    if (String(next) === value) return;
    this.input.value = next;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  mark = () => {
    const value = Number(this.input.value);
    for (const button of this.querySelectorAll("[data-step]")) {
      const end = Number(button.dataset.step) < 0 ? this.input.min : this.input.max;
      button.setAttribute("aria-disabled", String(value === Number(end)));
    }
  };
}
customElements.define("number-stepper", NumberStepper);
