// Waits and promises grow older also when nothing happens. By the clock of the server: the one of this machine may be wrong.
const ahead = Date.now() - Date.parse(document.body.dataset.now);

function span(length) {
  const minutes = Math.max(0, Math.floor(length / 60000));
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return `${minutes}分`;
  if (hours >= 24) return `${Math.floor(hours / 24)}日${hours % 24}時間`;
  return minutes % 60 ? `${hours}時間${minutes % 60}分` : `${hours}時間`;
}

function write(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

export function growOlder() {
  const now = Date.now() - ahead;
  for (const place of document.querySelectorAll("[data-since]")) write(place, span(now - Date.parse(place.dataset.since)));
  for (const promise of document.querySelectorAll("[data-by]:not([data-late])")) {
    if (Date.parse(promise.dataset.by) >= now) continue;
    promise.dataset.late = "";
    write(promise.lastElementChild, "の約束を過ぎています");
  }
}
