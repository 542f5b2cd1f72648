// Plugins with their states, and why those that are not loaded are not.

import * as api from "./api.js";
import { empty, h, show, skeleton } from "./dom.js";
import { toast } from "./notice.js";
import { poll } from "./poll.js";

const KINDS = { active: "good", failed: "bad", blocked: "bad" };

export function plugins(root) {
  const list = h("div", { class: "grid plugins" }, skeleton(90), skeleton(90), skeleton(90));
  const summary = h("p", { class: "muted" });
  const filter = h("input", { type: "search", placeholder: "Name or method", "aria-label": "Filter plugins", oninput: () => draw() });
  root.append(h("div", { class: "card-head" }, summary, h("div", { class: "row" }, filter, h("button", { type: "button", onclick: lookAgain, data: { key: "refresh" } }, "Look again"))), list);

  let all = null;
  let drawn = "";
  const draw = () => {
    if (all === null) {
      return;
    }
    const text = JSON.stringify([all, filter.value]);
    if (text !== drawn) {
      drawn = text;
      const broken = all.filter(p => p.reason && p.status !== "active").length;
      summary.textContent = `${all.length} plugin${all.length === 1 ? "" : "s"}, ${broken === 0 ? "all well" : `${broken} not loaded`}`;
      const word = filter.value.trim().toLowerCase();
      const found = all.filter(p => [p.name, ...p.methods.map(m => m.peft_type)].some(t => t.toLowerCase().includes(word)));
      show(list, found.length > 0 ? found.map(p => card(p, reload)) : empty(all.length === 0 ? "No plugins" : "None like that",
        all.length === 0 ? "Put a folder with a plugin's assembly into one of the plugin folders; it is seen at once." : `No plugin has '${filter.value}' in its name or methods.`));
    }
  };
  const take = answer => {
    all = [...answer.plugins].sort((a, b) => (b.status === "failed") - (a.status === "failed") || a.name.localeCompare(b.name) || (b.generation ?? 0) - (a.generation ?? 0));
    draw();
  };
  const asking = poll(async signal => take(await api.get("/admin/plugins", signal)), error => {
    if (all === null && !error.isUnreachable) {
      show(list, empty("No plugins to show", error.message));
    }
  }, 4000);

  async function lookAgain() {
    try {
      take(await api.send("POST", "/admin/plugins/refresh"));
      toast("Looked at the plugin folders");
    } catch (error) {
      toast(error.message, { bad: true });
    }
  }

  async function reload(name) {
    try {
      const loaded = await api.send("POST", `/admin/plugins/${encodeURIComponent(name)}/reload`);
      toast(`${name} was loaded again: generation ${loaded.generation}`);
    } catch (error) {
      toast(error.message, { bad: true });
    }
    asking.now();
  }

  return { stop: asking.stop, refresh: asking.now };
}

function card(plugin, reload) {
  const facts = [
    plugin.version && `version ${plugin.version}`,
    plugin.generation && `generation ${plugin.generation}`,
    plugin.leases > 0 && `${plugin.leases} lease${plugin.leases === 1 ? "" : "s"}`,
    plugin.sha256 && `sha256 ${plugin.sha256.slice(0, 10)}`,
  ].filter(f => f);
  return h("section", { class: plugin.status === "failed" ? "card stack failed" : "card stack", "aria-label": `Plugin ${plugin.name}`, data: { plugin: plugin.name } },
    h("div", { class: "card-head", style: { "margin-bottom": "0" } },
      h("div", { class: "row" }, h("h2", {}, plugin.name), h("span", { class: `pill ${KINDS[plugin.status] ?? "warn"}` }, plugin.status.replaceAll("_", " "))),
      h("button", { type: "button", "aria-label": `Load again: ${plugin.name}`, data: { key: `reload-${plugin.name}-${plugin.generation}` }, onclick: () => reload(plugin.name) }, "Load again")),
    h("p", { class: "small muted" }, facts.join(" · ")),
    plugin.methods.length > 0 && h("ul", { class: "stack small" }, plugin.methods.map(m => h("li", { class: "row" }, h("span", { class: "chip method" }, m.peft_type), h("span", { class: "muted" }, m.description)))),
    plugin.reason && h("p", { class: plugin.status === "active" ? "small muted" : "reason" }, plugin.reason));
}
