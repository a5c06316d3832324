import { call, reason } from "../core/api.js";
import { html } from "../core/html.js";
import { t } from "../core/text.js";
import { Loading, Notice, Page, useReading } from "../ui/parts.js";
import { FormPage } from "./form.js";

const WHOLE = [
  "rate_fen", "notice_days", "backdate_days", "void_minutes", "low_stock", "gift_points_given", "gift_points_received",
];
const OPTIONAL = ["card_daily_points", "pin_above_points", "period_budget"];

export function SettingsPage() {
  const read = async () => {
    const response = await call("GET", "~/settings", { as: "response" });
    return { tag: response.headers.get("ETag"), settings: await response.json() };
  };
  const { value, problem } = useReading(read, reason);
  if (problem) return html`<${Page} title=${t("manage.settings")} canGoBack><${Notice} kind="warn">${problem}<//><//>`;
  if (!value) return html`<${Page} title=${t("manage.settings")} canGoBack><${Loading} /><//>`;
  const label = (name) => ({ name, label: t(`settings.${name}`), hint: t(`settings.${name}_hint`) });
  const items = [
    ...WHOLE.map((name) => ({ ...label(name), kind: "whole" })),
    ...OPTIONAL.map((name) => ({ ...label(name), kind: "whole", optional: true })),
    { ...label("review_levels"), kind: "choice", options: ["0", "1", "2"].map((levels) => [levels, t(`settings.review_${levels}`)]) },
    { ...label("public_names"), kind: "choice", options: ["consent", "full", "masked"].map((way) => [way, t(`settings.names_${way}`)]) },
    ...[1, 2, 3, 4, 5, 6, 7].map((day) => ({ name: `day${day}`, label: t("settings.open_on", { day: t(`weekday.${day}`) }), kind: "flag" })),
  ];
  const days = value.settings.redemption_weekdays;
  const start = { ...value.settings, ...Object.fromEntries(days.map((day) => [`day${day}`, true])) };
  let { tag } = value;
  const save = async (values) => {
    const body = { review_levels: Number(values.review_levels), public_names: values.public_names };
    for (const name of [...WHOLE, ...OPTIONAL]) body[name] = values[name];
    body.redemption_weekdays = [1, 2, 3, 4, 5, 6, 7].filter((day) => values[`day${day}`]);
    const response = await call("PATCH", "~/settings", { body, headers: { "If-Match": tag }, as: "response" });
    tag = response.headers.get("ETag");
  };
  return html`<${FormPage} title=${t("manage.settings")} items=${items} start=${start} save=${save} />`;
}
