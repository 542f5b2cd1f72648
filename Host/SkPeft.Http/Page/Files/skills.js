// Which module answers for which skill, and which version an alias names.

import * as api from "./api.js";
import { empty, h, show, skeleton } from "./dom.js";
import { ago, bytes } from "./format.js";
import { dialog, onEnter, toast } from "./notice.js";
import { poll } from "./poll.js";
import { upload } from "./upload.js";

export function skills(root) {
  const list = h("div", { class: "grid" }, skeleton(180), skeleton(180));
  const summary = h("p", { class: "muted" });
  let names = [];
  root.append(h("div", { class: "card-head" }, summary, h("button", { type: "button", data: { key: "add" }, onclick: () => add(names, asking) }, "Add a module…")), list);
  let drawn = "";
  const asking = poll(async signal => {
    const [{ skills: all }, { modules }] = await Promise.all([api.get("/admin/skills", signal), api.get("/admin/modules", signal)]);
    const earlier = await earlierOf(modules, signal);
    const text = JSON.stringify([all, modules, [...earlier]]);
    if (text !== drawn) {
      drawn = text;
      names = [...new Set(modules.map(m => m.name))];
      summary.textContent = `${counted(all.length, "skill")}, ${counted(names.length, "module")} in ${counted(modules.length, "version")}`;
      show(list, contentOf(all, modules, earlier, asking));
    }
  }, error => {
    if (!drawn && !error.isUnreachable) {
      show(list, empty("No skills to show", error.message));
    }
  }, 4000);
  return { stop: asking.stop, refresh: asking.now };
}

// Where aliases have been: only a module with several versions can go back.
async function earlierOf(modules, signal) {
  const versions = Map.groupBy(modules, m => m.name);
  const asked = modules.filter(m => m.aliases.length > 0 && versions.get(m.name).length > 1).slice(0, 50);
  const details = await Promise.all(asked.map(m => api.get(`/admin/modules/${encodeURIComponent(m.reference)}`, signal)));
  return new Map(details.flatMap(d => d.aliases.map(a => [`${d.module.name}@${a.alias}`, a.earlier])));
}

function contentOf(list, modules, earlier, asking) {
  if (list.length === 0 && modules.length === 0) {
    return empty("No skills and no modules", "Add a module here or with ", h("code", {}, "skpeft adapters add NAME FOLDER"), ", and name it in the settings.");
  }
  const names = [...new Set(modules.map(m => m.name))];
  const namesOf = skill => skill.adapter.split("+").map(part => part.split(/[@#*]/)[0]);
  const used = names.filter(n => list.some(s => namesOf(s).includes(n)));
  const cards = [
    ...used.map(n => moduleCard(n, list.filter(s => namesOf(s).includes(n)), modules.filter(m => m.name === n), earlier, asking)),
    ...list.filter(s => !namesOf(s).some(n => names.includes(n))).map(s => h("section", { class: "card stack" }, skillLine(s))),
  ];
  const others = names.filter(n => !used.includes(n));
  return [
    cards,
    others.length > 0 && h("h2", {}, "Modules without a skill"),
    others.map(n => moduleCard(n, [], modules.filter(m => m.name === n), earlier, asking)),
  ];
}

function skillLine(skill) {
  return h("div", { class: "stack" },
    h("div", { class: "row" },
      h("h2", {}, skill.name),
      skill.is_default && h("span", { class: "chip" }, "default"),
      skill.labels.length > 0 ? skill.labels.map(l => h("span", { class: "chip" }, l)) : h("span", { class: "small muted" }, "generates text")),
    h("p", { class: "route" }, "asks ", h("b", { class: "mono" }, skill.adapter), " → ", skill.resolved ? h("b", { class: "mono", data: { resolved: skill.name } }, skill.resolved) : h("b", {}, "nothing"),
      skill.functions.length > 0 && ` · functions ${skill.functions.join(", ")}`),
    skill.problem && h("p", { class: "reason" }, skill.problem));
}

function moduleCard(name, users, versions, earlier, asking) {
  const newest = [...versions].sort((a, b) => b.version - a.version);
  const aliases = newest.flatMap(v => v.aliases.map(alias => ({ alias, version: v.version }))).sort((a, b) => a.alias.localeCompare(b.alias));
  const preferred = users.flatMap(s => s.adapter.split("+")).filter(part => part.split(/[@#*]/)[0] === name).map(part => /@([^#@*]+)/.exec(part)?.[1]).find(a => a && !/^\d+$/.test(a) && a !== "latest") ?? "prod";
  return h("section", { class: "card stack", "aria-label": `Module ${name}`, data: { module: name } },
    users.length > 0 ? users.map(skillLine) : h("h3", {}, name),
    aliases.map(a => aliasLine(name, a, earlier.get(`${name}@${a.alias}`) ?? [], asking)),
    h("table", { class: "wide versions" },
      h("thead", {}, h("tr", {}, ["Version", "Method", "Size", "Added", "Digest", ""].map(t => h("th", {}, t)))),
      h("tbody", {}, newest.map(v => versionRow(name, v, aliases, preferred, asking)))));
}

function aliasLine(name, { alias, version }, before, asking) {
  const to = before.at(-1);
  return h("div", { class: "alias-line", data: { alias: `${name}@${alias}` } },
    h("span", { class: "chip alias" }, alias), h("span", {}, "→ version ", h("b", {}, version)),
    to !== undefined && h("button", {
      type: "button", data: { key: `back-${name}-${alias}` }, "aria-label": `Roll back to ${to}: ${name}@${alias}`, onclick: () => rollBack(name, alias, asking),
    }, `Roll back to ${to}`));
}

function versionRow(name, v, aliases, preferred, asking) {
  const isPreferred = v.aliases.includes(preferred);
  return h("tr", { data: { reference: v.reference } },
    h("td", { class: "ref" }, `@${v.version} `, v.aliases.map(a => [h("span", { class: "chip alias" }, a), " "])),
    h("td", { data: { label: "Method" } }, h("span", { class: "chip method" }, v.peft_type)),
    h("td", { class: "number", data: { label: "Size" } }, bytes(v.bytes)),
    h("td", { data: { label: "Added" }, title: v.added }, ago(v.added)),
    h("td", { data: { label: "Digest" }, title: v.digest }, h("code", { class: "muted" }, v.digest.slice(0, 10))),
    h("td", {}, h("button", {
      type: "button", class: isPreferred ? "quiet" : null, data: { key: `promote-${v.reference}` }, "aria-label": `Promote ${v.reference}`,
      onclick: () => promote(name, v, aliases, isPreferred ? "" : preferred, asking),
    }, "Promote…")));
}

async function add(names, asking) {
  const answer = await upload(names);
  if (!answer) {
    return;
  }
  const { module, is_new: isNew, left_out: leftOut } = answer;
  const without = leftOut.length > 0 ? `, without ${leftOut.join(", ")}` : "";
  toast(isNew ? `${module.reference} was added${without}` : `${module.reference} is the same content: nothing was added`,
    { action: { label: "Promote…", run: () => promote(module.name, module, [], "prod", asking) } });
  asking.now();
}

async function promote(name, version, aliases, preferred, asking) {
  const alias = await dialog(`Promote ${version.reference}`, close => {
    const input = h("input", {
      value: preferred, list: "known-aliases", spellcheck: "false", autocomplete: "off", autofocus: true, maxlength: 64,
      onkeydown: onEnter(() => input.value.trim() && close(input.value.trim())),
    });
    return h("div", { class: "stack" },
      h("label", { class: "field" }, "Alias", input), h("datalist", { id: "known-aliases" }, aliases.map(a => h("option", { value: a.alias }))),
      h("p", { class: "small muted" }, `New requests for ${name} under this alias get version ${version.version} from now on; running ones keep theirs.`),
      h("div", { class: "actions" },
        h("button", { type: "button", onclick: () => close(null) }, "Cancel"),
        h("button", { type: "button", class: "primary", onclick: () => input.value.trim() && close(input.value.trim()) }, "Promote")));
  });
  if (alias) {
    const flip = await attempt(() => api.send("PUT", `/admin/modules/${encodeURIComponent(name)}/aliases/${encodeURIComponent(alias)}`, { version: version.version }));
    if (flip) {
      toast(flip.from === flip.to ? `${name}@${alias} named version ${flip.to} already` : `${name}@${alias} is version ${flip.to} now`,
        flip.from !== null && flip.from !== flip.to ? { action: { label: "Undo", run: () => rollBack(name, alias, asking) } } : {});
    }
    asking.now();
  }
}

async function rollBack(name, alias, asking) {
  const flip = await attempt(() => api.send("POST", `/admin/modules/${encodeURIComponent(name)}/aliases/${encodeURIComponent(alias)}/rollback`));
  if (flip) {
    toast(`${name}@${alias} is version ${flip.to} again`);
  }
  asking.now();
}

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message, { bad: true });
    return null;
  }
}

const counted = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
