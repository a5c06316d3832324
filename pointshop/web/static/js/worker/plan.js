// Planning an event: what, where, when, and by which rule those who come earn.

import { call } from "../core/api.js";
import { today } from "../core/days.js";
import { html, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { back } from "../core/routes.js";
import { t } from "../core/text.js";
import { FormPage } from "../manager/form.js";
import { Loading, Page } from "../ui/parts.js";
import { useNotebook } from "./notebook.js";

const UNITS = ["", "30", "60", "120"];
const LEVELS = ["household", "member"];

export function Plan() {
  const { rules } = useNotebook();
  // sent twice, it is one event: the name is given before
  const [name] = useState(newName());
  const earning = rules.filter((rule) => rule.points > 0);
  if (earning.length === 0) return html`<${Page} title=${t("event.plan")} canGoBack><${Loading} /><//>`;
  const items = [
    { name: "title", label: t("event.title") },
    { name: "place", label: t("event.place") },
    { name: "day", label: t("event.day"), hint: t("event.day_hint") },
    { name: "begin", label: t("event.begin"), hint: t("event.clock_hint") },
    { name: "end", label: t("event.end") },
    { name: "rule", label: t("event.rule"), kind: "choice", options: earning.map((rule) => [rule.code, `${rule.name}（${rule.per}）`]) },
    { name: "level", label: t("event.level"), kind: "choice", options: LEVELS.map((level) => [level, t(`event.level_${level}`)]) },
    { name: "unit_minutes", label: t("event.unit"), kind: "choice", options: UNITS.map((unit) => [unit, t(`event.unit_${unit || "none"}`)]) },
  ];
  const start = { day: today(), begin: "08:30", end: "11:30", rule: earning[0].code, level: "household", unit_minutes: "60" };
  const save = async ({ day, begin, end, unit_minutes: unit, ...rest }) => {
    const instant = (time) => `${day.trim()}T${time.trim()}:00+08:00`;
    const body = { ...rest, from_at: instant(begin), until_at: instant(end), unit_minutes: unit ? Number(unit) : null };
    await call("PUT", `~/events/${name}`, { body });
    back();
  };
  return html`<${FormPage} title=${t("event.plan")} items=${items} start=${start} save=${save} />`;
}
