/* <live-search><form hx-get><input name="q">: a search that is answered while one types. What changes nothing asks for nothing.
   What was shown before one began to type is one step back; each further answer takes the place of the last in the
   history, until Enter or until one goes elsewhere. */
class LiveSearch extends HTMLElement {
  connectedCallback() {
    this.asked = this.words;
    this.addEventListener("focusout", this.rest);
    this.addEventListener("submit", this.onEnter);
    this.addEventListener("htmx:confirm", this.onAsk);
    this.addEventListener("htmx:configRequest", this.onConfig);
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) this.addEventListener(name, this.onFailure);
    document.body.addEventListener("htmx:beforeHistoryUpdate", this.onHistory);
  }

  disconnectedCallback() {
    document.body.removeEventListener("htmx:beforeHistoryUpdate", this.onHistory);
  }

  get words() {
    return this.querySelector("[name=q]").value.trim().replace(/\s+/g, " ");
  }

  rest = () => {
    this.isTyping = false;
  };

  // The form has asked already, if there was anything to ask.
  onEnter = () => {
    this.isEntered = Boolean(this.querySelector("form.htmx-request"));
    if (!this.isEntered) this.rest();
  };

  onAsk = (event) => {
    if (this.words === this.asked) event.preventDefault();
    else this.asked = this.words;
  };

  onConfig = ({ detail: { parameters } }) => {
    if (this.words) parameters.q = this.words;
    else delete parameters.q;
  };

  // The same words may be asked for again.
  onFailure = () => {
    this.asked = null;
  };

  onHistory = ({ detail: { requestConfig, history } }) => {
    if (!this.contains(requestConfig.elt)) return;
    if (this.isTyping) history.type = "replace";
    this.isTyping = !this.isEntered && this.contains(document.activeElement);
    this.isEntered = false;
  };
}
customElements.define("live-search", LiveSearch);
