/* <tab-title data-url="/runs/moving/">: how many runs are under way, in the title of the tab: "(3) Create · Atelier".

   The count on the page follows the stream, which rests while the tab is hidden, and that is when somebody reads the
   title. So as long as runs are under way a hidden tab asks by itself, seldom. */
const HIDDEN_SECONDS = 20;

class TabTitle extends HTMLElement {
  connectedCallback() {
    this.plain ??= document.title;
    document.addEventListener("htmx:afterSettle", this.read);
    document.addEventListener("visibilitychange", this.rest);
    this.read();
    this.rest();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.read);
    document.removeEventListener("visibilitychange", this.rest);
    clearInterval(this.timer);
  }

  get count() {
    return Number(document.querySelector("[data-moving]")?.dataset.moving ?? 0);
  }

  read = () => this.show(this.count);

  show(count) {
    this.shown = count;
    document.title = count ? `(${count}) ${this.plain}` : this.plain;
  }

  rest = () => {
    clearInterval(this.timer);
    if (document.hidden) this.timer = setInterval(() => this.ask(), HIDDEN_SECONDS * 1000);
    else this.read();
  };

  async ask() {
    if (!this.shown) return;
    try {
      const answer = await fetch(this.dataset.url, { redirect: "error", headers: { "X-Workspace": document.body.dataset.workspace } });
      if (answer.ok && document.hidden) this.show(Number(await answer.text()) || 0);
    } catch { /* the studio is away; the next question may be answered */ }
  }
}
customElements.define("tab-title", TabTitle);
