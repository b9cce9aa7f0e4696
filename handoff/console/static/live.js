// The page's end of the stream: what it hears, and in words how fresh the page is.
import { follow } from "./follow.js";
import { later } from "./later.js";
import { forget, listenForNotices, notices } from "./notices.js";

const base = document.body.dataset.base;
const label = document.getElementById("link");
const clock = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit", second: "2-digit" });
let heard = new Date();
let state = "start";

function show() {
  const at = clock.format(heard);
  const age = Math.floor((Date.now() - heard) / 60000);
  const words = {
    start: "更新の接続を確かめています",
    open: age ? `接続中・最終更新 ${at}（${age}分前）` : `接続中・最終更新 ${at}`,
    lost: `接続が切れています。${at} 時点の表示です。自動でつなぎ直しています`,
    ended: "更新が止まりました。書きかけの文を控えてから、画面を開き直してログインしてください",
  };
  label.dataset.state = state;
  if (label.textContent !== words[state]) label.textContent = words[state];
}

const FROM_RESIDENT = "住民から：";
const FADED = 1000;
const fading = {};
let waiting = [];

function say(text, place) {
  const region = document.getElementById(place);
  for (const line of [...region.children]) if (Date.now() - line.dataset.at > FADED) line.remove();
  const line = document.createElement("p");
  line.textContent = text;
  line.dataset.at = Date.now();
  region.append(line);
  clearTimeout(fading[place]);
  fading[place] = setTimeout(() => region.replaceChildren(), 10 * FADED);
}

function sayWaiting() {
  const lines = waiting.filter((text) => text.startsWith(FROM_RESIDENT));
  const rest = new Set(waiting.filter((text) => !lines.includes(text)));
  waiting = [];
  say([...rest, lines.length > 1 ? `住民から新着${lines.length}件` : lines[0]].filter(Boolean).join("。"), "polite");
}

// Failures and danger do not wait.
export function announce(text, urgent = false) {
  if (urgent) return say(text, "urgent");
  waiting.push(text);
  later("announce", sayWaiting);
}

function setState(next) {
  if (next === state) return;
  const before = state;
  state = next;
  show();
  if (before === "open" || next === "ended") announce(label.textContent, true);
  else if (before === "lost" && next === "open") announce("接続が戻りました");
}

// `changed` is called with a talk's id and the event's name; `stale` when everything must be loaded anew; `fragments` take, by their kind,
// what the stream brings already drawn, each before the change that it belongs to.
export function listen(changed, stale, fragments = {}) {
  listenForNotices();
  let seen = Number(document.body.dataset.seq);
  const hear = (message) => {
    if (message.kind === "state") setState(message.state);
    if (message.kind === "hello") {
      setState(message.state);
      if (message.seq > seen) stale();
    }
    if (message.kind === "reset") stale();
    fragments[message.kind]?.(message);
    if (message.kind === "change" && message.seq > seen) {
      heard = new Date();
      later("link", show);
      if (message.name === "alarm_opened") forget(message.talk);
      if (message.name === "notified") notices();
      else changed(message.talk, message.name);
    }
    if (message.seq) seen = Math.max(seen, message.seq);
  };
  setInterval(show, 10000);
  if (!("SharedWorker" in window)) {
    const source = follow(`${base}/stream`, seen, hear);
    addEventListener("pagehide", () => source.close());
    return;
  }
  const { port } = new SharedWorker(`${base}/static/stream-worker.js`, { type: "module", name: "tsunagi" });
  port.onmessage = ({ data }) => hear(data);
  const hello = () => port.postMessage({ after: seen });
  addEventListener("pagehide", () => port.postMessage({ bye: true }));
  addEventListener("pageshow", hello);
  addEventListener("online", hello);
  hello();
}
