/* <live-stream data-url="/events/"> around the page: one stream of server-sent events while the tab is visible.

   htmx's sse extension wants one EventSource for good. It is given a stand-in that keeps the listeners, opens a real
   EventSource only while the tab is seen (a browser allows six per host over HTTP/1.1), and, while there is none, sends
   itself every name it was asked for every few seconds: the elements re-get themselves exactly as when they are named.

   What shows the sum of many things asks for a name with a pace: sse:jobs@2s is told at once, then after ever longer
   pauses of up to two seconds for as long as more comes. The last event is always told: htmx's own throttle drops it. */
const POLL_SECONDS = 4;
const RETRY_SECONDS = 30;
const FIRST_PAUSE = 0.25; // seconds

const plain = (name) => name.split("@")[0];
const isOfPictures = (name) => plain(name) === "pictures";

class PatientSource extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.names = new Set();
    this.heard = new WeakMap(); // by element, what listens for it
    this.pauses = new Map(); // by name, while one lasts: whether something came meanwhile
    this.isNew = !document.hidden;
    document.addEventListener("htmx:afterProcessNode", ({ target }) => this.prepare(target));
    this.readyState = EventSource.CONNECTING;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.open()));
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    setInterval(() => this.readyState !== EventSource.OPEN && !document.hidden && this.callEveryone(), POLL_SECONDS * 1000);
    if (!document.hidden) this.open();
  }

  /* The extension listens once more for an element that was morphed, and would make it ask as often as it was. */
  prepare(element) {
    this.element = element;
    queueMicrotask(() => { this.element = null; });
  }

  addEventListener(name, listener) {
    if (this.element) {
      const before = this.heard.get(this.element) ?? {};
      if (before[name]) super.removeEventListener(name, before[name]);
      this.heard.set(this.element, { ...before, [name]: listener });
    }
    super.addEventListener(name, listener);
    if (this.names.has(name)) return;
    this.names.add(name);
    this.real?.addEventListener(plain(name), this.forward);
    // Its first events may have passed while the element was on its way here: a call begins within milliseconds.
    if (this.readyState === EventSource.OPEN && !isOfPictures(name)) setTimeout(() => this.call(name));
  }

  forward = (event) => {
    for (const name of this.names) if (plain(name) === event.type) this.pace(name);
  };

  /* `pause`: how long the one was that has just ended. */
  pace(name, pause = 0) {
    const longest = parseFloat(name.split("@")[1] ?? 0);
    if (this.pauses.has(name)) return void this.pauses.set(name, true);
    this.call(name);
    if (!longest) return;
    const next = Math.min(longest, pause * 2 || FIRST_PAUSE);
    this.pauses.set(name, false);
    setTimeout(() => {
      const again = this.pauses.get(name);
      this.pauses.delete(name);
      if (again) this.pace(name, next);
    }, next * 1000);
  }

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
    for (const name of new Set([...this.names].map(plain))) this.real.addEventListener(name, this.forward);
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
    // Pictures are as they were when the page was made, a moment ago; asking for them once more would only take time.
    for (const name of this.names) if (!this.isNew || !isOfPictures(name)) this.call(name);
    this.isNew = false;
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
