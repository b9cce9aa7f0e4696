import { listen } from "./live.js";
import { listenToKeys } from "./keys.js";
import { applyQueue, refreshQueue, refreshTalk } from "./refresh.js";

const { talk } = document.body.dataset;

// Many events in a moment are one refresh.
function soon(work) {
  let timer = 0;
  let running = false;
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
  return () => (timer ||= setTimeout(run, 60));
}

const queueSoon = soon(refreshQueue);
const talkSoon = soon(refreshTalk);

function toEnd() {
  const log = document.getElementById("log");
  if (log) log.scrollTop = log.scrollHeight;
}

// Whoever opens a talk wants to read first what the resident wrote last.
function toLastWords() {
  const last = [...document.querySelectorAll('.line[data-author="resident"]')].at(-1);
  if (last) document.getElementById("log").scrollTop = last.offsetTop - 16;
}

listen(
  (changed, name) => {
    if (name !== "send_changed" && name !== "note_written") queueSoon();
    if (talk && changed === talk) talkSoon();
  },
  () => {
    queueSoon();
    if (talk) talkSoon();
  },
);
listenToKeys();
toLastWords();

document.addEventListener("click", (event) => {
  if (event.target.id === "queue-apply") applyQueue();
});

document.addEventListener("htmx:after:swap", () => {
  toEnd();
  if (!document.querySelector('.line[data-author="staff"]')) toLastWords();
  const refused = document.querySelector("#composer .error, #notes .error, #alerts .error");
  if (refused) document.querySelector("#composer .error ~ #reply textarea, #notes .error")?.focus();
  else if (document.activeElement === document.body) (document.getElementById("reply-text") ?? document.getElementById("talk-title"))?.focus();
});
