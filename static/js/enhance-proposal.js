/* <enhance-proposal><span data-text></span> with [data-accept], [data-undo], [data-dismiss]: puts a proposed text into the
   prompt when the person says so, and back again. */
class EnhanceProposal extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.onClick);
  }

  onClick = (event) => {
    const button = event.target.closest("button");
    if (button?.hasAttribute("data-accept")) this.accept();
    else if (button?.hasAttribute("data-undo")) this.put(this.before, false);
    else if (button?.hasAttribute("data-dismiss")) {
      this.replaceChildren();
      document.querySelector("[data-prompt]").focus();
    }
  };

  accept() {
    this.before = document.querySelector("[data-prompt]").value;
    this.put(this.querySelector("[data-text]").textContent, true);
  }

  put(text, accepted) {
    const prompt = document.querySelector("[data-prompt]");
    prompt.value = text;
    prompt.dispatchEvent(new Event("input", { bubbles: true }));
    this.querySelector("[data-accept]").hidden = accepted;
    this.querySelector("[data-undo]").hidden = !accepted;
    this.querySelector(accepted ? "[data-undo]" : "[data-accept]").focus();
  }
}
customElements.define("enhance-proposal", EnhanceProposal);
