/* <tool-bar role="toolbar">buttons</tool-bar>: one stop for Tab, arrows between the buttons, Home and End for its ends. */
class ToolBar extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("focusin", (event) => this.stop(event.target));
    document.addEventListener("htmx:afterSettle", this.settle);
    this.settle();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.settle);
  }

  get buttons() {
    return [...this.querySelectorAll("button")].filter((button) => button.checkVisibility());
  }

  settle = () => this.stop(this.querySelector('[tabindex="0"]') ?? this.querySelector('[aria-pressed="true"]') ?? this.buttons[0]);

  stop(at) {
    for (const button of this.querySelectorAll("button")) button.tabIndex = button === at ? 0 : -1;
  }

  onKey = (event) => {
    const { buttons } = this;
    const here = buttons.indexOf(event.target);
    const to = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (to === undefined || here < 0) return;
    buttons[(to + buttons.length) % buttons.length].focus();
    event.preventDefault();
  };
}
customElements.define("tool-bar", ToolBar);
