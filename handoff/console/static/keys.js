// Keys. Single letters can be switched off by each person, and never work while somebody types or converts kana.
import { openCommand, watchCommand } from "./command.js";
import { watchSession } from "./session.js";

const byId = (id) => document.getElementById(id);
const typing = (element) => element.matches("input, select, textarea, [contenteditable]");

function move(step) {
  const links = [...document.querySelectorAll("#rows a, #more")];
  const now = Math.max(links.indexOf(document.activeElement), links.findIndex((link) => link.ariaCurrent && document.activeElement === document.body));
  links[Math.min(Math.max(now + step, 0), links.length - 1)]?.focus();
}

function escape(target) {
  if (typing(target)) target.blur();
  else if (byId("back")) byId("back").click();
}

const letters = {
  "?": () => byId("help").showModal(),
  j: () => move(1),
  k: () => move(-1),
  n: () => byId("next")?.click(),
  t: () => document.querySelector('.work-links a[href$="/transfer"]')?.click(),
  "/": () => byId("words")?.focus() ?? (location.href = `${document.body.dataset.base}/search`),
  c: () => byId("claim")?.click(),
  r: () => byId("reply-text")?.focus(),
  m: () => byId("note-text")?.focus(),
};

// On a phone the pages are behind one button; without a script they all stand there.
function watchMenu() {
  const menu = byId("menu");
  menu.hidden = false;
  menu.ariaExpanded = "false";
  menu.addEventListener("click", () => (menu.ariaExpanded = String(menu.ariaExpanded !== "true")));
}

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "reply-text") {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openCommand();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") escape(event.target);
    else if (document.body.dataset.keys === "on" && !typing(event.target) && letters[event.key]) {
      event.preventDefault();
      letters[event.key]();
    }
  });
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  watchMenu();
  watchCommand();
  watchSession();
}
