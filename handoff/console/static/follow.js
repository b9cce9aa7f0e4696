// Follows the live stream and tells what it hears. Runs in the SharedWorker, or in the page where there is none.
export function follow(url, after, tell) {
  const source = new EventSource(`${url}?after=${after}`);
  source.onopen = () => tell({ kind: "state", state: "open" });
  source.onerror = () => tell({ kind: "state", state: source.readyState === EventSource.CLOSED ? "ended" : "lost" });
  for (const kind of ["change", "line", "row", "here"]) source.addEventListener(kind, (event) => tell({ kind, ...JSON.parse(event.data) }));
  source.addEventListener("reset", (event) => tell({ kind: "reset", seq: Number(event.lastEventId) }));
  return source;
}
