// One rule for one household or for many: who, how much, when, and what proves it.

import { call } from "../core/api.js";
import { database } from "../core/database.js";
import { addDays, today } from "../core/days.js";
import { html, useEffect, useState } from "../core/html.js";
import { online } from "../core/network.js";
import { go } from "../core/routes.js";
import { t } from "../core/text.js";
import { Button, Field, Line, Notice, Page, Section, Stepper } from "../ui/parts.js";
import { Finder } from "./find.js";
import { flush } from "./flush.js";
import { recentHouses, rememberDeed } from "./habits.js";
import { pointsOf } from "./notebook.js";
import { discard, keepDeed } from "./outbox.js";
import { Photos } from "./photos.js";

/** As many households as one batch may have. */
const MOST_HOUSES = 500;

export function Deed({ rule, notebook, refused }) {
  const [ticked, setTicked] = useState(new Map());
  const [quantity, setQuantity] = useState(1);
  const [day, setDay] = useState(today());
  const [note, setNote] = useState("");
  const [photos, setPhotos] = useState([]);
  const [isOpen, setOpen] = useState(false);
  const [kept, setKept] = useState(null);
  const [problem, setProblem] = useState(null);

  useEffect(() => {
    if (refused) takeUp(refused, { setTicked, setQuantity, setDay, setNote, setPhotos });
  }, []);

  const tick = (number, isOn = true) => tickAll([number], isOn);
  const tickAll = (numbers, isOn) =>
    setTicked((before) => {
      const next = new Map(before);
      for (const number of numbers) isOn ? next.set(number, next.get(number) ?? null) : next.delete(number);
      return next;
    });
  const setMember = (number, member) => setTicked((before) => new Map(before).set(number, member));
  const send = async () => {
    const lines = [...ticked].map(([household, member]) => ({ household, quantity, ...(member ? { member_id: member } : {}) }));
    try {
      await keepDeed({ rule: rule.code, title: rule.name, occurred_on: day, note: note.trim() || null, lines }, photos);
    } catch (error) {
      // the phone's own store is full or shut: nothing was kept, so nothing may look kept
      setProblem(t("log.not_kept", { why: error.message }));
      return;
    }
    if (refused) await discard(refused);
    rememberDeed(rule.code, [...ticked.keys()]);
    setKept({ n: lines.length, isOnline: online.get() });
    flush();
  };

  if (kept) return html`<${Kept} rule=${rule} kept=${kept} />`;
  const each = rule.points * quantity;
  const isFull = ticked.size > MOST_HOUSES;
  const bar = html`
    <div class="total">
      <p class="total__points">${t("log.chosen", { n: ticked.size })}</p>
      <p class="total__left">${isFull ? t("log.too_many", { n: MOST_HOUSES }) : t("log.each", { points: each > 0 ? `+${each}` : each })}</p>
    </div>
    <${Button} disabled=${ticked.size === 0 || isFull} onClick=${send}>${t("log.send")}<//>
  `;
  return html`
    <${Page} title=${rule.name} canGoBack bar=${bar}>
      <button class="terms" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
        <span class="terms__points">${pointsOf(rule)}<small>/${rule.per}</small></span>
        <span class="line__body">
          <span>${day === today() ? t("log.today") : day} · ${quantity}${rule.per}${photos.length ? ` · ${t("log.photos", { n: photos.length })}` : ""}</span>
          <span class="line__hint">${rule.evidence ?? t("log.more_hint")}</span>
        </span>
        <span class="link">${t(isOpen ? "log.less" : "log.more")}</span>
      </button>
      ${isOpen && html`<${Terms} rule=${rule} settings=${notebook.settings} ...${{ quantity, setQuantity, day, setDay, note, setNote, photos, setPhotos, count: ticked.size }} />`}
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${rule.track === "spend" && ticked.size > 1 && html`<${Means} points=${each * ticked.size} />`}
      <${Members} ticked=${ticked} roster=${notebook.roster} onMember=${setMember} onRemove=${(number) => tick(number, false)} />
      <${Finder} roster=${notebook.roster} ticked=${ticked} onTick=${tick} onTickAll=${tickAll} recent=${recentHouses()} />
    <//>
  `;
}

function Terms({ rule, settings, quantity, setQuantity, day, setDay, note, setNote, photos, setPhotos, count }) {
  const first = addDays(today(), -(settings?.backdate_days ?? 31));
  return html`
    <${Section}>
      <${Line} label=${t("log.quantity", { per: rule.per })}><${Stepper} value=${quantity} onValue=${setQuantity} label=${t("log.quantity", { per: rule.per })} /><//>
      <${Field} label=${t("log.day")} type="date" value=${day} min=${first} max=${today()} onValue=${(value) => value && setDay(value)} />
      <${Field} label=${t("log.note")} value=${note} onValue=${setNote} placeholder=${t("log.note_hint")} maxlength="200" />
    <//>
    <${Photos} photos=${photos} onPhotos=${setPhotos} />
    ${photos.length > 0 && count > 1 && html`<${Notice}>${t("log.photos_first")}<//>`}
  `;
}

/** Says so before a batch gives out more points than fund and shelves can make good; asked where there is a network. */
function Means({ points }) {
  const [words, setWords] = useState(null);
  useEffect(() => {
    setWords(null);
    if (points <= 0 || !online.get()) return;
    let isLate = false;
    // not for each of forty ticks
    const timer = setTimeout(async () => {
      const line = await call("GET", `~/budget?adding=${points}`).catch(() => null);
      const short = line?.warnings.find((each) => each.code.startsWith("short"));
      if (short && !isLate) setWords(short.detail);
    }, 400);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [points]);
  return words && html`<${Notice} kind="warn">${words}<//>`;
}

/** Who is ticked, and who of the household did it. */
function Members({ ticked, roster, onMember, onRemove }) {
  if (ticked.size === 0 || ticked.size > 12) return null;
  return html`
    <div class="ticked">
      ${[...ticked].map(([number, member]) => {
        const house = roster.find((each) => each.number === number);
        return html`
          <span class="ticked__one" key=${number}>
            <b>${house?.head ?? number}</b>
            ${house?.members.length > 0 &&
            html`<select class="ticked__member" aria-label=${t("log.who", { name: house.head })} onChange=${(event) => onMember(number, Number(event.target.value) || null)}>
              <option value="0" selected=${!member}>${t("log.whole")}</option>
              ${house.members.map((each) => html`<option value=${each.id} selected=${each.id === member}>${each.name}</option>`)}
            </select>`}
            <button class="ticked__remove" aria-label=${t("log.untick", { name: house?.head ?? number })} onClick=${() => onRemove(number)}>×</button>
          </span>
        `;
      })}
    </div>
  `;
}

function Kept({ rule, kept }) {
  return html`
    <${Page} title=${rule.name} bar=${html`<${Button} onClick=${() => go("log")}>${t("log.next")}<//>`}>
      <div class="outcome" role="status">
        <p class="outcome__mark" aria-hidden="true">✓</p>
        <h2 class="outcome__title">${t("log.kept", { n: kept.n })}</h2>
        <p>${t(kept.isOnline ? "log.kept_online" : "log.kept_offline")}</p>
      </div>
      <${Button} kind="plain" onClick=${() => go("mine")}>${t("tab.mine")}<//>
    <//>
  `;
}

/** Open a refused entry again as it was, so that only what was wrong has to change. */
async function takeUp(id, { setTicked, setQuantity, setDay, setNote, setPhotos }) {
  const db = await database();
  const entry = await db.get("outbox", id);
  if (!entry) return;
  const lines = entry.body.lines ?? [entry.body];
  setTicked(new Map(lines.map((line) => [line.household, line.member_id ?? null])));
  setQuantity(lines[0].quantity ?? 1);
  setDay(entry.body.occurred_on);
  setNote(entry.body.note ?? "");
  setPhotos((await db.getAllFromIndex("photos", "outbox", id)).map((photo) => photo.blob));
}
