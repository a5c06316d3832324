// Taking a booked deed back: a line of its own in the passbook, never an edit.

import { call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Field, Notice, Sheet, useWork } from "../ui/parts.js";

/** Whether a passbook line is a deed that whoever is signed in may take back. */
export const mayReverse = (line) => holds("manager") && line.source.kind === "merit" && line.kind === "merit";

export function AskReversal({ line, onDone, onClose }) {
  const [why, setWhy] = useState("");
  const [busy, problem, run] = useWork(reason);
  const send = () =>
    run(async () => {
      await call("PUT", `~/merits/${line.source.id}/reversal`, { body: { reason: why.trim() } });
      onDone();
    });
  const actions = html`
    <${Button} kind="plain" onClick=${onClose}>${t("cancel")}<//>
    <${Button} kind="warn" disabled=${busy || !why.trim()} onClick=${send}>${t("reversal.do")}<//>
  `;
  return html`
    <${Sheet} title=${t("reversal.title", { what: line.summary })} onClose=${onClose} actions=${actions}>
      <p>${t("reversal.explain", { points: line.points })}</p>
      <${Field} label=${t("void.reason")} value=${why} onValue=${setWhy} maxlength="200" />
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
    <//>
  `;
}
