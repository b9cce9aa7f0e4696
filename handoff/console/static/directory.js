import { listenToKeys } from "./keys.js";

listenToKeys();

// Without a script the browser's own menu prints; a button that does nothing is worse than none.
const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
