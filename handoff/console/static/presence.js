// Says that this talk is on a screen and that somebody writes in it, and shows who else does. Nobody keeps it; it fades by itself.
const BEAT = 20000;
const QUIET = 8000;
const { base, talk } = document.body.dataset;
const tab = Math.random().toString(36).slice(2);
let writing = false;
let quiet = 0;

function say(doing = writing ? "writing" : "viewing") {
  const body = new URLSearchParams({ csrf_token: document.querySelector("[name=csrf_token]").value, talk, tab, doing });
  // The page may be on its way out; nobody waits for the answer.
  fetch(`${base}/presence`, { method: "POST", headers: { "x-tsunagi-live": "1" }, body, keepalive: true }).catch(() => {});
}

const there = () => document.visibilityState === "visible";

function write(on) {
  clearTimeout(quiet);
  if (on) quiet = setTimeout(() => write(false), QUIET);
  if (on === writing) return;
  writing = on;
  say();
}

export function watchPresence() {
  if (!talk) return;
  if (there()) say();
  setInterval(() => there() && say(), BEAT);
  document.addEventListener("visibilitychange", () => say(there() ? undefined : "gone"));
  addEventListener("pagehide", () => say("gone"));
  document.addEventListener("input", ({ target }) => target.id === "reply-text" && write(target.value.trim() !== ""));
  document.addEventListener("htmx:after:swap", () => document.getElementById("reply-text")?.value || write(false));
}

export function putHere({ talk: id, here }) {
  const places = [document.getElementById(`here-${id}`), id === talk ? document.getElementById("here") : null];
  for (const place of places) if (place && place.textContent !== here) place.textContent = here;
}
