// Taking a redemption back: points and goods return in one step.

import { call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { t } from "../core/text.js";
import { Button, Field, Notice, Sheet, useWork } from "../ui/parts.js";

const REASONS = ["void.wrong_goods", "void.wrong_card", "void.changed_mind"];

export function AskVoid({ receipt, onDone, onClose }) {
  const [why, setWhy] = useState("");
  const [busy, problem, run] = useWork(reason);
  const send = () =>
    run(async () => {
      onDone(await call("PUT", `~/redemptions/${receipt.id}/void`, { body: { reason: why.trim() } }));
    });
  const actions = html`
    <${Button} kind="plain" onClick=${onClose}>${t("cancel")}<//>
    <${Button} kind="warn" disabled=${busy || !why.trim()} onClick=${send}>${t("void.do")}<//>
  `;
  return html`
    <${Sheet} title=${t("void.title", { no: receipt.receipt_no })} onClose=${onClose} actions=${actions}>
      <p>${t("void.explain", { points: receipt.points })}</p>
      <div class="chips">
        ${REASONS.map((key) => html`<button class=${why === t(key) ? "chip chip_on" : "chip"} aria-pressed=${why === t(key)} onClick=${() => setWhy(t(key))}>${t(key)}</button>`)}
      </div>
      <${Field} label=${t("void.reason")} value=${why} onValue=${setWhy} maxlength="200" />
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
    <//>
  `;
}
