/* What can be done with pictures, and the keys for it: the one table that the keys, the menu, the bar, the palette and the sheet of
   keys are made of, so that none of them says what another does not do.

   `does` is a verb of the studio; `undoes` its opposite, for pictures where `is` holds of all of them. `by` names what listens for
   keys that are no verbs. `may` is what the person's role must allow.
   `listed` ones are about a picture in its list, and those without a section have no key here.
   Of what lies in the trash only `binned` ones are offered.
   `inside` ones are about the collection whose page it is; those with `unless` are left out of a menu where that holds of all of them. */
import { collectionHere } from "./collection-page.js";

export const SECTIONS = ["Pictures", "Judge", "Selection", "Look closer"];

export const ACTS = [
  { id: "walk", section: "Pictures", say: "Move between pictures", keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], shown: "Arrows", by: "list" },
  { id: "large", section: "Pictures", say: "Open or close the lightbox", keys: [" ", "Enter"], shown: "Space, Enter", by: "list" },
  { id: "download", section: "Pictures", say: "Download the original", keys: ["d"], by: "list" },
  { id: "menu", section: "Pictures", say: "What can be done with it", keys: ["m", "ContextMenu"], shown: "M", by: "menu" },
  { id: "page", section: "Pictures", say: "Open its page", keys: ["o"], by: "go", icon: "maximize-2", binned: true, one: true },
  { id: "select", section: "Selection", say: "Select", other: "Select no more", keys: ["s"], shown: "S, Ctrl click", by: "selection", is: "picked", icon: "check", binned: true, listed: true },
  { id: "rate", section: "Judge", say: "Rate", keys: ["1", "2", "3", "4", "5"], shown: "1 – 5", does: "rate", value: "key", may: "judge", icon: "star" },
  { id: "clear", section: "Judge", say: "Clear the rating", keys: ["0"], does: "rate", value: "0", may: "judge", icon: "minus" },
  { id: "favorite", section: "Judge", say: "Favorite", other: "Not a favorite any more", keys: ["f"], does: "favorite", undoes: "unfavorite", is: "favorite", may: "look", icon: "heart" },
  { id: "reject", section: "Judge", say: "Reject", other: "Bring back", keys: ["x"], does: "reject", undoes: "unreject", is: "rejected", may: "make", icon: "thumbs-down" },
  { id: "approve", section: "Judge", say: "Approve", other: "Withdraw the approval", keys: ["a"], does: "approve", undoes: "withdraw", is: "approved", may: "judge", icon: "circle-check" },
  { id: "tag", section: "Judge", say: "Tags", keys: ["t"], by: "tags", may: "make", icon: "tag" },
  { id: "collect", section: "Judge", say: "Add to a collection", keys: ["b"], by: "collect", may: "make", icon: "folder-plus" },
  { id: "uncollect", section: "Judge", say: "Remove from this collection", keys: ["B"], shown: "Shift B", does: "uncollect", value: "collection", may: "make", icon: "minus", binned: true, inside: true },
  { id: "first", say: "To the front", keys: ["to-front"], shown: "", by: "order", may: "make", icon: "arrow-left", inside: true, listed: true, one: true },
  { id: "earlier", say: "One place earlier", keys: ["Alt+ArrowLeft"], shown: "Alt ←", by: "order", may: "make", icon: "chevron-left", inside: true, listed: true, one: true },
  { id: "later", say: "One place later", keys: ["Alt+ArrowRight"], shown: "Alt →", by: "order", may: "make", icon: "chevron-right", inside: true, listed: true, one: true },
  { id: "cover", say: "Make it the cover", keys: ["cover"], shown: "", by: "order", may: "make", icon: "image", inside: true, listed: true, one: true },
  { id: "export", section: "Judge", say: "Export", keys: ["e"], by: "send", to: "export", may: "look", icon: "download" },
  { id: "share", section: "Judge", say: "Share by a link", keys: ["l"], by: "send", to: "share", may: "make", icon: "share-2" },
  { id: "show", section: "Judge", say: "Share with the workspace", keys: ["W"], shown: "Shift W", does: "share", unless: "shared", may: "make", icon: "users" },
  { id: "hide", section: "Judge", say: "Make private", keys: ["P"], shown: "Shift P", does: "unshare", unless: "private", may: "make", icon: "lock" },
  { id: "board", section: "Judge", say: "Review board of these", keys: ["r"], by: "send", to: "board", may: "make", icon: "columns-2", several: true },
  { id: "compare", section: "Judge", say: "Compare two to four", keys: ["c"], by: "compare", may: "look", icon: "columns-2", many: true },
  { id: "trash", section: "Judge", say: "Move to the trash", other: "Restore", keys: ["Delete", "Backspace"], shown: "Del", does: "trash", undoes: "restore", is: "trashed", may: "make", icon: "trash-2", binned: true },
  { id: "undo", section: "Judge", say: "Undo what you did last", keys: ["u"], by: "undo", may: "look", icon: "undo-2", binned: true },
  { id: "range", section: "Selection", say: "Select up to here", keys: ["S"], shown: "Shift S, Shift click", by: "selection" },
  { id: "everything", section: "Selection", say: "Select all shown", keys: ["Ctrl+a"], shown: "Ctrl A", by: "selection" },
  { id: "in", section: "Look closer", say: "Zoom in", keys: ["+", "="], shown: "+", by: "zoom" },
  { id: "out", section: "Look closer", say: "Zoom out", keys: ["-"], shown: "-", by: "zoom" },
  { id: "fit", section: "Look closer", say: "All of it, or its own pixels", keys: ["z"], by: "zoom" },
  { id: "flicker", section: "Look closer", say: "Flicker: the next picture", keys: ["v"], by: "compare-view" },
  { id: "nothing", section: "Selection", say: "Clear the selection", keys: ["Escape"], shown: "Esc", by: "selection" },
];

/* The act for a key press; Ctrl counts only where the table has it. */
export function actFor(event) {
  if (event.altKey) return undefined;
  const key = event.ctrlKey || event.metaKey ? `Ctrl+${event.key.toLowerCase()}` : event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
  return ACTS.find((act) => act.keys.includes(key));
}

export function shownKey(act) {
  return act.shown ?? act.keys[0].toUpperCase();
}

/* Those that stand in a menu or a bar, for this many pictures; `marks` of those that are shown. */
export function offered(may, count, marks) {
  const inTrash = isSo({ is: "trashed" }, marks);
  return ACTS.filter((act) => act.icon && !(inTrash && !act.binned) && !(act.inside && !collectionHere()) && may.includes(act.may ?? "look") && !(act.one && count > 1) && !(act.many && (count < 2 || count > 4)) && !(act.several && count < 2));
}

/* Whether it is so already for all of these marks, so that pressing takes it back. */
export function isSo(act, marks) {
  const asked = {
    favorite: (mark) => mark.dataset.favorite !== undefined,
    rejected: (mark) => mark.dataset.decision === "discarded",
    approved: (mark) => mark.dataset.approved !== undefined,
    picked: (mark) => mark.closest(".tile")?.hasAttribute("data-picked"),
    trashed: (mark) => mark.dataset.state === "trashed",
    shared: (mark) => mark.dataset.seen === "workspace",
    private: (mark) => mark.dataset.seen === "private",
  }[act.is];
  return Boolean(asked) && marks.length > 0 && marks.every(asked);
}

export function icon(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#i-${name}`);
  svg.append(use);
  return svg;
}
