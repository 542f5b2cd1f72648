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
  const key = sessionStorage.getItem(STORED);
  const headers = headersOf(key, body === undefined ? null : "application/json");
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store" });
  } catch (error) {
    throw signal?.aborted ? error : new ApiError("The server does not answer.", 0, "unreachable");
  }
  if (!response.ok) {
    throw refusal(response.status, await response.json().catch(() => null), key);
  }
  return response;
}

function headersOf(key, type) {
  return { ...(key && { Authorization: `Bearer ${key}` }), ...(type && { "Content-Type": type }) };
}

function refusal(status, body, key) {
  const error = body?.error;
  if (status === 401 || error?.code === "not_admin") {
    hub.dispatchEvent(new CustomEvent("locked", { detail: key ? error?.message : null }));
  }
  return new ApiError(error?.message ?? `The server answered with status ${status}.`, status, error?.code);
}

export const get = async (path, signal) => (await ask("GET", path, undefined, signal)).json();

export const send = async (method, path, body = {}) => (await ask(method, path, body)).json();

/** Sends a file and tells how much of it is sent, 0 to 1: what fetch does not tell. */
export function upload(path, file, type, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const key = sessionStorage.getItem(STORED);
    const request = new XMLHttpRequest();
    request.open("POST", path);
    Object.entries(headersOf(key, type)).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.responseType = "json";
    request.upload.addEventListener("progress", event => onProgress(event.total > 0 ? event.loaded / event.total : 1));
    request.addEventListener("load", () => request.status < 300 ? resolve(request.response) : reject(refusal(request.status, request.response, key)));
    request.addEventListener("error", () => reject(new ApiError("The server broke the upload off, or does not answer. Is the file larger than MaxUploadBytes allows?", 0, "unreachable")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

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
