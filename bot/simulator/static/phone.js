// The live part of the phone page: forms without a page change, a stream that says "changed", and quiet announcements.

const phone = document.getElementById("phone");
const log = document.getElementById("log");
const entries = document.getElementById("entries");
const newer = document.getElementById("newer");
const announcer = document.getElementById("announcer");
const trouble = document.getElementById("trouble");
const text = document.getElementById("text");
const NEAR = 80;
const GAP = 8;
const ANNOUNCE_AT_MOST = 2;
const KEEP_ANNOUNCEMENT_MS = 1000;
const IME_KEY = 229;
const COLOUR = /^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$/;

let refreshing = false;
let again = false;
let stream = null;

// The policy forbids style attributes, so the colours of a card are set here, through the object model.
function paint(root) {
  for (const part of root.querySelectorAll("[data-color]")) {
    if (!COLOUR.test(part.dataset.color)) continue;
    const inner = part.querySelector(":scope .flex-button__inner");
    if (!inner) part.style.color = part.dataset.color;
    else if (part.classList.contains("flex-button--link")) inner.style.color = part.dataset.color;
    else inner.style.backgroundColor = part.dataset.color;
  }
  for (const part of root.querySelectorAll("[data-background]")) {
    if (COLOUR.test(part.dataset.background)) part.style.backgroundColor = part.dataset.background;
  }
}

function atEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  newer.hidden = true;
}

// What arrived is read from its beginning: where it is taller than the screen, the end would hide the title of a card.
function toNews(arrived) {
  toEnd();
  const first = arrived.find((entry) => entry.classList.contains("entry--other"));
  const hidden = first ? log.getBoundingClientRect().top - first.getBoundingClientRect().top : 0;
  if (hidden <= 0) return;
  log.scrollTop -= hidden + GAP;
  newer.textContent = "続きを見る";
  newer.hidden = atEnd();
}

function announce(words) {
  const node = document.createElement("p");
  node.textContent = words;
  announcer.append(node);
  setTimeout(() => node.remove(), KEEP_ANNOUNCEMENT_MS);
}

// Bubbles that did not change stay the same nodes: focus, open menus and screen readers keep their place.
function mergeEntries(fresh) {
  const known = new Map([...entries.children].map((node) => [node.id, node]));
  const arrived = [];
  const hadFocus = entries.contains(document.activeElement);
  let place = entries.firstElementChild;
  for (const incoming of [...fresh.children]) {
    const old = known.get(incoming.id);
    known.delete(incoming.id);
    if (old && old.dataset.version === incoming.dataset.version) {
      if (old === place) place = place.nextElementSibling;
      else entries.insertBefore(old, place);
      continue;
    }
    paint(incoming);
    entries.insertBefore(incoming, place);
    if (old) {
      if (old === place) place = place.nextElementSibling;
      old.remove();
    } else if (incoming.id.startsWith("m-")) arrived.push(incoming);
  }
  for (const gone of known.values()) gone.remove();
  if (hadFocus && !log.contains(document.activeElement)) log.focus({ preventScroll: true });
  return arrived;
}

function replaceIfChanged(id, fresh) {
  const old = document.getElementById(id);
  if (old.innerHTML.trim() === fresh.innerHTML.trim()) return;
  const hadFocus = old.contains(document.activeElement);
  old.replaceChildren(...fresh.childNodes);
  if (hadFocus) text.focus({ preventScroll: true });
}

function wordsOf(entry) {
  return entry.querySelector(".entry__stack").innerText.replace(/\s+/g, " ");
}

async function fetchLog() {
  const answer = await fetch(phone.dataset.log, { headers: { "x-phone": "fetch" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const wasAtEnd = atEnd();
  const arrived = mergeEntries(page.getElementById("entries"));
  for (const id of ["choices", "banner", "relation"]) replaceIfChanged(id, page.getElementById(id));
  const theirs = arrived.filter((entry) => entry.classList.contains("entry--other"));
  if (arrived.length > 0 && (wasAtEnd || theirs.length < arrived.length)) toNews(arrived);
  else if (wasAtEnd) toEnd();
  else if (arrived.length > 0) {
    newer.textContent = "新しいメッセージへ";
    newer.hidden = false;
  }
  if (theirs.length > ANNOUNCE_AT_MOST) announce(`新着${theirs.length}件`);
  else theirs.forEach((entry) => announce(wordsOf(entry)));
}

async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    do {
      again = false;
      await fetchLog();
    } while (again);
  } catch {
    // The stream reconnects by itself and asks again.
  } finally {
    refreshing = false;
  }
}

async function post(form, submitter) {
  const given = new FormData(form, submitter);
  const fields = form.enctype === "multipart/form-data" ? given : new URLSearchParams(given);
  trouble.textContent = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "x-phone": "fetch" } });
    if (!answer.ok) throw new Error(answer.status === 409 ? await answer.text() : "送れませんでした。もう一度お試しください。");
    return true;
  } catch (problem) {
    trouble.textContent = problem instanceof TypeError ? "つながりません。少し待って、もう一度お試しください。" : problem.message;
    return false;
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("main details[open]")) {
    if (menu === except) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus({ preventScroll: true });
    menu.open = false;
  }
}

function fitText() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  event.preventDefault();
  const inComposer = form.id === "composer";
  if (inComposer && text.value.trim() === "") return;
  const written = text.value;
  const inChoices = form.closest("#choices") !== null;
  if (inComposer) setTimeout(() => { text.value = ""; fitText(); });
  const sent = await post(form, event.submitter);
  if (sent && form.enctype === "multipart/form-data") form.reset();
  if (!sent && inComposer && text.value === "") text.value = written;
  closeMenus();
  if (inComposer || inChoices) text.focus({ preventScroll: true });
  await refresh();
});

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === IME_KEY) return;
  event.preventDefault();
  document.getElementById("composer").requestSubmit();
});
text.addEventListener("input", fitText);
newer.addEventListener("click", () => {
  toEnd();
  log.focus();
});
log.addEventListener("scroll", () => {
  if (atEnd()) newer.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
});
document.addEventListener("click", (event) => closeMenus(event.target.closest("details")));

// A hidden page gives its connection back: a browser has only six for one host, and several phones may be open.
function listen() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    stream = new EventSource(phone.dataset.events);
    stream.addEventListener("message", refresh);
  }
}
document.addEventListener("visibilitychange", listen);

paint(document);
toEnd();
listen();
document.documentElement.dataset.ready = "true";
