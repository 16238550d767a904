/* <prompt-field data-limit="10000" data-counter="id"><textarea data-prompt></prompt-field>: counts characters against the
   image model's limit and posts the form on Ctrl+Enter. The limit follows the model: the counter carries it. */
class PromptField extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.text.addEventListener("input", this.count);
    this.text.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:afterSettle", this.count);
    this.count();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.count);
  }

  onKey = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.text.form.requestSubmit();
    }
  };

  count = () => {
    const counter = document.getElementById(this.dataset.counter);
    if (!counter) return;
    const limit = Number(counter.dataset.limit);
    const used = [...this.text.value.replaceAll("\r\n", "\n")].length;
    const say = `${used.toLocaleString("en-US")} / ${limit.toLocaleString("en-US")}`;
    if (counter.textContent !== say) counter.textContent = say;
    counter.toggleAttribute("data-over", used > limit);
  };
}
customElements.define("prompt-field", PromptField);
