/* <pick-list>: a list of radios in a popover. A choice by pointer closes it (not with data-stay); [data-filter] narrows it by
   name; [data-pick="id"] presses another radio. The radios are real, so arrows, forms and screen readers know them. */
class PickList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const pick = event.target.closest("[data-pick]");
      if (pick) document.getElementById(pick.dataset.pick)?.click();
      // Also when it was the choice before: a press means "this one". Who walks with the arrows stays in the list.
      const chosen = event.target.matches("[type=radio]") && this.pressed && !this.hasAttribute("data-stay");
      if (pick || chosen) this.close();
    });
    // What is chosen is in sight when the list opens.
    this.closest("[popover]")?.addEventListener("toggle", (event) => {
      if (event.newState === "open") this.querySelector(":checked")?.closest("label").scrollIntoView({ block: "nearest" });
    });
    this.addEventListener("pointerdown", () => { this.pressed = true; });
    this.addEventListener("keydown", (event) => {
      this.pressed = false;
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault(); // Enter in a list means "this one", not "generate"
        if (!event.target.matches("[data-filter]")) this.close();
      }
    });
    this.addEventListener("input", (event) => {
      if (!event.target.matches("[data-filter]")) return;
      event.stopPropagation();
      this.narrow(event.target.value.trim().toLowerCase());
    });
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-filter]")) event.stopPropagation(); // nobody else's business
    });
  }

  close() {
    this.closest("[popover]")?.hidePopover();
  }

  narrow(words) {
    for (const pick of this.querySelectorAll("[data-name]")) pick.hidden = !pick.dataset.name.includes(words);
    for (const group of this.querySelectorAll("fieldset")) group.hidden = !group.querySelector("[data-name]:not([hidden])");
  }
}
customElements.define("pick-list", PickList);
