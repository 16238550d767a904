/* <live-stream data-url="/events/"> around the page: one stream of server-sent events while the tab is visible.

   htmx's sse extension wants one EventSource for good. It is given a stand-in that keeps the listeners, opens a real
   EventSource only while the tab is seen (a browser allows six per host over HTTP/1.1), and, while there is none, sends
   itself every name it was asked for every few seconds: the elements re-get themselves exactly as when they are named. */
const POLL_SECONDS = 4;
const RETRY_SECONDS = 30;

class PatientSource extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.names = new Set();
    this.readyState = EventSource.CONNECTING;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.open()));
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    setInterval(() => this.readyState !== EventSource.OPEN && !document.hidden && this.callEveryone(), POLL_SECONDS * 1000);
    if (!document.hidden) this.open();
  }

  addEventListener(name, listener) {
    super.addEventListener(name, listener);
    if (this.names.has(name)) return;
    this.names.add(name);
    this.real?.addEventListener(name, this.forward);
    // Its first events may have passed while the element was on its way here: a call begins within milliseconds.
    if (this.readyState === EventSource.OPEN) setTimeout(() => this.call(name));
  }

  forward = (event) => this.dispatchEvent(new MessageEvent(event.type, { data: event.data }));

  open() {
    this.rest();
    this.real = new EventSource(this.url);
    this.real.onopen = () => {
      this.readyState = EventSource.OPEN;
      this.callEveryone(); // whatever changed while nobody listened
    };
    this.real.onerror = () => {
      this.readyState = EventSource.CONNECTING;
      // CLOSED: the server said no (too many tabs, signed out); the browser will not try again by itself.
      if (this.real?.readyState === EventSource.CLOSED) this.retry = setTimeout(() => this.open(), RETRY_SECONDS * 1000);
    };
    for (const name of this.names) this.real.addEventListener(name, this.forward);
  }

  rest() {
    clearTimeout(this.retry);
    this.real?.close();
    this.real = null;
    this.readyState = EventSource.CONNECTING;
  }

  call(name) {
    this.dispatchEvent(new MessageEvent(name, { data: "" }));
  }

  callEveryone() {
    for (const name of this.names) this.call(name);
  }

  close() {
    this.rest();
  }
}

class LiveStream extends HTMLElement {
  connectedCallback() {
    this.source ??= new PatientSource(this.dataset.url);
    htmx.createEventSource = () => this.source;
  }
}
customElements.define("live-stream", LiveStream);
