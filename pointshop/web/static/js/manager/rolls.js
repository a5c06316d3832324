// Honor rolls: what hangs, and drawing a new one. Paper is printed at the desk.

import { all, call, reason } from "../core/api.js";
import { html, useRef, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { go } from "../core/routes.js";
import { holds } from "../core/session.js";
import { today } from "../core/days.js";
import { t } from "../core/text.js";
import { Button, Empty, Field, Line, Loading, Notice, Page, Section, Sheet, useReading, useWork } from "../ui/parts.js";
import { FormPage } from "./form.js";

export function RollsPage({ route }) {
  if (route[2] === "+") return html`<${Draw} />`;
  return route[2] ? html`<${One} id=${route[2]} />` : html`<${List} />`;
}

function List() {
  const { value, problem } = useReading(() => all("~/honor-rolls"), reason);
  const add = holds("manager") && html`<${Button} onClick=${() => go("manage", "rolls", "+")}>${t("rolls.add")}<//>`;
  return html`
    <${Page} title=${t("manage.rolls")} canGoBack bar=${add}>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value?.length === 0 && html`<${Empty}>${t("rolls.none")}<//>`}
      ${value?.length > 0 &&
      html`<${Section}>
        ${value.map((roll) => html`<${Line} key=${roll.id} strong label=${roll.title} hint=${`${roll.number} · ${roll.board}`} value=${stateOf(roll)} onClick=${() => go("manage", "rolls", roll.id)} />`)}
      <//>`}
    <//>
  `;
}

function stateOf(roll) {
  if (roll.withdrawn_at) return t("rolls.withdrawn");
  return roll.until_on < today() ? t("rolls.ended") : t("rolls.hangs");
}

function One({ id }) {
  const { value, problem, reload } = useReading(() => call("GET", `~/honor-rolls/${id}`), reason, [id]);
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState("");
  const [busy, unsaid, run] = useWork(reason);
  const withdraw = () =>
    run(async () => {
      await call("PUT", `~/publications/${id}/withdrawal`, { body: { reason: why.trim() } });
      setAsking(false);
      reload();
    });
  return html`
    <${Page} title=${value?.title ?? t("manage.rolls")} canGoBack>
      ${(problem || unsaid) && html`<${Notice} kind="warn">${problem ?? unsaid}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value &&
      html`
        <p class="summary">${value.number} · ${value.board} · ${stateOf(value)}<br />${t("rolls.until", { from: value.from_on, until: value.until_on })}</p>
        ${!value.withdrawn_at && html`<p class="summary"><a class="link" href=${new URL(value.public_url).pathname} target="_blank">${t("rolls.open")}</a></p>`}
        <${Section}>
          ${value.items.map((item) => html`<${Line} label=${`${item.place}  ${item.name}`} hint=${item.group_no ? t("find.group", { n: item.group_no }) : null} value=${item.points} />`)}
        <//>
        ${holds("manager") && !value.withdrawn_at && html`<${Button} kind="warn" onClick=${() => setAsking(true)}>${t("rolls.withdraw")}<//>`}
      `}
      ${asking &&
      html`<${Sheet} title=${t("rolls.withdraw")} onClose=${() => setAsking(false)} actions=${html`<${Button} kind="plain" onClick=${() => setAsking(false)}>${t("cancel")}<//><${Button} kind="warn" disabled=${busy || !why.trim()} onClick=${withdraw}>${t("rolls.withdraw")}<//>`}>
        <p>${t("rolls.withdraw_explain")}</p>
        <${Field} label=${t("void.reason")} value=${why} onValue=${setWhy} maxlength="200" />
      <//>`}
    <//>
  `;
}

function Draw() {
  const name = useRef(newName());
  const year = today().slice(0, 4);
  const quarter = `${year}-Q${Math.ceil(Number(today().slice(5, 7)) / 3)}`;
  const items = [
    { name: "title", label: t("rolls.title") },
    { name: "period", label: t("rolls.period"), hint: t("rolls.period_hint") },
    { name: "subject", label: t("rolls.subject"), kind: "choice", options: ["household", "member"].map((subject) => [subject, t(`rolls.subject_${subject}`)]) },
    { name: "places", label: t("rolls.places"), kind: "whole" },
    { name: "group_no", label: t("rolls.group"), kind: "whole", optional: true },
    { name: "board", label: t("rolls.board") },
    { name: "notice_days", label: t("rolls.days"), kind: "whole" },
    { name: "contact", label: t("rolls.contact"), hint: t("rolls.contact_hint") },
  ];
  const start = { title: t("rolls.title_default"), period: quarter, subject: "household", places: 20, board: t("rolls.board_default"), notice_days: 30 };
  const save = async (body) => {
    const found = await call("PUT", `~/honor-rolls/${name.current}`, { body }).catch((error) => {
      // a refusal stays with its name; what is changed next needs another
      name.current = newName();
      throw error;
    });
    go("manage", "rolls", found.id);
  };
  return html`<${FormPage} title=${t("rolls.add")} items=${items} start=${start} save=${save}><${Notice}>${t("rolls.explain")}<//><//>`;
}
