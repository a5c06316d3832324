// What must always be in sight: no signal, and what still waits on this phone.

import { html } from "../core/html.js";
import { online } from "../core/network.js";
import { go } from "../core/routes.js";
import { useSignal } from "../core/signal.js";
import { t } from "../core/text.js";
import { counts } from "../worker/outbox.js";

export function Status() {
  const isOnline = useSignal(online);
  const { waiting, refused } = useSignal(counts);
  if (isOnline && !waiting && !refused) return null;
  return html`
    <div class="status" role="status">
      ${!isOnline && html`<span class="status__offline">${t("network.offline")}</span>`}
      ${waiting > 0 && html`<button class="status__waiting" onClick=${() => go("mine")}>${t("outbox.waiting", { n: waiting })}</button>`}
      ${refused > 0 && html`<button class="status__refused" onClick=${() => go("mine")}>${t("outbox.refused", { n: refused })}</button>`}
    </div>
  `;
}
