// Brings fresh parts of the page in without taking anything from under the hand: no row moves, no draft and no focus is lost.
import { later, notLater } from "./later.js";
import { announce } from "./live.js";
import { atEnd, toEnd, toEndSoon } from "./place.js";
import { countDown } from "./writing.js";

const { base, talk, view } = document.body.dataset;
const narrowing = document.getElementById("queue")?.dataset.narrowing ?? "";
const byId = (id) => document.getElementById(id);

export async function load(path) {
  const response = await fetch(base + path, { headers: { "x-tsunagi-live": "1" } });
  if (!response.ok) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function put(old, fresh) {
  if (!old || !fresh || old.outerHTML === fresh.outerHTML) return;
  const picked = old.querySelector?.(".row-pick input")?.checked;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const node = document.importNode(fresh, true);
  old.replaceWith(node);
  if (picked && node.querySelector(".row-pick input")) node.querySelector(".row-pick input").checked = true;
  window.htmx.process(node);
  if (focused) byId(focused)?.focus();
}

let waitingQueue = null;

const alarmed = () => Number(byId("queue-alarms").textContent.match(/\d+/)?.[0] ?? 0);

// A new sign of danger is told at once, in words and to the ear; only the order of the rows waits for the person.
function putAlarms(fresh) {
  const before = alarmed();
  put(byId("queue-alarms"), fresh.getElementById("queue-alarms"));
  if (alarmed() > before) announce(byId("queue-alarms").textContent.trim(), true);
}

function applyWords(added, gone, moved) {
  const danger = added.some((row) => "alarm" in row.dataset) ? "（危険の手がかりあり）" : "";
  if (added.length) return `新着${added.length}件を表示${danger}`;
  if (gone.length) return `一覧から外れた${gone.length}件を片づける`;
  return moved ? "急ぐ順に並べ直す" : "";
}

export async function refreshQueue() {
  if (!byId("queue")) return;
  const fresh = await load(`/queue/rows?view=${view}${talk ? `&open_talk=${talk}` : ""}${narrowing ? `&${narrowing}` : ""}`);
  if (!fresh) return;
  put(document.querySelector(".tabs"), fresh.querySelector(".tabs"));
  putAlarms(fresh);
  const rows = [...fresh.querySelectorAll(".row")];
  const added = rows.filter((row) => !byId(row.id));
  for (const row of rows) {
    notLater(row.id);
    put(byId(row.id), row);
  }
  const shown = [...document.querySelectorAll(".row")];
  const gone = shown.filter((row) => !fresh.getElementById(row.id));
  const moved = shown.map((row) => row.id).join() !== rows.map((row) => row.id).join();
  for (const row of gone) markGone(row);
  waitingQueue = fresh.getElementById("queue");
  const button = byId("queue-apply");
  const words = applyWords(added, gone, moved);
  button.hidden = words === "";
  if (!button.hidden && button.textContent !== words && added.length) announce(`新着${added.length}件`);
  button.textContent = words;
}

function markGone(row) {
  row.classList.add("gone");
  row.querySelector(".row-state").textContent = "この一覧から外れました";
}

let rowNews = null;

// What the row that the stream has just brought means for the list: "joins", "leaves", "moves" or nothing. Null when none came.
export function takeRowNews() {
  const news = rowNews;
  rowNews = null;
  return news;
}

function patch(place, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const [old, fresh] = [[...place.childNodes], [...template.content.childNodes]];
  if (old.length !== fresh.length) place.replaceChildren(...fresh);
  else fresh.forEach((node, n) => node.isEqualNode(old[n]) || old[n].replaceWith(node));
}

// The row of a talk to which something has happened, already drawn. It is changed where it stands: at once when it weighs more or less
// than before, else in its own time.
export function putRow({ talk: id, views, risk, alarm, controller, html }) {
  const row = byId(`row-${id}`);
  const here = views.includes(view || "waiting");
  if (!row) {
    rowNews = here ? "joins" : "";
    return;
  }
  const stays = row.dataset.risk === risk && "alarm" in row.dataset === alarm && row.dataset.controller === controller;
  rowNews = here ? (stays ? "" : "moves") : "leaves";
  const work = () => {
    patch(row.querySelector("a"), html);
    row.dataset.risk = risk;
    row.dataset.controller = controller;
    row.toggleAttribute("data-alarm", alarm);
    row.classList.remove("gone");
    if (!here) markGone(row);
  };
  if (rowNews === "") return later(row.id, work);
  notLater(row.id);
  work();
}

export function applyQueue() {
  if (!waitingQueue) return;
  put(byId("queue"), waitingQueue);
  waitingQueue = null;
  document.querySelector("#rows a")?.focus();
}

const FAILED = "[data-sent=failed]";

function mergeLines(fresh) {
  const follow = atEnd();
  const added = [];
  for (const line of fresh.querySelectorAll("#lines > li")) {
    const old = byId(line.id);
    if (old && line.querySelector(FAILED) && !old.querySelector(FAILED)) announce("送信に失敗したメッセージがあります", true);
    if (old) put(old, line);
    else added.push(byId("lines").appendChild(document.importNode(line, true)));
  }
  const heard = added.filter((line) => line.dataset.author === "resident");
  if (heard.length === 1) announce(`住民から：${heard[0].querySelector(".bubble").textContent.trim()}`);
  if (heard.length > 1) announce(`住民から新着${heard.length}件`);
  if (follow) toEnd();
  return heard;
}

let lineNews = null;

// What the line that the stream has just brought means for the rest of the page: "alone" when nothing else has changed with it. Null when none came.
export function takeLineNews() {
  const news = lineNews;
  lineNews = null;
  return news;
}

function standsAlone(line) {
  const known = document.querySelector(".concerns")?.dataset.known.split(" ") ?? [];
  const read = line.dataset.concerns.split(" ").every((concern) => !concern || known.includes(concern));
  return read && !line.querySelector(".signs [data-danger]") && document.querySelector(".state-wait") !== null;
}

// The stream brings what a resident has just written to whoever has the talk open.
export function putLine({ talk: changed, id, html }) {
  if (!talk || changed !== talk || byId(`m-${id}`)) return;
  const follow = atEnd();
  const template = document.createElement("template");
  template.innerHTML = html;
  const line = template.content.firstElementChild;
  byId("lines").append(line);
  lineNews = standsAlone(line) ? "alone" : "more";
  announce(`住民から：${line.querySelector(".bubble").textContent.trim()}`);
  if (follow) toEndSoon();
  const draft = byId("reply-text");
  const writing = draft && (draft.value || document.activeElement === draft);
  if (!writing || canBeRead()) setSeen(line.id.slice(2));
  if (byId("news") && (writing || !follow)) tellNews(line, follow, writing);
}

function tellNews(first, follow, writing) {
  const link = document.createElement("a");
  link.href = `#${first.id}`;
  link.textContent = "読む";
  byId("news").replaceChildren(`${writing ? "書いているあいだに、" : ""}住民から新しいメッセージが届きました。`, ...(follow ? [] : [link]));
  byId("news").hidden = false;
}

const canBeRead = () => document.visibilityState === "visible" && document.hasFocus();

// What the composer carries as seen moves on under a draft only when the person could see it; else the server asks to read first.
function setSeen(id) {
  const seen = document.querySelector("#reply [name=last_seen]");
  if (seen && id) seen.value = id;
}

const notes = () => document.querySelectorAll("#notes-list .said").length;
const newAdvice = () => document.querySelectorAll("#whispers-list [data-new]").length;

// Advice of a supervisor must be seen while one writes, not when the page is opened anew.
function showWhispers() {
  byId("whispers").hidden = false;
  announce("スーパーバイザーから助言が届きました");
}

export async function refreshTalk() {
  const fresh = await load(`/talks/${talk}/desk`);
  if (!fresh) return;
  put(byId("talk-head"), fresh.getElementById("talk-head"));
  const follow = atEnd();
  const heard = mergeLines(fresh);
  const [advised, noted] = [newAdvice(), notes()];
  for (const id of ["facts-live", "notes-list", "whispers-list"]) {
    if (!byId(id).contains(document.activeElement)) put(byId(id), fresh.getElementById(id));
  }
  if (newAdvice() > advised) showWhispers();
  if (notes() > noted) announce("内部メモが増えました");
  const draft = byId("reply-text");
  const writing = draft && (draft.value || document.activeElement === draft);
  if (writing && canBeRead()) setSeen(fresh.querySelector("#reply [name=last_seen]")?.value);
  if (!writing && !byId("composer").contains(document.activeElement)) {
    put(byId("composer"), fresh.getElementById("composer"));
    countDown();
  }
  if (heard.length && byId("news") && (writing || !follow)) tellNews(heard[0], follow, writing);
}
