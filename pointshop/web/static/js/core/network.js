// Whether the server can be reached, as far as the phone knows.

import { signal } from "./signal.js";

export const online = signal(navigator.onLine);

addEventListener("offline", () => online.set(false));
addEventListener("online", () => look());
// a phone may call itself connected in a cellar: look again until an answer comes
setInterval(() => {
  if (!online.get() && document.visibilityState === "visible") look();
}, 5000);

async function look() {
  try {
    await fetch("/healthz", { cache: "no-store" });
    online.set(true);
  } catch {
    online.set(false);
  }
}
