// Starts the page: which view is shown, and how the server is.

import * as api from "./api.js";
import { startKey } from "./key.js";
import { trouble } from "./notice.js";
import { poll } from "./poll.js";
import { startTheme } from "./theme.js";
import { clock } from "./format.js";
import { overview } from "./overview.js";
import { playground } from "./playground.js";
import { plugins } from "./plugins.js";
import { skills } from "./skills.js";
import { training } from "./training.js";

const VIEWS = {
  overview: ["Overview", overview],
  skills: ["Skills", skills],
  plugins: ["Plugins", plugins],
  playground: ["Playground", playground],
  training: ["Training", training],
};

const main = document.getElementById("main");
let view = null;
let shown = null;
let seen = null;

function route(isFirst) {
  const [name, ...rest] = location.hash.replace(/^#\//, "").split("/").map(decodeURIComponent);
  const known = Object.hasOwn(VIEWS, name) ? name : "overview";
  if (shown === known) {
    view.go?.(rest);
    return;
  }
  view?.stop();
  shown = known;
  const [title, open] = VIEWS[known];
  document.getElementById("title").textContent = title;
  document.title = `${title} · SkPeft`;
  for (const link of document.querySelectorAll(".tabs a")) {
    if (link.hash === `#/${known}`) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  main.classList.remove("stale");
  main.replaceChildren();
  view = open(main, rest);
  if (!isFirst) {
    document.getElementById("title").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function pill(kind, text, model = "") {
  const state = document.getElementById("state");
  state.className = `pill ${kind}`;
  state.textContent = text;
  document.getElementById("model").textContent = model;
}

async function look(signal) {
  const status = await api.get("/admin/status", signal);
  const isBack = main.classList.contains("stale");
  seen = new Date();
  main.classList.remove("stale");
  if (status.problem) {
    pill("bad", "Failed");
    trouble(`The model could not be opened. ${status.problem}`);
  } else if (status.draining) {
    pill("warn", "Stopping", status.model ?? "");
    trouble(`The server is stopping: it takes no new requests, and ${status.running} still run.`, { bad: false });
  } else if (!status.ready) {
    pill("wait", "Opening");
    trouble("The model is being opened; numbers come with its first token.", { bad: false });
  } else {
    pill("good", "Ready", status.model);
    trouble(status.reload_problem ? `The changed settings are not all in force. ${status.reload_problem}` : null);
  }
  if (isBack) {
    view.refresh?.();
  }
}

function fail(error) {
  if (error.isUnreachable) {
    main.classList.toggle("stale", seen !== null);
    pill("bad", "Unreachable");
    trouble(seen ? `The server does not answer. What is shown is from ${clock(seen)}.` : "The server does not answer.", { action: { label: "Try again", run: () => watch.now() } });
  } else if (error.status === 401 || error.code === "not_admin") {
    pill("warn", "Locked");
    trouble("This server asks for an administrator's key.", { bad: false, action: { label: "Enter a key", run: () => document.getElementById("key").click() } });
  } else {
    pill("bad", "Error");
    trouble(error.message);
  }
}

startTheme(document.getElementById("theme"));
startKey(document.getElementById("key"));
document.getElementById("skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => route(false));
const watch = poll(look, fail, 2000);
api.on("key", () => {
  trouble(null);
  watch.now();
  view.refresh?.();
});
route(true);
