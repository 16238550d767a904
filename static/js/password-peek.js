/* <password-peek><input type="password"><button></password-peek>: shows what was typed while the button is pressed in. */
class PasswordPeek extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const button = this.querySelector("button");
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      input.focus();
    });
  }
}
customElements.define("password-peek", PasswordPeek);
