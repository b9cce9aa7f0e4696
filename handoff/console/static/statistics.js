import { listenToKeys } from "./keys.js";

listenToKeys();

// Charts are fetched when they come into view; paper has no view, so all of them are fetched,
// and long tables opened, before it is printed.
const missing = () => [...document.querySelectorAll(".chart")].filter((chart) => !chart.querySelector("svg"));
const MOST_SECONDS = 20;

const print = document.getElementById("print");
if (print) print.hidden = false;
print?.addEventListener("click", () => {
  const label = print.textContent;
  print.disabled = true;
  print.textContent = "図をそろえています";
  for (const table of document.querySelectorAll("details.long")) table.open = true;
  for (const chart of missing()) chart.dispatchEvent(new Event("printing"));
  const begun = Date.now();
  const wait = setInterval(() => {
    if (missing().length > 0 && Date.now() - begun < MOST_SECONDS * 1000) return;
    clearInterval(wait);
    print.disabled = false;
    print.textContent = label;
    window.print();
  }, 200);
});
