// Every request of the page. The key, where the server asks for one, is kept for this tab only.

const STORED = "skpeft.key";
const hub = new EventTarget();

export class ApiError extends Error {
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Nobody answered at all. */
  get isUnreachable() {
    return this.status === 0;
  }
}

export const hasKey = () => sessionStorage.getItem(STORED) !== null;

export function setKey(key) {
  if (key) {
    sessionStorage.setItem(STORED, key);
  } else {
    sessionStorage.removeItem(STORED);
  }
  hub.dispatchEvent(new Event("key"));
}

/** `locked`: the server wants a key, or another one. `key`: the key was changed. */
export const on = (name, handler) => hub.addEventListener(name, handler);

/** The response, or an ApiError with the server's own words. */
export async function ask(method, path, body, signal) {
  const headers = {};
  const key = sessionStorage.getItem(STORED);
  if (key) {
    headers.Authorization = `Bearer ${key}`;
  }
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store" });
  } catch (error) {
    throw signal?.aborted ? error : new ApiError("The server does not answer.", 0, "unreachable");
  }
  if (!response.ok) {
    const error = (await response.json().catch(() => null))?.error;
    if (response.status === 401 || error?.code === "not_admin") {
      hub.dispatchEvent(new CustomEvent("locked", { detail: key ? error?.message : null }));
    }
    throw new ApiError(error?.message ?? `The server answered with status ${response.status}.`, response.status, error?.code);
  }
  return response;
}

export const get = async (path, signal) => (await ask("GET", path, undefined, signal)).json();

export const send = async (method, path, body = {}) => (await ask(method, path, body)).json();

/** The documents of an answer that streams. */
export async function* events(path, body, signal) {
  const response = await ask("POST", path, body, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let whole = false;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const lines = (rest + piece.value).split("\n");
    rest = lines.pop();
    for (const line of lines.filter(l => l.startsWith("data: "))) {
      const text = line.slice(6);
      if (text === "[DONE]") {
        whole = true;
        continue;
      }
      const event = JSON.parse(text);
      if (event.error) {
        throw new ApiError(event.error.message, response.status, event.error.code);
      }
      yield event;
    }
  }
  if (!whole) {
    throw new ApiError("The answer broke off before its end.", 0, "broken_off");
  }
}
