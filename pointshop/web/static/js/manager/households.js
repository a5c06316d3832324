import { all, call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { go } from "../core/routes.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { AskReversal, mayReverse } from "./reversal.js";
import { Button, Empty, Line, Loading, Notice, Page, Section, Sheet, useReading, useWork } from "../ui/parts.js";
import { FormPage } from "./form.js";

/** Whether the head agreed to stand on boards by full name. */
const CONSENT = { none: null, yes: true, no: false };

export function HouseholdsPage({ route }) {
  if (route[2] === "+") return html`<${Edit} />`;
  return route[2] ? html`<${One} number=${route[2]} isEditing=${route[3] === "edit"} />` : html`<${List} />`;
}

function List() {
  const [text, setText] = useState("");
  const path = `~/households?limit=50${text.trim() ? `&q=${encodeURIComponent(text.trim())}` : ""}`;
  const { value, problem } = useReading(() => call("GET", path), reason, [path]);
  const add = holds("manager", "admin") && html`<${Button} onClick=${() => go("manage", "households", "+")}>${t("households.add")}<//>`;
  return html`
    <${Page} title=${t("manage.households")} canGoBack bar=${add}>
      <div class="search"><input class="search__input" type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder=${t("find.placeholder")} aria-label=${t("find.placeholder")} /></div>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value?.items.length === 0 && html`<${Empty}>${t("find.none")}<//>`}
      ${value?.items.length > 0 &&
      html`<${Section}>
        ${value.items.map((each) => html`<${Line} key=${each.number} strong label=${each.head} hint=${`${each.number} · ${t("find.group", { n: each.group_no })}${each.lane ? ` · ${each.lane}` : ""}`} value=${each.balance} onClick=${() => go("manage", "households", each.number)} />`)}
      <//>`}
      ${value?.next && html`<${Notice}>${t("households.more")}<//>`}
    <//>
  `;
}

function One({ number, isEditing }) {
  const read = async () => {
    const at = encodeURIComponent(number);
    const [household, passbook] = await Promise.all([call("GET", `~/households/${at}`), call("GET", `~/households/${at}/passbook?limit=20`)]);
    return { household, passbook: passbook.items };
  };
  const { value, problem, reload } = useReading(read, reason, [number]);
  const [asking, setAsking] = useState(false);
  const [issued, setIssued] = useState(null);
  const [reversing, setReversing] = useState(null);
  const [busy, unsaid, run] = useWork(reason);
  if (value && isEditing) return html`<${Edit} household=${value.household} />`;
  const issue = () =>
    run(async () => {
      setIssued(await call("PUT", `~/households/${encodeURIComponent(number)}/cards/${newName()}`, { body: {} }));
      setAsking(false);
      reload();
    });
  const bar = holds("manager", "admin") &&
    html`<${Button} kind="plain" onClick=${() => setAsking(true)}>${t("households.card")}<//><${Button} onClick=${() => go("manage", "households", number, "edit")}>${t("edit")}<//>`;
  return html`
    <${Page} title=${value?.household.head ?? number} canGoBack bar=${bar}>
      ${(problem || unsaid) && html`<${Notice} kind="warn">${problem ?? unsaid}<//>`}
      ${issued && html`<${Notice} kind="done">${t("households.issued", { n: issued.serial })}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value &&
      html`
        <div class="holder">
          <p class="holder__name">${value.household.head} <span class="holder__number">${number}</span></p>
          <p class="holder__balance"><b>${value.household.balance}</b> ${t("points")}</p>
          <p class="holder__today">${t("find.group", { n: value.household.group_no })} ${value.household.lane ?? ""} · ${t("households.honor", { n: value.household.honor_points })}</p>
        </div>
        ${value.household.members.length > 0 &&
        html`<${Section} title=${t("households.members")}>
          ${value.household.members.map((each) => html`<${Line} key=${each.id} label=${each.name} value=${each.birth_year ?? ""} />`)}
        <//>`}
        <${Section} title=${t("households.passbook")}>
          ${value.passbook.map((line) => html`<${Line} key=${line.seq} label=${line.summary} hint=${line.occurred_on} value=${line.points > 0 ? `+${line.points}` : line.points} onClick=${mayReverse(line) ? () => setReversing(line) : null} />`)}
        <//>
      `}
      ${reversing && html`<${AskReversal} line=${reversing} onClose=${() => setReversing(null)} onDone=${() => { setReversing(null); reload(); }} />`}
      ${asking &&
      html`<${Sheet} title=${t("households.card")} onClose=${() => setAsking(false)} actions=${html`<${Button} kind="plain" onClick=${() => setAsking(false)}>${t("cancel")}<//><${Button} kind="warn" disabled=${busy} onClick=${issue}>${t("households.card_do")}<//>`}>
        <p>${t("households.card_explain")}</p>
      <//>`}
    <//>
  `;
}

function Edit({ household }) {
  const items = [
    { name: "number", label: t("households.number"), fixed: Boolean(household) },
    { name: "head", label: t("households.head") },
    { name: "group_no", label: t("households.group"), kind: "whole" },
    { name: "lane", label: t("households.lane"), optional: true },
    { name: "address", label: t("households.address"), optional: true },
    { name: "phone", label: t("households.phone"), optional: true },
    { name: "consent", label: t("households.consent"), kind: "choice", options: ["none", "yes", "no"].map((word) => [word, t(`households.consent_${word}`)]) },
  ];
  const save = ({ number, consent, ...body }) => {
    const name_consent = CONSENT[consent];
    return call("PUT", `~/households/${encodeURIComponent(number)}`, { body: { ...body, name_consent } });
  };
  const asked = Object.keys(CONSENT).find((word) => CONSENT[word] === (household?.name_consent ?? null));
  return html`<${FormPage} title=${household?.head ?? t("households.add")} items=${items} start=${{ ...household, consent: asked }} save=${save} />`;
}
