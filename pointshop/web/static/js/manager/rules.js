import { all, call, reason } from "../core/api.js";
import { html } from "../core/html.js";
import { go } from "../core/routes.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { pointsOf } from "../worker/notebook.js";
import { Button, Line, Loading, Notice, Page, Section, useReading } from "../ui/parts.js";
import { FormPage } from "./form.js";

const PERIODS = ["", "day", "week", "month", "quarter", "year"];
export const periodOptions = () => PERIODS.map((period) => [period, t(period ? `period.${period}` : "period.none")]);

export function RulesPage({ route }) {
  const { value, problem } = useReading(() => all("~/rules"), reason);
  if (problem) return html`<${Page} title=${t("manage.rules")} canGoBack><${Notice} kind="warn">${problem}<//><//>`;
  if (!value) return html`<${Page} title=${t("manage.rules")} canGoBack><${Loading} /><//>`;
  if (route[2]) return html`<${Rule} rule=${value.find((rule) => rule.code === route[2])} />`;
  const categories = [...new Set(value.map((rule) => rule.category))];
  const add = holds("manager", "admin") && html`<${Button} onClick=${() => go("manage", "rules", "+")}>${t("rules.add")}<//>`;
  return html`
    <${Page} title=${t("manage.rules")} canGoBack bar=${add}>
      ${categories.map(
        (category) => html`
          <${Section} key=${category} title=${category}>
            ${value
              .filter((rule) => rule.category === category)
              .map((rule) => html`<${Line} key=${rule.code} strong label=${rule.name} hint=${`${rule.code} · ${t("log.per", { per: rule.per })}`} value=${pointsOf(rule)} onClick=${() => go("manage", "rules", rule.code)} />`)}
          <//>
        `,
      )}
    <//>
  `;
}

function Rule({ rule }) {
  const items = [
    { name: "code", label: t("rules.code"), fixed: Boolean(rule) },
    { name: "name", label: t("rules.name") },
    { name: "category", label: t("rules.category") },
    { name: "points", label: t("rules.points"), kind: "whole", hint: t("rules.points_hint") },
    { name: "per", label: t("rules.per") },
    { name: "cap", label: t("rules.cap"), kind: "whole", optional: true },
    { name: "cap_period", label: t("rules.cap_period"), kind: "choice", options: periodOptions() },
    { name: "evidence", label: t("rules.evidence"), optional: true },
    { name: "track", label: t("rules.track"), kind: "choice", options: ["spend", "honor"].map((track) => [track, t(`track.${track}`)]) },
    { name: "active", label: t("rules.active"), kind: "flag" },
  ];
  const start = rule ?? { per: t("rules.per_default"), track: "spend", active: true };
  const save = ({ code, ...body }) => call("PUT", `~/rules/${encodeURIComponent(code)}`, { body });
  return html`<${FormPage} title=${rule?.name ?? t("rules.add")} items=${items} start=${start} save=${save}><${Notice}>${t("rules.version")}<//><//>`;
}
