// What the person is told: a notification of the desktop and a short tone of our own. Asked for by a button, never when a page opens.
const { base, notice } = document.body.dataset;
const byId = (id) => document.getElementById(id);
const MUTED = "tsunagi-muted";
const shown = new Map();
let after = notice ?? "";
let audio = null;

// Browsers let a page sound only after the person has touched it once.
function wakeAudio() {
  audio ??= new AudioContext();
  audio.resume();
}

const muted = () => localStorage.getItem(MUTED) === "1";

// Two soft tones; for an emergency three rising ones, twice.
function tone(grave) {
  if (!audio || audio.state !== "running") return;
  const pitches = grave ? [660, 880, 1100, 0, 660, 880, 1100] : [660, 880];
  pitches.forEach((pitch, n) => {
    if (!pitch) return;
    const start = audio.currentTime + n * 0.22;
    const swing = audio.createOscillator();
    const volume = audio.createGain();
    swing.type = "sine";
    swing.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.2);
    swing.connect(volume).connect(audio.destination);
    swing.start(start);
    swing.stop(start + 0.22);
  });
}

function show({ id, title, talk }) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const told = new Notification(title, { body: "つなぎの画面で確かめてください。", tag: `tsunagi-${talk}`, lang: "ja" });
  told.onclick = () => {
    window.focus();
    location.href = `${base}/talks/${talk}`;
    told.close();
  };
  shown.set(talk, told);
  document.documentElement.dataset.notified = id;
}

// Of several tabs one tells: whoever has the lock of this notice, for as long as the others might ask.
async function tell(one) {
  const alone = async (lock) => {
    if (!lock) return;
    if (one.desktop) show(one);
    if (one.sound && !muted()) tone(one.kind === "emergency");
    document.documentElement.dataset.told = one.id;
    await new Promise((done) => setTimeout(done, 5000));
  };
  if (navigator.locks) await navigator.locks.request(`notice-${one.id}`, { ifAvailable: true }, alone);
  else await alone(true);
}

export async function notices() {
  const response = await fetch(`${base}/notices/new?after=${after}`, { headers: { "x-tsunagi-live": "1" } });
  if (!response.ok) return;
  for (const one of await response.json()) {
    if (one.id <= after) continue;
    after = one.id;
    tell(one);
  }
}

// Somebody has opened the alarm: what still stands on the desktop is of no use any more.
export function forget(talk) {
  shown.get(talk)?.close();
  shown.delete(talk);
}

function describe() {
  const words = {
    granted: "この端末では、画面の通知が使えます。",
    denied: "この端末では、画面の通知が止められています。ブラウザの設定で許可してください。",
    default: "この端末では、まだ画面の通知を使っていません。",
  };
  const can = "Notification" in window;
  byId("desktop-state").textContent = can ? words[Notification.permission] : "このブラウザには、画面の通知がありません。";
  byId("desktop-ask").hidden = !can || Notification.permission !== "default";
  byId("sound-mute").textContent = muted() ? "この端末の音を入れる（いまは消音）" : "この端末の音を消す";
}

function listenOnPage() {
  byId("sound-try").hidden = byId("sound-mute").hidden = false;
  byId("desktop-ask").addEventListener("click", () => Notification.requestPermission().then(describe));
  byId("sound-try").addEventListener("click", () => audio.resume().then(() => tone(false)));
  byId("sound-mute").addEventListener("click", () => {
    localStorage.setItem(MUTED, muted() ? "0" : "1");
    describe();
  });
  describe();
}

export function listenForNotices() {
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wakeAudio, { once: true, capture: true });
  if (byId("desktop-ask")) listenOnPage();
}
