/* The buttons of the selection's bar, for what is selected: some of the table of keys, and one for all the others. */
import { icon, isSo, offered } from "./picture-table.js";

const IN_BAR = ["favorite", "reject", "tag", "collect", "uncollect", "export", "compare", "approve", "trash"];

export function barButtons(acts, target) {
  const marks = acts.marks(target.ids);
  const shown = offered(acts.may, target.count, marks).filter((act) => IN_BAR.includes(act.id));
  const more = button(acts, { id: "more", say: "More", icon: "ellipsis" }, () => document.querySelector("picture-menu").openAt(more, target));
  more.setAttribute("aria-haspopup", "menu");
  return [...shown.map((act) => button(acts, labeled(act, marks), () => acts.run(act))), more];
}

function labeled(act, marks) {
  if (act.id !== "trash") return act;
  return isSo(act, marks) ? { ...act, id: "restore", say: act.other, icon: "undo-2" } : { ...act, short: "Trash" };
}

function button(acts, { id, say, short = say.split(" ")[0], icon: name }, does) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: `btn bulk__${id}${id === "trash" ? " btn--danger" : ""}`, title: say });
  made.append(icon(acts.dataset.icons, name), Object.assign(document.createElement("span"), { className: "label", textContent: short }));
  made.addEventListener("click", does);
  return made;
}
