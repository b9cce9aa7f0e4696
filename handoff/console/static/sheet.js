import { listenToKeys } from "./keys.js";
import { listen } from "./live.js";

// A sheet is not refreshed under the hand; it only tells whether the connection stands.
listen(() => {}, () => {});
listenToKeys();

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
