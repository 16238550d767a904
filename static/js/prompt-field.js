/* <prompt-field data-counter="id"><textarea data-prompt></prompt-field>: counts characters against the image model's limit,
   posts the form on Ctrl+Enter, and marks a refused prompt. What follows the model or an answer, the counter carries.
   While a press is on its way the form takes no second one, so that a double click is one run; a press with another
   prompt is not a double click and follows when the first was answered. */
class PromptField extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.form = this.text.form;
    this.text.addEventListener("input", this.count);
    this.text.addEventListener("keydown", this.onKey);
    this.form.addEventListener("submit", this.onSubmit);
    this.form.addEventListener("htmx:beforeSend", this.onSend);
    this.form.addEventListener("htmx:afterRequest", this.onAnswer);
    document.addEventListener("htmx:afterSettle", this.count);
    this.count();
  }

  disconnectedCallback() {
    this.form.removeEventListener("submit", this.onSubmit);
    this.form.removeEventListener("htmx:beforeSend", this.onSend);
    this.form.removeEventListener("htmx:afterRequest", this.onAnswer);
    document.removeEventListener("htmx:afterSettle", this.count);
  }

  onKey = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  };

  onSubmit = () => {
    if (this.sent !== undefined && this.sent !== this.text.value) this.waiting = true;
  };

  onSend = (event) => {
    if (event.target === this.form) this.sent = this.text.value;
  };

  onAnswer = (event) => {
    if (event.target !== this.form) return;
    this.sent = undefined;
    if (this.waiting) setTimeout(() => this.form.requestSubmit()); // htmx lets go of the form right after this event
    this.waiting = false;
  };

  count = () => {
    const counter = document.getElementById(this.dataset.counter);
    if (!counter) return;
    const limit = Number(counter.dataset.limit);
    const used = [...this.text.value.replaceAll("\r\n", "\n")].length;
    const say = `${used.toLocaleString("en-US")} / ${limit.toLocaleString("en-US")}`;
    if (counter.textContent !== say) counter.textContent = say;
    counter.toggleAttribute("data-over", used > limit);
    this.text.setAttribute("aria-invalid", counter.hasAttribute("data-invalid"));
  };
}
customElements.define("prompt-field", PromptField);
