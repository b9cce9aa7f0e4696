// Runs the page's end of the stream with a clock and a stream of our own; prints what came of it as JSON.
import { readFileSync } from "node:fs";

const folder = process.argv[2];
let now = 0;
let due = [];
const told = [];
const opened = [];

function later(work, ms, again = false) {
  const one = { work, at: now + ms, again: again ? ms : 0 };
  due.push(one);
  return one;
}

function pass(ms) {
  const end = now + ms;
  for (;;) {
    due.sort((a, b) => a.at - b.at);
    if (!due.length || due[0].at > end) break;
    const one = due[0];
    now = one.at;
    if (one.again) one.at += one.again;
    else due.shift();
    one.work();
  }
  now = end;
}

class Source extends EventTarget {
  static CLOSED = 2;
  readyState = 1;
  constructor(url) {
    super();
    this.url = url;
    opened.push(this);
  }
  close() {
    this.readyState = 2;
  }
  say(kind, data) {
    this.dispatchEvent(Object.assign(new Event(kind), { data: JSON.stringify(data), lastEventId: "" }));
  }
}

const world = {
  Date: { now: () => now },
  setTimeout: (work, ms) => later(work, ms),
  setInterval: (work, ms) => later(work, ms, true),
  clearInterval: (one) => (due = due.filter((other) => other !== one)),
  EventSource: Source,
  clearTimeout: () => {},
  Math: { max: Math.max, random: () => 0 },
  document: {
    createElement: () => ({ dataset: {}, remove() {} }),
    getElementById: () => ({ children: [], append: (line) => told.push(line.textContent), replaceChildren() {} }),
  },
};
const part = (file, from, to, name) => {
  const text = readFileSync(`${folder}/${file}`, "utf8");
  const cut = text.slice(text.indexOf(from), to ? text.indexOf(to) : undefined).replaceAll("export ", "");
  return new Function(...Object.keys(world), `${cut}; return ${name};`)(...Object.values(world));
};

const heard = [];
const line = part("follow.js", "const LOOK", "", "follow")("/s", 7, (message) => heard.push(message));
opened[0].say("change", { seq: 9 });
for (let count = 0; count < 3; count += 1) {
  pass(30000);
  opened[0].say("ping", {});
}
const alive = opened.length;
pass(45000);
const dead = { opened: opened.length, state: opened[0].readyState, url: opened[1].url, told: heard.at(-1).state };
line.close();
pass(90000);

world.later = part("later.js", "const SOON", "export function notLater", "later");
const announce = part("live.js", "const FROM_RESIDENT", "function setState", "announce");
announce("住民から：一");
announce("接続が切れました", true);
pass(100);
for (const text of ["住民から：二", "新着1件", "住民から：三", "新着1件"]) announce(text);
pass(2000);
const soon = told.length;
announce("住民から：四");
pass(400);
const early = told.length;
pass(1000);
console.log(JSON.stringify({ alive, dead, after: opened.length, closed: line.closed, soon, early, told }));
