// Asks again and again while the page is looked at.

/**
 * Calls `step(signal)` now and then every `pause` milliseconds; `failed(error)` hears of what it throws.
 * Returns `{ stop, now }`.
 */
export function poll(step, failed, pause) {
  const ended = new AbortController();
  let timer = 0;
  let busy = false;

  async function run() {
    clearTimeout(timer);
    if (busy || ended.signal.aborted) {
      return;
    }
    busy = true;
    try {
      await step(ended.signal);
    } catch (error) {
      if (!ended.signal.aborted) {
        failed(error);
      }
    }
    busy = false;
    if (!ended.signal.aborted && !document.hidden) {
      timer = setTimeout(run, pause);
    }
  }

  document.addEventListener("visibilitychange", () => document.hidden || run(), { signal: ended.signal });
  run();
  return {
    now: run,
    stop() {
      ended.abort();
      clearTimeout(timer);
    },
  };
}
