// What the server does now, and how it has been for five minutes.

import * as api from "./api.js";
import { chart, spark } from "./chart.js";
import { colorOf } from "./colors.js";
import { empty, h, show, skeleton } from "./dom.js";
import { bytes, clock, count, rate, seconds } from "./format.js";
import { poll } from "./poll.js";

const SPAN = 300_000;

export function overview(root) {
  const tiles = h("div", { class: "grid tiles" }, Array.from({ length: 5 }, () => skeleton(132)));
  const lines = chart({ series: [], height: 220, x: clock, y: rate, label: "Tokens a second", domain: [Date.now() - SPAN, Date.now()] });
  const flow = h("section", { class: "card", "aria-labelledby": "flow" }, h("div", { class: "card-head" }, h("h2", { id: "flow" }, "Tokens a second")), lines.root);
  const batch = h("section", { class: "card", "aria-labelledby": "batch" });
  const latency = h("section", { class: "card", "aria-labelledby": "latency" });
  const memory = h("section", { class: "card", "aria-labelledby": "memory" });
  root.append(tiles, flow, batch, h("div", { class: "grid two" }, latency, memory));
  for (const place of [batch, latency, memory]) {
    show(place, skeleton(120));
  }

  let by = "module";
  let last = null;
  const draw = stats => {
    last = stats;
    show(tiles, tilesOf(stats));
    lines.update(flowOf(stats));
    show(batch, batchOf(stats, by, choice => { by = choice; draw(last); }));
    show(latency, latencyOf(stats.latency));
    show(memory, memoryOf(stats.memory));
  };
  const asking = poll(async signal => draw(await api.get("/admin/stats", signal)), error => {
    if (last === null && !error.isUnreachable) {
      show(tiles, empty("No numbers yet", error.message));
    }
  }, 2000);
  return { stop: asking.stop, refresh: asking.now };
}

function tile(label, value, unit, note, more) {
  return h("div", { class: "card tile" }, h("div", { class: "label" }, label), h("div", { class: "value" }, value, unit && h("small", {}, unit)), h("div", { class: "note" }, note), more);
}

function tilesOf({ engine, latency, memory, history }) {
  // Three looks: one alone would jump.
  const recent = history.slice(-3);
  const mean = pick => recent.length === 0 ? 0 : recent.reduce((sum, p) => sum + pick(p), 0) / recent.length;
  const all = p => p.prompt_tokens_per_second + p.answer_tokens_per_second;
  return [
    tile("Throughput", rate(mean(all)), "tokens/s", `${rate(mean(p => p.answer_tokens_per_second))} of answers`, spark(history.map(all), "var(--c0)")),
    tile("Running", count(engine.running), `of ${count(engine.max_running)}`, "in the batch", spark(history.map(p => p.running), "var(--c2)")),
    tile("Queue", count(engine.waiting), `of ${count(engine.max_queue)}`, engine.preemptions > 0 ? `${count(engine.preemptions)} had to give way` : "waiting", spark(history.map(p => p.waiting), "var(--c1)")),
    latency.first_token
      ? tile("First token", ...split(seconds(latency.first_token.p50)), `90 % within ${seconds(latency.first_token.p90)}`)
      : tile("First token", "–", "", "no answers yet"),
    tile("Memory", ...split(bytes(memory.process)), "of this process", spark(history.map(p => p.process_bytes), "var(--c3)")),
  ];
}

const split = text => text.split(" ");

function flowOf({ at, history, engine }) {
  const end = Date.parse(at);
  const points = pick => history.map(p => [Date.parse(p.at), pick(p)]);
  return {
    domain: [end - SPAN, end],
    label: `Tokens a second over five minutes; ${count(engine.answer_tokens)} of answers and ${count(engine.prompt_tokens)} of prompts since the start`,
    series: [
      { name: "prompts read", color: "var(--c1)", points: points(p => p.prompt_tokens_per_second), width: 1.5 },
      { name: "answers", color: "var(--c0)", points: points(p => p.answer_tokens_per_second), fill: true },
    ],
  };
}

const methodOf = m => m.method ?? (m.module === "base" ? "base model" : "unknown");

function batchOf({ modules }, by, choose) {
  const rateOf = m => m.prompt_tokens_per_second + m.answer_tokens_per_second;
  const groups = [...Map.groupBy(modules, m => by === "module" ? m.module : methodOf(m))].map(([name, of]) => {
    const sum = pick => of.reduce((total, m) => total + pick(m), 0);
    return {
      name, method: methodOf(of[0]), rate: sum(rateOf), running: sum(m => m.running), waiting: sum(m => m.waiting),
      prompt: sum(m => m.prompt_tokens_per_second), answer: sum(m => m.answer_tokens_per_second), total: sum(m => m.prompt_tokens + m.answer_tokens),
    };
  }).sort((a, b) => b.rate - a.rate || b.total - a.total || a.name.localeCompare(b.name));
  const all = groups.reduce((sum, g) => sum + g.rate, 0);
  const choice = kind => h("button", { type: "button", "aria-pressed": String(by === kind), data: { key: `by-${kind}` }, onclick: () => choose(kind) }, kind === "module" ? "Module" : "Method");
  const head = h("div", { class: "card-head" },
    h("div", {}, h("h2", { id: "batch" }, "Batch composition"), h("p", { class: "small muted" }, "Rows of the last half minute, by who answered")),
    h("div", { class: "segments", role: "group", "aria-label": "Group by" }, choice("module"), choice("method")));
  if (groups.length === 0) {
    return [head, h("p", { class: "muted" }, "Nothing was asked yet. Send a request, or try the ", h("a", { href: "#/playground" }, "playground"), ".")];
  }
  const bar = h("div", { class: "stacked", role: "img", "aria-label": all > 0 ? groups.filter(g => g.rate > 0).map(g => `${g.name} ${Math.round((g.rate / all) * 100)} %`).join(", ") : "idle" },
    groups.filter(g => g.rate > 0).map(g => h("span", { title: g.name, style: { width: `${(g.rate / all) * 100}%`, background: colorOf(g.name) } })));
  const cell = (label, value, more = "") => h("td", { class: `number right ${more}`, data: { label } }, value);
  const table = h("table", { class: "wide" },
    h("thead", {}, h("tr", {}, h("th", {}, by === "module" ? "Module" : "Method"), by === "module" && h("th", {}, "Method"), ["Share", "Running", "Waiting", "Prompts, tok/s", "Answers, tok/s", "Tokens in all"].map(t => h("th", { class: "right" }, t)))),
    h("tbody", {}, groups.slice(0, 12).map(g => h("tr", {},
      h("td", { class: by === "module" ? "" : "full" }, h("span", { class: "swatch", style: { background: colorOf(g.name) } }), g.name),
      by === "module" && h("td", { data: { label: "Method" } }, h("span", { class: "chip method" }, g.method)),
      cell("Share", all > 0 ? `${Math.round((g.rate / all) * 100)} %` : "–"), cell("Running", count(g.running)), cell("Waiting", count(g.waiting)),
      cell("Prompts, tok/s", rate(g.prompt)), cell("Answers, tok/s", rate(g.answer)), cell("Tokens in all", count(g.total))))));
  return [head, h("div", { class: "stack" }, bar, all > 0 ? null : h("p", { class: "small muted" }, "Idle: no rows in the last half minute."), table, groups.length > 12 ? h("p", { class: "small muted" }, `and ${groups.length - 12} more`) : null)];
}

function latencyOf(latency) {
  const head = h("div", { class: "card-head" }, h("h2", { id: "latency" }, "Latency"), h("p", { class: "small muted" }, `${count(latency.answers)} answers in five minutes`));
  if (latency.answers === 0) {
    return [head, h("p", { class: "muted" }, "No answer has ended in the last five minutes.")];
  }
  const line = (name, p) => h("tr", {}, h("td", {}, name), ["p50", "p90", "p99"].map(k => h("td", { class: "number right" }, p ? seconds(p[k]) : "–")));
  return [head, h("table", {},
    h("thead", {}, h("tr", {}, h("th", {}, "Time to"), ["p50", "p90", "p99"].map(k => h("th", { class: "right" }, k)))),
    h("tbody", {}, line("first token", latency.first_token), line("each further token", latency.per_token), line("whole answer", latency.answer)))];
}

function memoryOf(memory) {
  const measure = (name, value, share, color, note) => h("div", { class: "measure" },
    h("div", { class: "row" }, h("span", {}, name, note && h("span", { class: "muted" }, ` ${note}`)), h("span", { class: "number" }, value)),
    h("div", { class: "meter" }, h("span", { style: { width: `${Math.min(100, share * 100)}%`, background: color } })));
  const { key_values: kv, adapters } = memory;
  return [
    h("div", { class: "card-head" }, h("h2", { id: "memory" }, "Memory"), h("p", { class: "small muted" }, `process ${bytes(memory.process)}`)),
    h("div", { class: "stack" },
      measure("Base model's files", bytes(memory.model), memory.model / memory.process, "var(--c0)"),
      measure("Keys and values", `${bytes(kv.used)} of ${bytes(kv.most)}`, kv.used / kv.most, "var(--c2)", kv.cached > 0 ? `${bytes(kv.cached)} remembered` : null),
      measure("Modules", `${bytes(adapters.resident)} of ${bytes(adapters.budget)}`, adapters.resident / adapters.budget, "var(--c1)", `${count(adapters.count)} loaded`),
      measure("Objects of .NET", bytes(memory.managed), memory.managed / memory.process, "var(--c7)")),
  ];
}
