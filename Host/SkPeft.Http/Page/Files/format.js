// Numbers and times for people.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const count = n => n < 100_000 ? whole.format(n) : short.format(n);

export const rate = n => n === 0 ? "0" : n < 0.1 ? "<0.1" : n < 10 ? n.toFixed(1) : count(Math.round(n));

export function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${unit === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)} ${units[unit]}`;
}

export function seconds(s) {
  return s < 0.001 ? `${(s * 1e6).toFixed(0)} µs` : s < 0.01 ? `${(s * 1000).toFixed(1)} ms` : s < 1 ? `${Math.round(s * 1000)} ms` : s < 10 ? `${s.toFixed(2)} s` : `${s.toFixed(1)} s`;
}

export const percent = p => p > 0 && p < 0.001 ? "<0.1\u00a0%" : `${(p * 100).toFixed(1)}\u00a0%`;

export const loss = n => n === null || n === undefined ? "–" : n.toFixed(n < 10 ? 3 : 1);

/** A level of an axis. */
export const level = n => String(Number(n.toPrecision(3)));

export function ago(date) {
  const past = (Date.now() - new Date(date).getTime()) / 1000;
  return past < 5 ? "just now" : past < 90 ? `${Math.round(past)} s ago` : past < 5400 ? `${Math.round(past / 60)} min ago` : past < 129_600 ? `${Math.round(past / 3600)} h ago` : `${Math.round(past / 86_400)} days ago`;
}

export const clock = date => new Date(date).toLocaleTimeString("en-GB");
