// Where the reader stands in the talk. On a wide screen the log scrolls, on a narrow one the page does.
const lines = () => [...document.querySelectorAll("#lines > li")];

let going = false;

export function atEnd() {
  const log = document.getElementById("log");
  const last = document.getElementById("lines")?.lastElementChild;
  if (!last || going) return true;
  const bottom = Math.min(log.getBoundingClientRect().bottom, innerHeight);
  return last.getBoundingClientRect().bottom < bottom + 60;
}

export function toEnd() {
  lines().at(-1)?.scrollIntoView({ block: "end" });
}

// With the next picture of the page, which measures everything anyway.
export function toEndSoon() {
  if (going) return;
  going = true;
  requestAnimationFrame(() => {
    going = false;
    toEnd();
  });
}

// Whoever opens a talk wants to read first what the resident wrote last, and what was answered to it.
export function toLastWords() {
  const theirs = lines().filter((line) => line.dataset.author === "resident");
  const said = theirs.filter((line) => line.querySelector(".said:not(:empty)"));
  const log = document.getElementById("log");
  const block = log?.scrollHeight > log?.clientHeight ? "start" : "nearest";
  (said.at(-1) ?? theirs.at(-1))?.scrollIntoView({ block });
}
