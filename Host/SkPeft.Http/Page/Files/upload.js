// Adds a version of a module: a zip of a folder as HF PEFT saves it.

import * as api from "./api.js";
import { h } from "./dom.js";
import { bytes, percent } from "./format.js";
import { dialog, onEnter } from "./notice.js";

/** Asks for name and file and sends them; gives the server's answer, or null where nothing was added. */
export async function upload(names) {
  const leaving = new AbortController();
  const added = await dialog("Add a module", close => form(names, close, leaving.signal));
  leaving.abort();
  return added;
}

function form(names, close, signal) {
  const file = h("input", { type: "file", accept: ".zip,application/zip", autofocus: true, "aria-describedby": "upload-help", onchange: chosen });
  const name = h("input", {
    list: "known-modules", spellcheck: "false", autocomplete: "off", maxlength: 64, onkeydown: onEnter(send),
  });
  const reason = h("p", { class: "reason", role: "alert", hidden: true });
  const said = h("span", {});
  const share = h("span", { class: "number" });
  const filled = h("span", { style: { width: "0%" } });
  const meter = h("div", { class: "meter", role: "progressbar", "aria-label": "Upload", "aria-valuemin": 0, "aria-valuemax": 100 }, filled);
  const progress = h("div", { class: "measure", hidden: true }, h("div", { class: "row" }, said, share), meter);
  const add = h("button", { type: "button", class: "primary", onclick: send }, "Add");
  let isSending = false;

  // A file's name is the name that most people want.
  function chosen() {
    const given = file.files[0]?.name.replace(/\.zip$/i, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 64);
    if (given && !name.value.trim()) {
      name.value = given;
    }
    fail(null);
  }

  function fail(text) {
    reason.textContent = text ?? "";
    reason.hidden = !text;
  }

  function sent(part) {
    said.textContent = part < 1 ? `Sending ${bytes(file.files[0].size)}` : "The server unpacks it and loads it once";
    share.textContent = part < 1 ? percent(part) : "";
    filled.style.setProperty("width", `${part * 100}%`);
    meter.setAttribute("aria-valuenow", Math.round(part * 100));
  }

  function busy(is) {
    isSending = is;
    progress.hidden = !is;
    add.disabled = file.disabled = name.disabled = is;
  }

  async function send() {
    const missing = !file.files[0] ? [file, "Choose a zip first."] : !name.value.trim() ? [name, "Give the module a name first."] : null;
    if (missing || isSending) {
      fail(missing?.[1]);
      missing?.[0].focus();
      return;
    }
    fail(null);
    busy(true);
    sent(0);
    try {
      close(await api.upload(`/admin/modules/${encodeURIComponent(name.value.trim())}`, file.files[0], "application/zip", sent, signal));
    } catch (error) {
      busy(false);
      fail(error.message);
      add.focus();
    }
  }

  return h("div", { class: "stack" },
    h("label", { class: "field" }, "Zip of the adapter's folder", file),
    h("p", { class: "small muted", id: "upload-help" }, h("code", {}, "adapter_config.json"), " and ", h("code", {}, "adapter_model.safetensors"), ", as HF PEFT saves them. It is loaded once: what does not fit this model is not kept."),
    h("label", { class: "field" }, "Name", name), h("datalist", { id: "known-modules" }, names.map(n => h("option", { value: n }))),
    progress, reason,
    h("div", { class: "actions" }, h("button", { type: "button", onclick: () => close(null) }, "Cancel"), add));
}
