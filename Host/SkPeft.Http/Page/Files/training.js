// Training runs and their curves.

import * as api from "./api.js";
import { chart } from "./chart.js";
import { empty, h, show, skeleton } from "./dom.js";
import { ago, count, level, loss, percent } from "./format.js";
import { poll } from "./poll.js";

const KINDS = { finished: "good", running: "wait", stopped: "warn" };

export function training(root, [wanted]) {
  const list = h("nav", { class: "stack", "aria-label": "Runs" });
  const detail = h("section", { class: "card stack", "aria-live": "polite" });
  const layout = h("div", { class: "grid runs" }, list, detail);
  show(root, skeleton(220));

  let chosen = wanted ?? null;
  let drawn = "";
  let curve = null;
  let drawnCurve = "";

  const asking = poll(async signal => {
    const { is_configured, runs } = await api.get("/admin/runs", signal);
    if (runs.length === 0) {
      drawn = "";
      show(root, is_configured ? empty("No runs yet", "A run appears here when ", h("code", {}, "skpeft train … --out FOLDER"), " has begun, with FOLDER in one of the folders that are looked at.")
        : empty("No folder of runs", "Start the server with ", h("code", {}, "--run-folders DIR"), " (or RunFolders in its settings): runs of ", h("code", {}, "skpeft train --out DIR/NAME"), " are shown here with their curves."));
      return;
    }
    const id = runs.some(r => r.id === chosen) ? chosen : runs[0].id;
    const { run, losses, evaluations } = await api.get(`/admin/runs/${encodeURIComponent(id)}`, signal);
    if (!layout.isConnected) {
      show(root, layout);
    }
    const text = JSON.stringify([runs, id]);
    if (text !== drawn) {
      drawn = text;
      show(list, runs.map(r => runLink(r, r.id === id)));
    }
    const content = JSON.stringify([run, losses.length, losses.at(-1), evaluations.length]);
    if (content !== drawnCurve) {
      drawnCurve = content;
      curve = curveOf(losses, evaluations, run);
      show(detail, detailOf(run, evaluations), losses.length > 0 ? curve.root : h("p", { class: "muted" }, run.problem ? "" : "No step was made yet."));
    }
  }, error => {
    if (!drawn && !error.isUnreachable) {
      show(root, empty("No runs to show", error.message));
    }
  }, 3000);
  return {
    stop: asking.stop,
    refresh: asking.now,
    go([id]) {
      chosen = id ?? null;
      asking.now();
    },
  };
}

const stateText = run => run.state === "finished" && run.stopped_early ? "stopped early" : run.state === "stopped" ? "interrupted" : run.state;

function runLink(run, isChosen) {
  const share = run.steps > 0 ? run.done / run.steps : 0;
  return h("a", { class: "run", href: `#/training/${encodeURIComponent(run.id)}`, "aria-current": isChosen ? "true" : null, data: { key: `run-${run.id}` } },
    h("span", { class: "row" }, h("span", { class: "name" }, run.name), h("span", { class: `pill ${run.problem ? "bad" : KINDS[run.state]}` }, run.problem ? "unreadable" : stateText(run))),
    h("span", { class: "meter", "aria-hidden": "true" }, h("span", { style: { width: `${share * 100}%` } })),
    h("span", { class: "row small muted number" }, h("span", {}, `${count(run.done)} of ${count(run.steps)} steps`), h("span", {}, `loss ${loss(run.loss)}`)));
}

function detailOf(run, evaluations) {
  const best = evaluations.reduce((top, e) => e.accuracy !== null && (top === null || e.accuracy > top.accuracy) ? e : top, null);
  const facts = [
    ["Method", run.method ?? "–"], ["Base", run.model ?? "–"], ["Steps", `${count(run.done)} of ${count(run.steps)}`], ["Lines", count(run.lines)], ["Trained numbers", count(run.parameters)],
    ["Loss", loss(run.loss)], run.evaluation && ["Held-out loss", loss(run.evaluation.loss)], run.evaluation?.accuracy !== null && run.evaluation && ["Accuracy", percent(run.evaluation.accuracy)],
    best && ["Best accuracy", `${percent(best.accuracy)} at ${best.step}`], ["Changed", ago(run.changed)],
  ].filter(f => f);
  return [
    h("div", { class: "card-head", style: { "margin-bottom": "0" } }, h("h2", {}, run.name), h("span", { class: `pill ${run.problem ? "bad" : KINDS[run.state]}` }, run.problem ? "unreadable" : stateText(run))),
    run.problem ? h("p", { class: "reason" }, run.problem) : h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
  ];
}

function curveOf(losses, evaluations, run) {
  // The running mean that curve.svg has too: a tenth of every new value.
  let mean = null;
  const smooth = losses.map(l => [l.step, mean = mean === null ? l.loss : mean + 0.1 * (l.loss - mean)]);
  const held = evaluations.filter(e => e.loss !== null).map(e => [e.step, e.loss]);
  const accuracy = evaluations.filter(e => e.accuracy !== null).map(e => [e.step, e.accuracy]);
  return chart({
    height: 300, x: v => `step ${Math.round(v)}`, y: loss, level, right: accuracy.length > 0 ? v => `${Math.round(v * 100)} %` : null,
    domain: [0, Math.max(1, losses.at(-1)?.step ?? 1, ...evaluations.map(e => e.step))],
    label: `Loss of ${run.name} over ${run.done} steps, last ${loss(run.loss)}`,
    series: [
      { name: "loss of a step", color: "color-mix(in srgb, var(--c0) 45%, var(--surface))", points: losses.map(l => [l.step, l.loss]), width: 1 },
      { name: "running mean", color: "var(--c0)", points: smooth },
      ...(held.length > 0 ? [{ name: "held-out loss", color: "var(--c1)", points: held, dots: true }] : []),
      ...(accuracy.length > 0 ? [{ name: "accuracy", color: "var(--c2)", points: accuracy, axis: "right", dash: true, dots: true }] : []),
    ],
  });
}
