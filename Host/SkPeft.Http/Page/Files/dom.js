// Elements without markup: text can never become anything else.

const SVG = "http://www.w3.org/2000/svg";

/** An element. Properties: attributes by name, `on…` handlers, `class`, `style` as an object, `data` as an object. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for drawings. */
export function s(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === "style") {
      for (const [key, text] of Object.entries(value)) {
        element.style.setProperty(key, text);
      }
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false).map(c => c instanceof Node ? c : String(c)));
  return element;
}

/** Puts other content into an element; whoever works with the keyboard stays where they were. */
export function show(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  element.replaceChildren(...children.flat(Infinity).filter(c => c));
  if (key) {
    [...element.querySelectorAll("[data-key]")].find(e => e.dataset.key === key)?.focus({ preventScroll: true });
  }
}

export const skeleton = height => h("div", { class: "skeleton pulse", style: { "min-height": `${height}px` }, "aria-hidden": "true" });

/** What stands where there is nothing to show. */
export const empty = (title, ...text) => h("div", { class: "card empty" }, h("h2", {}, title), h("p", {}, ...text));
