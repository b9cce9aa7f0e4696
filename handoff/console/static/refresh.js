// Brings fresh parts of the page in without taking anything from under the hand: no row moves, no draft and no focus is lost.
import { announce } from "./live.js";

const { base, talk, view } = document.body.dataset;
const byId = (id) => document.getElementById(id);

export async function load(path) {
  const response = await fetch(base + path, { headers: { "x-tsunagi-live": "1" } });
  if (!response.ok) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function put(old, fresh) {
  if (!old || !fresh || old.outerHTML === fresh.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const node = document.importNode(fresh, true);
  old.replaceWith(node);
  window.htmx.process(node);
  if (focused) byId(focused)?.focus();
}

let waitingQueue = null;

export async function refreshQueue() {
  const fresh = await load(`/queue/rows?view=${view}${talk ? `&open_talk=${talk}` : ""}`);
  if (!fresh) return;
  put(document.querySelector(".tabs"), fresh.querySelector(".tabs"));
  const rows = [...fresh.querySelectorAll(".row")];
  const added = rows.filter((row) => !byId(row.id));
  for (const row of rows) put(byId(row.id), row);
  const gone = [...document.querySelectorAll(".row")].filter((row) => !fresh.getElementById(row.id));
  for (const row of gone) row.classList.add("gone");
  for (const row of gone) row.querySelector(".row-state").textContent = "この一覧から外れました";
  waitingQueue = fresh.getElementById("queue");
  const button = byId("queue-apply");
  const words = added.length ? `新着${added.length}件を表示` : "一覧を並べ直す";
  button.hidden = !added.length && !gone.length;
  if (!button.hidden && button.textContent !== words && added.length) announce(`新着${added.length}件`);
  button.textContent = words;
}

export function applyQueue() {
  if (!waitingQueue) return;
  put(byId("queue"), waitingQueue);
  waitingQueue = null;
  document.querySelector("#rows a")?.focus();
}

function mergeLines(fresh) {
  const log = byId("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const added = [];
  for (const line of fresh.querySelectorAll("#lines > li")) {
    const old = byId(line.id);
    if (old) put(old, line);
    else added.push(byId("lines").appendChild(document.importNode(line, true)));
  }
  const heard = added.filter((line) => line.dataset.author === "resident");
  if (heard.length === 1) announce(`住民から：${heard[0].querySelector(".bubble").textContent.trim()}`);
  if (heard.length > 1) announce(`住民から新着${heard.length}件`);
  if (atEnd) log.scrollTop = log.scrollHeight;
  return heard.length;
}

// What the composer carries as seen moves on only when the person could see it; else the server asks to read first.
function moveSeen(fresh) {
  const seen = document.querySelector("#reply [name=last_seen]");
  const next = fresh.querySelector("#reply [name=last_seen]");
  if (seen && next && document.visibilityState === "visible" && document.hasFocus()) seen.value = next.value;
}

export async function refreshTalk() {
  const fresh = await load(`/talks/${talk}/desk`);
  if (!fresh) return;
  put(byId("talk-head"), fresh.getElementById("talk-head"));
  const heard = mergeLines(fresh);
  for (const id of ["facts-live", "notes-list"]) {
    if (!byId(id).contains(document.activeElement)) put(byId(id), fresh.getElementById(id));
  }
  const draft = byId("reply-text");
  if (!draft || (!draft.value && document.activeElement !== draft)) put(byId("composer"), fresh.getElementById("composer"));
  else {
    moveSeen(fresh);
    if (heard) {
      byId("news").hidden = false;
      byId("news").textContent = "書いているあいだに、住民から新しいメッセージが届きました。";
    }
  }
}
