// Says in time that the session is about to end for want of an action, in every tab of the browser, and lets it go on by one press.
const WARNING = 5 * 60;
const byId = (id) => document.getElementById(id);
const { base, idle } = document.body.dataset;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("tsunagi-acted") : null;
let timer = 0;

function begin() {
  byId("leaving").hidden = true;
  clearTimeout(timer);
  timer = setTimeout(() => (byId("leaving").hidden = false), Math.max(Number(idle) - WARNING, 30) * 1000);
}

function acted() {
  begin();
  tabs?.postMessage("acted");
}

export function watchSession() {
  acted();
  tabs?.addEventListener("message", begin);
  // Each request that is not our own refresh tells the server that somebody is there.
  document.addEventListener("htmx:before:request", acted);
  document.addEventListener("tsunagi:acted", acted);
  byId("stay").addEventListener("click", async () => {
    try {
      const answer = await fetch(`${base}/account`);
      if (answer.ok && !answer.redirected) acted();
      else location.reload();
    } catch {
      // Not reached: the notice stays, and the label tells that the line is broken.
    }
  });
}
