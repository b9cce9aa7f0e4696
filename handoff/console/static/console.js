import { growOlder } from "./age.js";
import { announce, listen } from "./live.js";
import { listenToKeys } from "./keys.js";
import { watchLength } from "./length.js";
import { watchWriting } from "./writing.js";
import { toEnd, toLastWords } from "./place.js";
import { putHere, watchPresence } from "./presence.js";
import { applyQueue, putLine, putRow, refreshQueue, refreshTalk, takeLineNews, takeRowNews } from "./refresh.js";

const MINUTE = 60000;
const { talk } = document.body.dataset;

const NOW = { least: 60, most: 60, rest: 0 };
// What thirty screens ask for after one event must not be asked in one moment: somebody else's words are on their way.
const SPREAD = { least: 60, most: 700, rest: 0 };
// What may follow in its own time. The longer the server took last, the longer it is left in peace.
const CALM = { least: 800, most: 3500, rest: 20 };

// Many events in a moment are one refresh, and the most urgent of them says when.
function soon(work) {
  let timer = 0;
  let due = Infinity;
  let running = false;
  let took = 0;
  const run = async () => {
    due = Infinity;
    if (running) return plan(100);
    running = true;
    const begun = Date.now();
    try {
      await work();
    } catch (error) {
      console.warn("refresh failed", error);
    } finally {
      took = Date.now() - begun;
      running = false;
    }
  };
  function plan(wait) {
    if (Date.now() + wait >= due) return;
    clearTimeout(timer);
    due = Date.now() + wait;
    timer = setTimeout(run, wait);
  }
  return (pace = NOW) => {
    if (pace !== CALM || due === Infinity) plan(Math.max(pace.least + Math.random() * (pace.most - pace.least), pace.rest * took));
  };
}

const queueSoon = soon(refreshQueue);
const talkSoon = soon(refreshTalk);

function refreshAll(pace) {
  queueSoon(pace);
  if (talk) talkSoon(pace);
}

// Whoever reads may hold the page still (WCAG 2.2.2). New words of the open talk and signs of danger come all the same.
let held = 0;
let paused = false;

function hold() {
  paused = !paused;
  held = 0;
  const button = document.getElementById("pause");
  button.ariaPressed = String(paused);
  showHeld();
  announce(paused ? "一覧の更新を止めました" : "一覧の更新を再開しました");
  if (!paused) refreshAll();
}

function showHeld() {
  const more = held ? `（止めてから${held}件の動き）` : "";
  document.getElementById("pause").textContent = paused ? `更新を再開する${more}` : "更新を止める";
}

const queuePaces = { joins: SPREAD, leaves: CALM, moves: CALM };
const elsewhere = new Set(["send_changed", "note_written"]);

function changed(id, name) {
  const row = takeRowNews();
  if (paused && !name.startsWith("alarm_")) {
    held += 1;
    showHeld();
  } else if (name.startsWith("alarm_")) queueSoon();
  else if (row === null && !elsewhere.has(name)) queueSoon(name === "message_received" ? CALM : SPREAD);
  else if (row) queueSoon(queuePaces[row]);
  if (!talk || id !== talk) return;
  const line = takeLineNews();
  if (line !== "alone") talkSoon(line === null ? NOW : CALM);
}

listen(changed, () => refreshAll(), { line: putLine, row: (row) => paused || putRow(row), here: putHere });
const pause = document.getElementById("pause");
if (pause) pause.hidden = false;
pause?.addEventListener("click", hold);
listenToKeys();
watchLength();
watchWriting();
watchPresence();
toLastWords();
toRefusal();

// What comes back by time alone, such as a talk put off, is asked for now and then.
const moving = () => document.visibilityState === "visible" && !paused;
setInterval(() => moving() && growOlder(), MINUTE);
setInterval(() => moving() && refreshAll(CALM), 5 * MINUTE);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshAll());

document.addEventListener("click", (event) => {
  if (event.target.id !== "queue-apply") return;
  applyQueue();
  queueSoon(CALM);
});

document.addEventListener("htmx:before:request", () => document.getElementById("alerts").replaceChildren());

document.addEventListener("htmx:error", () => {
  const told = document.createElement("p");
  told.className = "notice error";
  told.textContent = "つながらないため、いまの操作ができたか確かめられません。入力した文は残っています。接続を確かめて、もう一度押してください（同じ文が二重に届くことはありません）。";
  document.getElementById("alerts").replaceChildren(told);
});

// A refusal is read first, wherever the page stood; whoever can write again writes on.
function toRefusal() {
  const refused = document.querySelector("#composer > .error, #notes .error");
  if (!refused) return false;
  refused.tabIndex = -1;
  (document.querySelector("#composer > .error ~ #reply textarea") ?? refused).focus();
  refused.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("htmx:after:swap", ({ target }) => {
  // What the page fetches by itself moves nothing: a letter meant as a key must not land in an answer.
  if (target.closest?.("[hx-trigger]")) return;
  if (document.querySelector('.line[data-author="staff"]')) toEnd();
  else toLastWords();
  if (toRefusal()) return;
  const focus = document.activeElement === document.body && !document.querySelector("#alerts .error");
  if (focus) (document.getElementById("reply-text") ?? document.getElementById("talk-title"))?.focus({ preventScroll: true });
});
