// Asks for an API key where the server wants one.

import * as api from "./api.js";
import { h } from "./dom.js";
import { dialog, onEnter } from "./notice.js";

let isOpen = false;

export function startKey(button) {
  button.hidden = !api.hasKey();
  api.on("key", () => { button.hidden = !api.hasKey(); });
  api.on("locked", event => enter(event.detail));
  button.addEventListener("click", () => enter(null));
}

async function enter(problem) {
  if (isOpen) {
    return;
  }
  isOpen = true;
  const key = await dialog("API key", close => {
    const input = h("input", {
      type: "password", autocomplete: "off", spellcheck: "false", "aria-describedby": "key-help", autofocus: true,
      onkeydown: onEnter(() => input.value.trim() && close(input.value.trim())),
    });
    return [
      problem && h("p", { class: "reason" }, problem),
      h("label", { class: "field" }, "Key of an administrator", input),
      h("p", { class: "small muted", id: "key-help" }, "One with \"admin\": true in the server's key file. It stays in this tab and is forgotten when the tab is closed."),
      h("div", { class: "actions" },
        api.hasKey() && h("button", { type: "button", onclick: () => close("") }, "Forget it"),
        h("button", { type: "button", onclick: () => close(null) }, "Cancel"),
        h("button", { type: "button", class: "primary", onclick: () => input.value.trim() && close(input.value.trim()) }, "Use this key")),
    ].filter(e => e).reduce((all, e) => { all.append(e); return all; }, h("div", { class: "stack" }));
  });
  isOpen = false;
  if (key !== null) {
    api.setKey(key);
  }
}
