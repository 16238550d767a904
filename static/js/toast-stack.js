/* <toast-stack>: short notices at the corner. The server sends one with `HX-Trigger: {"toast": {"text", "note", "state"}}`;
   a failed request makes one too, so that a press never ends in silence. */
const TOAST_ICONS = { ok: "check", failed: "circle-alert", unknown: "triangle-alert" };
const TOAST_SECONDS = 8;
const MOST_TOASTS = 3;

class ToastStack extends HTMLElement {
  connectedCallback() {
    this.addEventListener("focusin", this.onFocus);
    document.addEventListener("toast", this.onToast);
    document.addEventListener("htmx:sendError", this.onSendError);
    document.addEventListener("htmx:responseError", this.onResponseError);
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this.onToast);
    document.removeEventListener("htmx:sendError", this.onSendError);
    document.removeEventListener("htmx:responseError", this.onResponseError);
  }

  // Who presses something here goes on where they were.
  onFocus = ({ relatedTarget }) => {
    if (!this.contains(relatedTarget)) this.from = relatedTarget;
  };

  away(toast) {
    const isHere = toast.contains(document.activeElement);
    toast.remove();
    if (isHere) this.from?.focus({ preventScroll: true });
  }

  onToast = (event) => this.show(event.detail);

  onSendError = (event) => {
    if (this.isBackground(event)) return;
    this.show({ text: "The studio did not answer.", note: "Press again; the same run is never sent twice.", state: "failed" });
  };

  onResponseError = (event) => {
    const { xhr } = event.detail;
    const { status } = xhr;
    const isTold = xhr.getResponseHeader("HX-Trigger")?.includes("toast"); // the answer says what was wrong
    if (status === 422 || isTold || this.isBackground(event)) return;
    const gone = status === 404;
    this.show({
      text: gone ? "This is not here any more." : "That did not work.",
      note: gone ? "Reload the page to see what is." : "Try again in a moment.",
      state: "failed",
    });
  };

  // What no one asked for by hand (live refreshes, quotes, drafts) fails quietly and is tried again.
  isBackground(event) {
    return Boolean(event.detail.elt?.matches("[data-quiet]"));
  }

  // A modal dialog covers the page, and lets nothing outside of itself be pressed.
  stand() {
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    const host = dialog ?? document.body;
    if (this.parentElement !== host) host.append(this);
    dialog?.addEventListener("close", () => document.body.append(this), { once: true });
  }

  show({ text, note = "", state = "ok", undo = false }) {
    this.stand();
    const toast = this.querySelector("template").content.firstElementChild.cloneNode(true);
    toast.dataset.state = state;
    const use = toast.querySelector("use");
    use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#i-${TOAST_ICONS[state] ?? "info"}`);
    toast.querySelector("strong").textContent = text;
    toast.querySelector("span").textContent = note;
    toast.querySelector("[data-dismiss]").addEventListener("click", () => this.away(toast));
    const back = toast.querySelector("[data-undo]");
    back.hidden = !undo;
    // Undo takes back what was done last, so it stands beside that alone.
    if (undo) for (const each of this.querySelectorAll(".toast:has([data-undo]:not([hidden]))")) each.remove();
    back.addEventListener("click", () => {
      this.away(toast);
      document.dispatchEvent(new CustomEvent("undo"));
    });
    while (this.children.length > MOST_TOASTS) this.querySelector(".toast").remove();
    this.append(toast);
    if (state === "ok") setTimeout(() => this.away(toast), TOAST_SECONDS * 1000);
  }
}
customElements.define("toast-stack", ToastStack);
