// What became of a redemption. Nothing here goes away by itself.

import { html, useEffect, useState } from "../core/html.js";
import { timeOf } from "../core/days.js";
import { t } from "../core/text.js";
import { Button, Notice, Page } from "../ui/parts.js";
import { AskVoid } from "./voiding.js";

/** Handed over: stays until the clerk says "next". */
export function Done({ receipt, onNext }) {
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState(receipt);
  const isVoid = shown.state === "voided";
  return html`
    <${Page} title=${t("outcome.title")} bar=${html`<${Button} onClick=${onNext}>${t("outcome.next")}<//>`}>
      <div class=${isVoid ? "outcome outcome_void" : "outcome"} role="status">
        <p class="outcome__mark" aria-hidden="true">${isVoid ? "↩" : "✓"}</p>
        <h2 class="outcome__title">${isVoid ? t("outcome.voided") : t("outcome.done")}</h2>
        <p class="outcome__name">${shown.head} <span class="holder__number">${shown.household}</span></p>
      </div>
      <${Bill} receipt=${shown} />
      ${!isVoid && html`<${Button} kind="plain" onClick=${() => setAsking(true)}>${t("void.do")}<//>`}
      ${asking && html`<${AskVoid} receipt=${shown} onDone=${(found) => { setShown(found); setAsking(false); }} onClose=${() => setAsking(false)} />`}
    <//>
  `;
}

export function Bill({ receipt }) {
  const isVoid = receipt.state === "voided";
  return html`
    <ul class="bill bill_page">
      ${receipt.lines.map((line) => html`<li class="bill__line"><span>${line.name} × ${line.quantity}${line.unit}</span><b>${line.points}</b></li>`)}
      <li class="bill__line bill__line_total"><span>${t("basket.sum")}</span><b>${receipt.points}</b></li>
      <li class="bill__line"><span>${isVoid ? t("outcome.balance_now") : t("basket.after")}</span><b>${receipt.balance ?? receipt.balance_after}</b></li>
      <li class="bill__line bill__line_quiet"><span>${t("outcome.receipt_no")}</span><span>${receipt.receipt_no}</span></li>
      <li class="bill__line bill__line_quiet"><span>${receipt.clerk}</span><span>${receipt.occurred_on} ${timeOf(receipt.at)}</span></li>
      ${isVoid && html`<li class="bill__line bill__line_quiet"><span>${t("void.reason")}</span><span>${receipt.void_reason}</span></li>`}
    </ul>
  `;
}

/** No answer came: the goods stay on the counter until one does. Asking again under the same name books nothing twice. */
export function Unsure({ order, onAgain, onNext }) {
  useEffect(() => {
    const timer = setInterval(onAgain, 4000);
    return () => clearInterval(timer);
  }, [order.id]);
  return html`
    <${Page} title=${t("outcome.unsure_title")}>
      <${Notice} kind="warn">${t("outcome.unsure")}<//>
      <${Button} onClick=${onAgain}>${t("outcome.ask_again")}<//>
      <${Button} kind="plain" onClick=${onNext}>${t("outcome.give_up")}<//>
      <p class="line__hint">${t("outcome.give_up_hint")}</p>
    <//>
  `;
}
