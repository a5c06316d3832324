// The budget line: whether all points that are out could be redeemed with the money and goods that are there.

import { call, reason } from "../core/api.js";
import { html } from "../core/html.js";
import { go } from "../core/routes.js";
import { t } from "../core/text.js";
import { Line, Loading, Notice, Page, Section, useReading } from "../ui/parts.js";

const read = () => call("GET", "~/budget");
const yuan = (fen) => t("budget.yuan", { n: (fen / 100).toFixed(fen % 100 ? 2 : 0) });

/** One line on the desk; nothing where it cannot be read. */
export function BudgetLine() {
  const { value } = useReading(read, reason);
  if (!value) return null;
  const isShort = value.margin_fen < 0;
  return html`
    <${Section} title=${t("budget.title")}>
      <${Line} strong label=${t(isShort ? "budget.short" : "budget.left")} hint=${value.warnings.map((each) => each.detail).join("；") || t("budget.enough")}
        value=${html`<span class=${isShort ? "count count_low" : "count"}>${yuan(Math.abs(value.margin_fen))}</span>`} onClick=${() => go("manage", "budget")} />
    <//>
  `;
}

const PARTS = ["fund_fen", "stock_fen", "owed_fen", "outstanding_fen", "margin_fen", "after_fen"];

export function BudgetPage() {
  const { value, problem } = useReading(read, reason);
  return html`
    <${Page} title=${t("budget.title")} canGoBack>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value?.warnings.map((each) => html`<${Notice} key=${each.code} kind="warn">${each.detail}<//>`)}
      ${value &&
      html`<${Section}>
        ${PARTS.map((name) => html`<${Line} key=${name} label=${t(`budget.${name}`)} hint=${t(`budget.${name}_hint`, { points: value.outstanding_points, waiting: value.waiting_points })} value=${yuan(value[name])} />`)}
      <//>`}
    <//>
  `;
}
