/* <elapsed-time data-since="epoch seconds" data-usual="seconds"><b><span><progress></elapsed-time>: how long a call has run
   against how long it usually takes. The server renders the first words; this only keeps them true. */
class ElapsedTime extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(this.tick, 500);
    document.addEventListener("htmx:afterSettle", this.tick);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("htmx:afterSettle", this.tick);
  }

  words(seconds) {
    return seconds < 60 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  }

  tick = () => {
    const usual = Number(this.dataset.usual);
    const gone = Math.max(0, Date.now() / 1000 - Number(this.dataset.since));
    const left = Math.ceil(usual - gone);
    const words = this.querySelector("[data-left]");
    const bar = this.querySelector("progress");
    const sofar = this.querySelector("[data-gone]");
    if (sofar) sofar.textContent = this.words(gone) + (usual ? ", " : "");
    if (words && usual) words.textContent = left > 0 ? `about ${left} s left` : "longer than usual";
    if (bar && usual) bar.value = Math.min(0.96, gone / usual);
  };
}
customElements.define("elapsed-time", ElapsedTime);
