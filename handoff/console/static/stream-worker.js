// One stream for all tabs of a browser: HTTP/1.1 allows six connections per host, and each tab would take one.
import { follow } from "./follow.js";

const url = new URL("../stream", self.location.href);
const ports = new Set();
let source = null;
let state = "start";
let last = 0;

function tell(message) {
  if (message.kind === "state") state = message.state;
  if (message.seq) last = message.seq;
  for (const port of ports) port.postMessage(message);
}

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data.bye) {
      ports.delete(port);
      return;
    }
    ports.add(port);
    if (source === null || source.closed) {
      last = Math.max(last, data.after);
      source = follow(url, last, tell);
    }
    port.postMessage({ kind: "hello", state, seq: last });
  };
};
