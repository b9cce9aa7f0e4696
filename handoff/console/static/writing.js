// What helps while somebody writes: the draft goes to the server, templates come into the field, and a sent answer can be taken back.
const PAUSE = 1200;
let timer = 0;
let ticking = 0;

async function keep(field) {
  const body = new URLSearchParams({ csrf_token: field.form.csrf_token.value, text: field.value });
  try {
    await fetch(field.dataset.draft, { method: "POST", body });
    document.dispatchEvent(new Event("tsunagi:acted"));
  } catch {
    // The field still holds the words; the next pause tries again.
  }
}

function fill(field, text) {
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  const gap = field.value.indexOf("〔");
  if (gap >= 0) field.setSelectionRange(gap, field.value.indexOf("〕", gap) + 1);
}

// The bar goes by itself when the time is over; the server decides, whatever this clock says.
export function countDown() {
  clearTimeout(ticking);
  const bar = document.getElementById("undo");
  if (!bar) return;
  const end = (bar.dataset.end ??= String(Date.now() + Number(bar.dataset.left) * 1000));
  const left = Math.ceil((Number(end) - Date.now()) / 1000);
  if (left <= 0) return bar.remove();
  bar.querySelector(".undo-left").textContent = String(left);
  ticking = setTimeout(countDown, 250);
}

export function watchWriting() {
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset.draft) return;
    clearTimeout(timer);
    timer = setTimeout(() => target.isConnected && keep(target), PAUSE);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-fill]");
    const field = document.getElementById("reply-text");
    if (!button || !field) return;
    fill(field, button.dataset.fill);
    button.closest("details").open = false;
  });
  document.addEventListener("submit", () => clearTimeout(timer), { capture: true });
  document.addEventListener("htmx:after:swap", countDown);
  countDown();
}
