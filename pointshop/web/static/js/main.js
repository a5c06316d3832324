// The start: words, who is signed in, what waits, then the page for where one is.

import { call, revoked } from "./core/api.js";
import { wipeCopies } from "./core/database.js";
import { html, render } from "./core/html.js";
import { forgetSession, session } from "./core/session.js";
import { useSignal } from "./core/signal.js";
import { loadText, t } from "./core/text.js";
import { useRoute } from "./core/routes.js";
import { applyLook, look } from "./core/look.js";
import { startFlushing } from "./worker/flush.js";
import { SignIn, endedNotice } from "./ui/signin.js";
import { ChooseVillage } from "./ui/villages.js";
import { Status } from "./ui/status.js";
import { Tabs, pageOf } from "./ui/pages.js";
import { lookAhead } from "./scan/camera.js";
import { CARD } from "./scan/decoder.js";

revoked.handle = async () => {
  forgetSession();
  endedNotice.set(t("signin.ended"));
  await wipeCopies();
};

function App() {
  const held = useSignal(session);
  useSignal(look);
  const route = useRoute();
  if (!held) return html`<${SignIn} />`;
  if (!held.village) return html`<${ChooseVillage} />`;
  const [tab, View] = pageOf(route);
  return html`
    <${Status} />
    <${View} key=${held.village.code + tab} route=${route} />
    <${Tabs} current=${tab} />
  `;
}

/** Grants may have changed since, or the session have ended: ask, but never wait for it. */
async function refreshSession() {
  const held = session.get();
  if (!held) return;
  const user = await call("GET", "/me").catch(() => null);
  if (user && session.get()?.token === held.token) {
    const kept = { ...session.get(), user };
    localStorage.setItem("pointshop.session", JSON.stringify(kept));
    session.set(kept);
  }
}

async function start() {
  lookAhead(CARD);
  applyLook();
  await loadText();
  const place = document.getElementById("app");
  place.replaceChildren();
  render(html`<${App} />`, place);
  startFlushing();
  refreshSession();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/app/sw.js", { scope: "/app" });
}

start();
