/* <run-feed id="runs" data-announce="id">: the feed. A run may be handed to the page twice, by the press that made it and by the
   news of it; the second is dropped. A change of state is said once, in one polite place, and never per picture. */
class RunFeed extends HTMLElement {
  connectedCallback() {
    this.states = new Map(this.runs.map((run) => [run.id, run.dataset.state]));
    document.addEventListener("htmx:oobBeforeSwap", this.onArrival);
    document.addEventListener("htmx:afterSettle", this.onChange);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:oobBeforeSwap", this.onArrival);
    document.removeEventListener("htmx:afterSettle", this.onChange);
  }

  get runs() {
    return [...this.querySelectorAll("article.run")];
  }

  onArrival = (event) => {
    if (event.detail.target !== this) return;
    const run = event.detail.fragment.querySelector("article.run");
    if (run && document.getElementById(run.id)) event.detail.shouldSwap = false;
    else document.getElementById("first")?.remove();
  };

  onChange = () => {
    const said = [];
    for (const run of this.runs) {
      const { state } = run.dataset;
      if (this.states.get(run.id) === state) continue;
      this.states.set(run.id, state);
      said.push(`${run.getAttribute("aria-label")}: ${run.querySelector(".run__status").innerText}`);
    }
    if (said.length) document.getElementById(this.dataset.announce).textContent = said.join(". ");
  };
}
customElements.define("run-feed", RunFeed);
