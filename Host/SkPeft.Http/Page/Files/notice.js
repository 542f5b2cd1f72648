// What the page says in between: passing words, questions, and trouble.

import { h } from "./dom.js";

/** Passing words; `action` is `{ label, run }` for a button. */
export function toast(text, { bad = false, action = null } = {}) {
  const element = h("div", { class: bad ? "toast bad" : "toast" }, h("span", {}, text));
  if (action) {
    element.append(h("button", { type: "button", onclick: () => { element.remove(); action.run(); } }, action.label));
  }
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), bad ? 12_000 : 8_000);
}

/** A modal dialog. `build(close)` gives its content; closing gives the value that was passed, or null. */
export function dialog(title, build) {
  return new Promise(resolve => {
    let result = null;
    const id = `dialog-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    const element = h("dialog", { "aria-labelledby": id });
    const close = value => { result = value; element.close(); };
    element.append(h("div", { class: "stack" }, h("h2", { id }, title), build(close)));
    element.addEventListener("close", () => { element.remove(); resolve(result); });
    document.body.append(element);
    element.showModal();
  });
}

/** Enter in a field. Without preventDefault the button that gets the focus back would be pressed by the same key. */
export const onEnter = action => event => {
  if (event.key === "Enter") {
    event.preventDefault();
    action();
  }
};

/** A line above the page that stays until it is taken back with null. */
export function trouble(text, { bad = true, action = null } = {}) {
  const place = document.getElementById("trouble");
  if ((text ?? "") === (place.dataset.text ?? "")) {
    return;
  }
  place.dataset.text = text ?? "";
  place.replaceChildren();
  if (text) {
    place.append(h("div", { class: bad ? "notice bad" : "notice warn" }, h("span", {}, text), action && h("button", { type: "button", onclick: action.run }, action.label)));
  }
}
