// What may follow: done together and a moment later, so that somebody's words stand on all screens before one of them tidies up after them.
// What comes thick and fast is done together too, or nobody could follow it.
const SOON = 200;
const SPREAD = 600;
const GAP = 2500;
const waiting = new Map();
let timer = 0;
let done = 0;

function run() {
  const works = [...waiting.values()];
  waiting.clear();
  timer = 0;
  done = Date.now();
  for (const work of works) work();
}

// Work of the same name that still waits is not done any more.
export function later(name, work) {
  waiting.set(name, work);
  timer ||= setTimeout(run, Math.max(SOON + Math.random() * SPREAD, done + GAP - Date.now()));
}

export function notLater(name) {
  waiting.delete(name);
}
