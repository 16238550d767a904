/* <submit-on-change><select></submit-on-change>: a choice is a press of the form's button. */
class SubmitOnChange extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => event.target.form.requestSubmit());
  }
}
customElements.define("submit-on-change", SubmitOnChange);
