// What I logged: what still waits on this phone, what was refused and why, and what the books say.

import { call, reason, reasonOf } from "../core/api.js";
import { keepFact, readFact } from "../core/database.js";
import { shortDay, timeOf } from "../core/days.js";
import { html, useEffect, useState } from "../core/html.js";
import { go } from "../core/routes.js";
import { useSignal } from "../core/signal.js";
import { t } from "../core/text.js";
import { Button, Empty, Field, Line, Loading, Notice, Page, Section, Sheet } from "../ui/parts.js";
import { Who } from "./events.js";
import { flush, flushed, skew } from "./flush.js";
import { nameOf, useNotebook } from "./notebook.js";
import { counts, discard, entries, keepWithdrawal, nameSigner } from "./outbox.js";

export function Mine() {
  useNotebook();
  const rounds = useSignal(flushed);
  const waitingNow = useSignal(counts);
  const fast = useSignal(skew);
  const [own, setOwn] = useState([]);
  const [booked, setBooked] = useState({ items: null, problem: null });
  const [open, setOpen] = useState(null);

  useEffect(() => {
    entries().then(setOwn);
  }, [waitingNow]);
  useEffect(() => {
    readBooked(setBooked);
  }, [rounds]);

  const waiting = own.filter((entry) => entry.state === "waiting");
  const refused = own.filter((entry) => entry.state === "refused");
  return html`
    <${Page} title=${t("mine.title")} aside=${html`<button class="head__aside" onClick=${() => flush()}>${t("mine.send")}</button>`}>
      ${fast !== 0 && html`<${Notice} kind="warn">${t("mine.skew", { minutes: Math.round(fast / 60) })}<//>`}
      ${refused.length > 0 && html`<${Section} title=${t("outbox.refused", { n: refused.length })}>${refused.map((entry) => html`<${Refused} key=${entry.id} entry=${entry} />`)}<//>`}
      ${waiting.length > 0 &&
      html`<${Section} title=${t("outbox.waiting", { n: waiting.length })}>
        ${waiting.map((entry) => html`<${Line} key=${entry.id} strong label=${titleOf(entry)} hint=${`${whoOf(entry)} · ${timeOf(entry.at)}`} value=${html`<span class="state state_waiting">${t("state.unsent")}</span>`} />`)}
      <//>`}
      ${booked.problem && html`<${Notice}>${booked.problem}<//>`}
      ${!booked.items && !booked.problem && html`<${Loading} />`}
      ${booked.items?.length === 0 && !own.length && html`<${Empty}>${t("mine.none")}<//>`}
      ${booked.items?.length > 0 &&
      html`<${Section} title=${t("mine.booked")}>
        ${booked.items.map((merit) => html`<${Line} key=${merit.id} strong label=${`${merit.head} ${merit.points > 0 ? "+" : ""}${merit.points}`} hint=${`${shortDay(merit.occurred_on)} · ${merit.rule_name}`}
          value=${html`<span class=${`state state_${merit.state}`}>${t(`state.${merit.state}`)}</span>`} onClick=${() => setOpen(merit)} />`)}
      <//>`}
      ${open && html`<${Merit} merit=${open} onClose=${() => setOpen(null)} />`}
    <//>
  `;
}

/** What the books say, or what they said when there was last signal. */
async function readBooked(setBooked) {
  const kept = await readFact("mine");
  if (kept) setBooked({ items: kept, problem: null });
  try {
    const { items } = await call("GET", "~/merits?mine=true&limit=50");
    await keepFact("mine", items);
    setBooked({ items, problem: null });
  } catch (error) {
    setBooked((before) => ({ ...before, problem: reason(error) }));
  }
}

const titleOf = (entry) => {
  if (entry.put.endsWith("/withdrawal")) return t("mine.withdrawal", { name: entry.title });
  return entry.put === "" ? t("mine.photo") : entry.title;
};

function whoOf({ body }) {
  if (body.card) return t("event.a_card");
  const numbers = (body.lines ?? [body]).map((line) => line.household).filter(Boolean);
  if (numbers.length === 0) return t("mine.booked_one");
  const names = numbers.slice(0, 2).map(nameOf).join("、");
  return numbers.length > 2 ? t("mine.and_more", { names, n: numbers.length }) : names;
}

function Refused({ entry }) {
  const { code, detail, errors, data } = entry.problem;
  const [asking, setAsking] = useState(false);
  const isDeed = entry.put.startsWith("merit") && !entry.put.endsWith("/withdrawal");
  return html`
    <div class="refused">
      <p class="line__label line__label_strong">${titleOf(entry)}</p>
      <p class="line__hint">${whoOf(entry)} · ${entry.body.occurred_on ?? ""}</p>
      <p class="refused__why">${told(entry, reasonOf(code, detail, errors))}</p>
      <div class="refused__do">
        ${isDeed && html`<${Button} onClick=${() => go("log", entry.body.rule, entry.id)}>${t("mine.correct")}<//>`}
        ${data?.members?.length > 0 && html`<${Button} onClick=${() => setAsking(true)}>${t("event.who")}<//>`}
        <${Button} kind="plain" onClick=${() => discard(entry.id)}>${t("mine.discard")}<//>
      </div>
      ${asking && html`<${Who} members=${data.members} onChoose=${(member) => nameSigner(entry, member).then(flush)} onClose=${() => setAsking(false)} />`}
    </div>
  `;
}

/** A refusal of a batch names its lines; whoever reads it knows them by the head of the household. */
function told(entry, text) {
  const bad = Object.keys(entry.problem.errors ?? {})
    .map((field) => /^lines\.(\d+)/.exec(field)?.[1])
    .filter((index) => index !== undefined && entry.body.lines?.[index]);
  const names = [...new Set(bad)].map((index) => nameOf(entry.body.lines[index].household));
  return names.length ? `${text}（${names.join("、")}）` : text;
}

function Merit({ merit, onClose }) {
  const [why, setWhy] = useState("");
  const may = merit.state === "submitted";
  const withdraw = async () => {
    await keepWithdrawal(merit, why.trim() || t("mine.mistake"));
    flush();
    onClose();
  };
  const actions = html`
    <${Button} kind="plain" onClick=${onClose}>${t("go_back")}<//>
    ${may && html`<${Button} kind="warn" onClick=${withdraw}>${t("mine.withdraw")}<//>`}
  `;
  return html`
    <${Sheet} title=${merit.rule_name} onClose=${onClose} actions=${actions}>
      <ul class="bill">
        <li class="bill__line"><span>${merit.head} ${merit.household}</span><b>${merit.points}</b></li>
        <li class="bill__line"><span>${merit.occurred_on}</span><span>${t(`state.${merit.state}`)}</span></li>
        ${merit.note && html`<li class="bill__line">${merit.note}</li>`}
        ${merit.reason && html`<li class="bill__line">${t("mine.reason", { reason: merit.reason })}</li>`}
        ${merit.due_on && html`<li class="bill__line">${t("mine.due", { day: merit.due_on })}</li>`}
      </ul>
      ${may && html`<${Field} label=${t("void.reason")} value=${why} onValue=${setWhy} placeholder=${t("mine.mistake")} maxlength="200" />`}
      ${!may && html`<p class="line__hint">${t("mine.ask_manager")}</p>`}
    <//>
  `;
}
