// Says that a text is too long while it is written: LINE and the server would refuse it, and nothing is cut off in silence.
function check(field) {
  const told = document.getElementById(field.getAttribute("aria-describedby").split(" ")[0]);
  const over = field.value.trim().length - Number(field.dataset.limit);
  told.hidden = over <= 0;
  told.textContent = over > 0 ? `${over.toLocaleString("ja-JP")}文字多いため、このままでは送れません。分けて送ってください。` : "";
  field.ariaInvalid = over > 0 ? "true" : null;
  return over <= 0;
}

export function watchLength() {
  document.addEventListener("input", ({ target }) => target.dataset.limit && check(target));
  const stop = (event) => {
    const field = event.target.querySelector?.("[data-limit]");
    if (!field || check(field)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.focus();
  };
  document.addEventListener("submit", stop, { capture: true });
}
