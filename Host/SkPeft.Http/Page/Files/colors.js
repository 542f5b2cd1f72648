// A colour for every name, the same wherever it is drawn.

const COLORS = 7;
const given = new Map();

export function colorOf(name) {
  if (!given.has(name)) {
    given.set(name, given.size);
  }
  const place = given.get(name);
  return `var(--c${place < COLORS ? place : COLORS})`;
}
