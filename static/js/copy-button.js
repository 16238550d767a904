/* <copy-button data-from="id"><button></copy-button>: copies the text of the element named, and says so. */
class CopyButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", async () => {
      const text = document.getElementById(this.dataset.from).textContent.trim();
      try {
        await navigator.clipboard.writeText(text);
        this.say({ text: "Copied.", state: "ok" });
      } catch {
        this.say({ text: "The browser did not allow copying.", note: "Select the text and copy it by hand.", state: "failed" });
      }
    });
  }

  say(detail) {
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  }
}
customElements.define("copy-button", CopyButton);
