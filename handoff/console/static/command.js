// The command box: whatever this page offers, found by its words. It presses what is on the page, so it can do nothing that a button cannot.
const byId = (id) => document.getElementById(id);
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
const words = (element) => {
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, .vh, .count, .pages-mark")) extra.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
};
const sources = [
  ["操作", "#next, #claim, #release, #open-alarms, #queue-apply, #pause, #print, #help-open, [data-command]"],
  ["書類", ".work-links a"],
  ["書く", "label[for='reply-text'], label[for='note-text']"],
  ["一覧", ".tabs a, .views a"],
  ["画面", ".pages a"],
  ["相談", "#rows a"],
];
const name = (element) => element.querySelector(".row-who strong")?.textContent ?? words(element);

let offered = [];
let chosen = 0;

function gather() {
  const seen = new Set();
  const usable = (element) => !element.disabled && !element.hidden && (element.closest("nav.pages") || element.getClientRects().length);
  return sources
    .flatMap(([kind, selector]) => [...document.querySelectorAll(selector)].filter(usable).map((element) => ({ kind, element, name: name(element) })))
    .filter((one) => one.name && !seen.has(one.kind + one.name) && seen.add(one.kind + one.name));
}

function show() {
  const asked = plain(byId("command-words").value).split(" ").filter(Boolean);
  const found = offered.filter((one) => asked.every((word) => plain(`${one.kind} ${one.name}`).includes(word))).slice(0, 50);
  chosen = Math.min(chosen, Math.max(found.length - 1, 0));
  const options = found.map((one, at) => {
    const option = document.createElement("li");
    option.id = `command-${at}`;
    option.role = "option";
    option.ariaSelected = String(at === chosen);
    const kind = document.createElement("small");
    kind.textContent = one.kind;
    option.append(kind, one.name);
    option.addEventListener("click", () => run(one));
    return option;
  });
  byId("command-found").replaceChildren(...options);
  byId("command-words").setAttribute("aria-activedescendant", options.length ? `command-${chosen}` : "");
  byId("command-count").textContent = found.length ? `${found.length}件` : "あてはまるものはありません。";
  options[chosen]?.scrollIntoView({ block: "nearest" });
  return found;
}

function run(one) {
  byId("command").close();
  if (one.element.htmlFor) byId(one.element.htmlFor).focus();
  else one.element.click();
}

function step(by) {
  const most = byId("command-found").children.length - 1;
  chosen = Math.min(Math.max(chosen + by, 0), most);
  show();
}

export function openCommand() {
  offered = gather();
  chosen = 0;
  byId("command-words").value = "";
  byId("command").showModal();
  show();
}

export function watchCommand() {
  byId("command-words").addEventListener("input", () => {
    chosen = 0;
    show();
  });
  byId("command-words").addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) step(steps[event.key]);
    else if (event.key === "Enter") {
      const one = show()[chosen];
      if (one) run(one);
    } else return;
    event.preventDefault();
  });
  byId("command-open").addEventListener("click", openCommand);
}
