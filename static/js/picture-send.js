/* Goes on to a page with some pictures, or with all that a search matches. By POST: ten thousand names would not fit an address. */
function hidden(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

export function send(form, action, { ids, search }) {
  const sent = form.cloneNode(true);
  sent.action = action;
  sent.elements.do.remove();
  sent.append(hidden("in_workspace", document.body.dataset.workspace), ...(search === undefined ? [hidden("assets", ids.join(","))] : [hidden("all", "1"), hidden("search", search)]));
  document.body.append(sent);
  sent.submit();
  return true;
}

export function compare(address, { ids }) {
  const said = { text: "Select two to four pictures to compare.", state: "unknown" };
  if (ids.length < 2 || ids.length > 4) document.dispatchEvent(new CustomEvent("toast", { detail: said }));
  else location.assign(`${address}?pictures=${ids.join(",")}`);
  return true;
}
