import { listen } from "./live.js";
import { listenToKeys } from "./keys.js";
import { watchLength } from "./length.js";
import { watchWriting } from "./writing.js";
import { toEnd, toLastWords } from "./place.js";
import { applyQueue, hasLine, putLine, refreshQueue, refreshTalk } from "./refresh.js";

const MINUTE = 60000;
const { talk } = document.body.dataset;

// Many events in a moment are one refresh.
function soon(work) {
  let timer = 0;
  let running = false;
  let waitsCalmly = false;
  const run = async () => {
    timer = 0;
    if (running) return void (timer = setTimeout(run, 100));
    running = true;
    try {
      await work();
    } catch (error) {
      console.warn("refresh failed", error);
    } finally {
      running = false;
    }
  };
  // Words that have come with the stream are on the screen; what stands around them may follow in its own time, not for all at once.
  return (calm = false) => {
    if (timer && (calm || !waitsCalmly)) return;
    clearTimeout(timer);
    waitsCalmly = calm;
    timer = setTimeout(run, calm ? 800 + Math.random() * 2700 : 60);
  };
}

const queueSoon = soon(refreshQueue);
const talkSoon = soon(refreshTalk);

function refreshAll() {
  queueSoon();
  if (talk) talkSoon();
}

listen(
  (changed, name) => {
    const calm = name === "message_received" && changed === talk;
    if (name !== "send_changed" && name !== "note_written") queueSoon(calm || name === "message_received");
    if (talk && changed === talk) talkSoon(calm && hasLine());
  },
  refreshAll,
  putLine,
);
listenToKeys();
watchLength();
watchWriting();
toLastWords();
toRefusal();

// Waits and promises grow older also when nothing happens.
setInterval(() => document.visibilityState === "visible" && refreshAll(), MINUTE);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshAll());

document.addEventListener("click", (event) => {
  if (event.target.id === "queue-apply") applyQueue();
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

document.addEventListener("htmx:after:swap", () => {
  if (document.querySelector('.line[data-author="staff"]')) toEnd();
  else toLastWords();
  if (toRefusal()) return;
  const focus = document.activeElement === document.body && !document.querySelector("#alerts .error");
  if (focus) (document.getElementById("reply-text") ?? document.getElementById("talk-title"))?.focus({ preventScroll: true });
});
