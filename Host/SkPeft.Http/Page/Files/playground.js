// One input, several skills or versions, side by side.

import * as api from "./api.js";
import { colorOf } from "./colors.js";
import { empty, h, show, skeleton } from "./dom.js";
import { percent, seconds } from "./format.js";

const MOST = 8;

export function playground(root) {
  const ended = new AbortController();
  const input = h("textarea", { rows: 3, placeholder: "One text for all of them", onkeydown: event => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { run(); } } });
  const tokens = h("input", { type: "number", min: 1, max: 4096, value: 48, style: { width: "96px" } });
  const targets = h("div", { class: "grid" }, skeleton(90));
  const go = h("button", { type: "button", class: "primary", onclick: () => run() }, "Ask");
  const hint = h("span", { class: "small muted" }, "Ctrl + Enter");
  const results = h("div", { class: "grid answers", "aria-live": "polite" });
  root.append(
    h("section", { class: "card stack", "aria-label": "Question" },
      h("label", { class: "field" }, "Input", input), targets,
      h("div", { class: "card-head", style: { "margin-bottom": "0" } },
        h("div", { class: "row" }, go, hint),
        h("label", { class: "row small" }, "Most tokens of generated text", tokens))),
    results);

  let running = null;
  let choices = [];
  load();
  return { stop: () => ended.abort(), refresh: load };

  async function load() {
    try {
      const [{ data }, { skills }] = await Promise.all([api.get("/v1/models", ended.signal), api.get("/admin/skills", ended.signal)]);
      choices = choicesOf(data, skills);
      const checked = [...targets.querySelectorAll("input:checked")].map(e => e.value);
      show(targets, choices.length === 0 ? empty("Nothing to ask", "There is no skill, no module, and the base model is not served.") : fieldsOf(choices, new Set(checked.length > 0 ? checked : firstOf(choices))));
      if (results.childElementCount === 0) {
        show(results, h("p", { class: "muted small" }, "Answers stand here side by side, each with its receipt: which module, version and digest produced it."));
      }
    } catch (error) {
      if (!ended.signal.aborted && choices.length === 0) {
        show(targets, h("p", { class: "reason" }, error.message));
      }
    }
  }

  async function run() {
    const chosen = [...targets.querySelectorAll("input:checked")].map(e => choices.find(c => c.id === e.value)).filter(c => c);
    const problem = !input.value.trim() ? "Give an input first." : chosen.length === 0 ? "Choose at least one to ask." : chosen.length > MOST ? `Choose at most ${MOST}.` : null;
    hint.textContent = problem ?? "Ctrl + Enter";
    if (problem) {
      (chosen.length === 0 && input.value.trim() ? targets.querySelector("input") : input)?.focus();
      return;
    }
    running?.abort();
    running = new AbortController();
    const signal = AbortSignal.any([running.signal, ended.signal]);
    const cards = chosen.map(c => answerCard(c));
    show(results, cards.map(c => c.root));
    await Promise.all(cards.map((card, i) => answer(chosen[i], card, signal)));
  }

  async function answer(choice, card, signal) {
    const body = { model: choice.id, messages: [{ role: "user", content: input.value }], stream: true, stream_options: { include_usage: true } };
    if (choice.labels.length === 0) {
      body.max_tokens = Math.max(1, Number(tokens.value) || 48);
    }
    const start = performance.now();
    const seen = { text: "", first: null, receipt: null, usage: null };
    try {
      for await (const event of api.events("/v1/chat/completions", body, signal)) {
        seen.first ??= performance.now() - start;
        seen.text += event.choices[0]?.delta.content ?? "";
        seen.receipt = event.skpeft ?? seen.receipt;
        seen.usage = event.usage ?? seen.usage;
        card.update(seen, null);
      }
      card.update(seen, performance.now() - start);
    } catch (error) {
      if (!signal.aborted) {
        card.fail(error);
      }
    }
  }
}

function choicesOf(models, skills) {
  const skillOf = id => skills.find(s => s.adapter.split(/[@#]/)[0] === id.split("@")[0]);
  const aliases = models.filter(m => m.skpeft.kind === "alias");
  return models.filter(m => m.skpeft.kind !== "alias").map(m => {
    const kind = m.skpeft.kind;
    const skill = kind === "skill" ? skills.find(s => s.name === m.id) : kind === "base" ? null : skillOf(m.id);
    const note = kind === "skill" ? `→ ${m.root ?? "nothing"}` : kind === "base" ? "base model" : aliases.filter(a => a.root === m.id).map(a => a.id.split("@")[1]).join(", ");
    return { id: m.id, kind, root: m.root, note, labels: skill?.labels ?? [], isDefault: kind === "skill" && skill?.is_default === true };
  });
}

// The default skill beside the other versions of its module, or beside another skill.
function firstOf(choices) {
  const skills = choices.filter(c => c.kind === "skill");
  const first = skills.find(c => c.isDefault) ?? skills[0] ?? choices[0];
  const others = choices.filter(c => c.kind === "version" && c.id !== first?.root && c.id.split("@")[0] === first?.root?.split("@")[0]);
  return [first, ...(others.length > 0 ? others.slice(-2) : skills.filter(c => c !== first).slice(0, 1))].filter(c => c).map(c => c.id);
}

function fieldsOf(choices, chosen) {
  const group = (legend, kinds) => {
    const of = choices.filter(c => kinds.includes(c.kind));
    return of.length > 0 && h("fieldset", {}, h("legend", {}, legend), h("div", { class: "targets" }, of.map(c => h("label", {},
      h("input", { type: "checkbox", value: c.id, checked: chosen.has(c.id) }),
      h("span", {}, c.id, c.note && h("span", { class: "muted" }, ` ${c.note}`))))));
  };
  return [group("Skills", ["skill", "base"]), group("Versions", ["version"])];
}

function answerCard(choice) {
  const state = h("span", { class: "pill wait" }, "asking");
  const text = h("p", { class: "text" });
  const bars = h("div", {});
  const receipt = h("div", {});
  const root = h("section", { class: "card answer", "aria-label": `Answer of ${choice.id}`, data: { target: choice.id } }, h("div", { class: "card-head", style: { "margin-bottom": "0" } }, h("h2", {}, choice.id), state), text, bars, receipt);
  return {
    root,
    update(seen, whole) {
      text.textContent = seen.text.trimStart() || (whole === null ? "" : "(an empty answer)");
      if (seen.receipt) {
        text.classList.toggle("label", Boolean(seen.receipt.probabilities));
        show(bars, probabilitiesOf(seen.receipt));
        show(receipt, receiptOf(seen, whole));
      }
      state.className = whole === null ? "pill wait" : "pill good";
      state.textContent = whole === null ? "answering" : seconds(whole / 1000);
    },
    fail(error) {
      state.className = "pill bad";
      state.textContent = "refused";
      show(bars, h("p", { class: "reason" }, error.message));
    },
  };
}

function probabilitiesOf(receipt) {
  const all = Object.entries(receipt.probabilities ?? {}).sort((a, b) => b[1] - a[1]);
  return all.map(([label, p], i) => h("div", { class: i === 0 ? "probability top" : "probability" },
    h("span", {}, label), h("div", { class: "meter", role: "img", "aria-label": `${label} ${percent(p)}` }, h("span", { style: { width: `${p * 100}%` } })), h("span", { class: "number right" }, percent(p))));
}

function receiptOf({ receipt: r, usage, first }, whole) {
  const lines = [
    ["Module", h("span", {}, h("span", { class: "swatch", style: { background: colorOf(r.version ? `${r.adapter}@${r.version}` : r.adapter) } }), r.version ? `${r.adapter}@${r.version}` : r.adapter)],
    r.method && ["Method", h("span", { class: "chip method" }, r.method)],
    r.digest && ["Digest", h("span", { class: "mono", title: r.digest }, r.digest.slice(0, 16))],
    r.skill && ["Skill", r.skill],
    ["Why", r.route],
    r.plugin && ["Plugin", `${r.plugin.name} ${r.plugin.version ?? ""}, generation ${r.plugin.generation}`],
    r.modules.length > 0 && ["Touches", `${r.modules_matched} places of the model`],
    r.seed !== null && r.seed !== undefined && ["Seed", String(r.seed)],
    usage && ["Tokens", `${usage.prompt_tokens} read, ${usage.completion_tokens} written`],
    first !== null && whole !== null && ["Time", `first token ${seconds(first / 1000)}, whole ${seconds(whole / 1000)}`],
    ...r.warnings.map(w => ["Warning", h("span", { class: "warn" }, w)]),
  ].filter(l => l);
  return h("dl", { class: "receipt" }, lines.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
