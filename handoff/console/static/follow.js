// Follows the live stream and tells what it hears. Runs in the SharedWorker, or in the page where there is none.
const LOOK = 5000;
// The server says at least every fifteen seconds that it is alive. A line that is dead in the middle never tells so itself.
const SILENT = 40000;

export function follow(url, after, tell) {
  let source = null;
  let last = after;
  let heard = Date.now();

  const hear = (message) => {
    heard = Date.now();
    if (message.seq) last = Math.max(last, message.seq);
    if (message.kind !== "ping") tell(message);
  };

  function open() {
    heard = Date.now();
    source = new EventSource(`${url}?after=${last}`);
    source.onopen = () => hear({ kind: "state", state: "open" });
    source.onerror = () => tell({ kind: "state", state: source.readyState === EventSource.CLOSED ? "ended" : "lost" });
    for (const kind of ["change", "line", "row", "here"]) source.addEventListener(kind, ({ data }) => hear({ kind, ...JSON.parse(data) }));
    source.addEventListener("ping", () => hear({ kind: "ping" }));
    source.addEventListener("reset", ({ lastEventId }) => hear({ kind: "reset", seq: Number(lastEventId) }));
  }

  // A laptop that wakes up finds its own clock far ahead, and asks anew at once.
  const watch = setInterval(() => {
    if (source.readyState === EventSource.CLOSED) return clearInterval(watch);
    if (Date.now() - heard < SILENT) return;
    tell({ kind: "state", state: "lost" });
    source.close();
    open();
  }, LOOK);
  open();
  return {
    get closed() {
      return source.readyState === EventSource.CLOSED;
    },
    close() {
      clearInterval(watch);
      source.close();
    },
  };
}
