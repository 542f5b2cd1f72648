// Lines over time or steps, drawn as SVG.

import { h, s } from "./dom.js";

const MARGIN = { top: 10, right: 8, bottom: 22, left: 44 };

/**
 * A chart that fits its place. `options`: `series` ([{ name, color, points: [[x, y]], fill, dash, dots, width, axis: "right" }]), `height`,
 * `x` and `y` (format a value), `level` (formats the left axis, where `y` says too much), `right` (formats the right axis, whose values go from 0 to 1), `label` (for those who do not see it),
 * `domain` ([from, to] of x), `legend` (false: none).
 */
export function chart(options) {
  const place = h("div", { class: "chart" });
  const legend = h("div", { class: "legend" });
  const root = h("figure", { class: "stack" }, options.legend === false ? null : legend, place);
  let state = options;

  const draw = at => {
    const width = place.clientWidth;
    if (width > 0) {
      place.replaceChildren(drawing(state, width, at));
      writeLegend(legend, state, at);
    }
  };
  new ResizeObserver(() => draw(null)).observe(place);
  place.addEventListener("pointermove", event => {
    const [from, to] = domainOf(state);
    const box = place.getBoundingClientRect();
    const right = state.right ? 40 : MARGIN.right;
    const share = (event.clientX - box.left - MARGIN.left) / Math.max(1, box.width - MARGIN.left - right);
    draw(share < 0 || share > 1 ? null : from + share * (to - from));
  });
  place.addEventListener("pointerleave", () => draw(null));
  return { root, update(more) { state = { ...state, ...more }; draw(null); } };
}

/** A small line without axes. */
export function spark(values, color) {
  const most = Math.max(1e-9, ...values);
  const points = values.map((v, i) => `${(i / Math.max(1, values.length - 1)) * 100},${27 - (v / most) * 25}`).join(" ");
  return s("svg", { viewBox: "0 0 100 28", width: "100%", height: "28", preserveAspectRatio: "none", "aria-hidden": "true" },
    values.length > 1 && s("polygon", { points: `0,28 ${points} 100,28`, style: { fill: color, opacity: ".14" } }),
    values.length > 1 && s("polyline", { points, fill: "none", "vector-effect": "non-scaling-stroke", "stroke-width": "1.5", style: { stroke: color } }));
}

function domainOf(state) {
  if (state.domain) {
    return state.domain;
  }
  const all = state.series.flatMap(line => line.points.map(p => p[0]));
  return all.length === 0 ? [0, 1] : [Math.min(...all), Math.max(Math.min(...all) + 1, ...all)];
}

function drawing(state, width, at) {
  const { height } = state;
  const margin = { ...MARGIN, right: state.right ? 40 : MARGIN.right };
  const [from, to] = domainOf(state);
  const most = nice(Math.max(0, ...state.series.filter(l => l.axis !== "right").flatMap(l => l.points.map(p => p[1]))));
  const x = value => margin.left + ((value - from) / (to - from)) * (width - margin.left - margin.right);
  const y = (value, axis) => height - margin.bottom - (value / (axis === "right" ? 1 : most)) * (height - margin.top - margin.bottom);
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": state.label });
  for (let i = 0; i <= 4; i++) {
    const level = y((most * i) / 4);
    svg.append(s("line", { class: "gridline", x1: margin.left, x2: width - margin.right, y1: level, y2: level }));
    svg.append(s("text", { x: margin.left - 8, y: level + 4, "text-anchor": "end" }, (state.level ?? state.y)((most * i) / 4)));
    if (state.right) {
      svg.append(s("text", { x: width - margin.right + 8, y: level + 4 }, state.right(i / 4)));
    }
  }
  const marks = width < 480 ? 2 : 5;
  for (let i = 0; i <= marks; i++) {
    const value = from + ((to - from) * i) / marks;
    svg.append(s("text", { x: x(value), y: height - 5, "text-anchor": i === 0 ? "start" : i === marks ? "end" : "middle" }, state.x(value)));
  }
  for (const line of state.series) {
    const points = line.points.map(([px, py]) => `${x(px).toFixed(1)},${y(py, line.axis).toFixed(1)}`);
    if (line.fill && points.length > 1) {
      const base = y(0, line.axis);
      svg.append(s("polygon", { points: `${x(line.points[0][0])},${base} ${points.join(" ")} ${x(line.points.at(-1)[0])},${base}`, style: { fill: line.color, opacity: ".12" } }));
    }
    svg.append(s("polyline", { points: points.join(" "), fill: "none", "stroke-width": line.width ?? 2, "stroke-linejoin": "round", "stroke-dasharray": line.dash ? "5 4" : null, style: { stroke: line.color } }));
    if (line.dots) {
      svg.append(...line.points.map(([px, py]) => s("circle", { cx: x(px), cy: y(py, line.axis), r: 3, style: { fill: line.color } })));
    }
  }
  if (at !== null && at !== undefined) {
    svg.append(s("line", { class: "cursor", x1: x(at), x2: x(at), y1: margin.top, y2: height - margin.bottom }));
  }
  return svg;
}

function writeLegend(legend, state, at) {
  const isAt = at !== null && at !== undefined;
  legend.replaceChildren(
    ...state.series.map(line => {
      const point = isAt ? line.points.reduce((best, p) => !best || Math.abs(p[0] - at) < Math.abs(best[0] - at) ? p : best, null) : line.points.at(-1);
      const format = line.axis === "right" ? state.right : state.y;
      return h("span", {}, h("span", { class: line.dash ? "key dash" : "key", style: { background: line.color, "border-color": line.color } }), `${line.name} `, h("b", {}, point ? format(point[1]) : "–"));
    }),
    isAt ? h("span", {}, state.x(at)) : "");
}

// The least round number that is not below, and whose quarters are round.
function nice(value) {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value);
}
