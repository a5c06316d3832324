// What went over the counter today.

import { all, call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { timeOf, today } from "../core/days.js";
import { back, go } from "../core/routes.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Empty, Line, Loading, Notice, Page, Section, useReading } from "../ui/parts.js";
import { Bill } from "./outcome.js";
import { AskVoid } from "./voiding.js";

export function Today({ route }) {
  return route[1] ? html`<${One} id=${route[1]} />` : html`<${List} />`;
}

function List() {
  const day = today();
  const { value, problem } = useReading(() => all(`~/redemptions?from=${day}&to=${day}`), reason);
  const stand = (value ?? []).filter((each) => each.state === "completed");
  const points = stand.reduce((sum, each) => sum + each.points, 0);
  return html`
    <${Page} title=${t("today.title")}>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value && html`<p class="summary">${t("today.summary", { n: stand.length, points })}</p>`}
      ${value?.length === 0 && html`<${Empty}>${t("today.none")}<//>`}
      ${value?.length > 0 &&
      html`<${Section}>
        ${value.map(
          (each) => html`<${Line} key=${each.id} strong label=${each.head} hint=${`${timeOf(each.at)} · ${each.lines.map((line) => `${line.name}×${line.quantity}`).join("、")}`}
            value=${each.state === "voided" ? t("void.state") : each.points} onClick=${() => go("today", each.id)} />`,
        )}
      <//>`}
    <//>
  `;
}

function One({ id }) {
  const [asking, setAsking] = useState(false);
  const read = async () => {
    const [receipt, settings] = await Promise.all([call("GET", `~/redemptions/${id}`), call("GET", "~/settings")]);
    return { receipt, settings };
  };
  const { value, problem, reload } = useReading(read, reason, [id]);
  const ends = value && Date.parse(value.receipt.at) + value.settings.void_minutes * 60000;
  const stands = value?.receipt.state === "completed";
  const may = stands && (holds("manager") || Date.now() < ends);
  return html`
    <${Page} title=${t("today.one")} canGoBack bar=${html`<${Button} kind="plain" onClick=${back}>${t("go_back")}<//>`}>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value &&
      html`
        <p class="holder__name">${value.receipt.head} <span class="holder__number">${value.receipt.household}</span></p>
        <${Bill} receipt=${value.receipt} />
        ${may && html`<${Button} kind="warn" onClick=${() => setAsking(true)}>${t("void.do")}<//>`}
        ${stands && !may && html`<${Notice}>${t("void.too_late", { n: value.settings.void_minutes })}<//>`}
      `}
      ${asking && html`<${AskVoid} receipt=${value.receipt} onDone=${() => { setAsking(false); reload(); }} onClose=${() => setAsking(false)} />`}
    <//>
  `;
}
