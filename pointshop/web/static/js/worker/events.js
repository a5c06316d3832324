// Signing in at an event: card after card, each told at once; without signal it is kept with its own time and sent later.

import { NoAnswer, Refusal, call, reason } from "../core/api.js";
import { cleanCode, digestOf } from "../core/codes.js";
import { keepFact, readFact } from "../core/database.js";
import { dayOf, shortDay, timeOf } from "../core/days.js";
import { html, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { go } from "../core/routes.js";
import { t } from "../core/text.js";
import { Scanner } from "../scan/scanner.js";
import { Button, Empty, Line, Loading, Notice, Page, Section, Sheet, useReading } from "../ui/parts.js";
import { flush } from "./flush.js";
import { useNotebook } from "./notebook.js";
import { isWaitedFor, keepSigning } from "./outbox.js";
import { Plan } from "./plan.js";

/** Results that stay on the screen. */
const SHOWN = 8;

export function Events({ route }) {
  const { value, problem } = useReading(readEvents, reason, [route[1]]);
  if (route[1] === "+") return html`<${Plan} />`;
  const event = value?.find((each) => each.id === route[1]);
  if (event) return html`<${Signing} key=${event.id} event=${event} />`;
  return html`
    <${Page} title=${t("event.sign")} canGoBack bar=${html`<${Button} onClick=${() => go("events", "+")}>${t("event.plan")}<//>`}>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value?.length === 0 && html`<${Empty}>${t("event.none")}<//>`}
      ${value?.length > 0 &&
      html`<${Section}>
        ${value.map((each) => html`<${Line} key=${each.id} strong label=${each.title} hint=${`${shortDay(dayOf(new Date(each.from_at)))} ${timeOf(each.from_at)} · ${each.place}`} onClick=${() => go("events", each.id)} />`)}
      <//>`}
    <//>
  `;
}

/** Those that are open, or were when there was last signal. */
async function readEvents() {
  try {
    const { items } = await call("GET", "~/events?state=planned&limit=50");
    await keepFact("events", items);
    return items;
  } catch (error) {
    const kept = error instanceof NoAnswer ? await readFact("events") : null;
    if (!kept) throw error;
    return kept;
  }
}

function Signing({ event }) {
  const { roster } = useNotebook();
  const [way, setWay] = useState("in");
  const [told, setTold] = useState([]);
  const [choice, setChoice] = useState(null);
  const tell = (kind, text) => setTold((before) => [{ kind, text, key: newName() }, ...before].slice(0, SHOWN));

  /** Keep it for later; where persons count, the phone's own list says whom to choose from. */
  const keep = async (card, direction, member, scanned) => {
    const members = event.level === "member" && !member ? membersOf(roster, card) : [];
    if (members.length) return setChoice({ card, direction, members, scanned });
    await keepSigning(event, direction, { card, ...(member ? { member_id: member } : {}), scanned_at: scanned });
    flush();
    return tell("info", t("event.kept"));
  };
  const sign = async (card, direction, member, scanned = new Date().toISOString()) => {
    const body = member ? { card, member_id: member } : { card };
    // who left is not told before who came
    if (direction === "out" && (await isWaitedFor(event, card))) return keep(card, direction, member, scanned);
    try {
      const row = await call("PUT", `~/events/${event.id}/sign-${direction}s/${newName()}`, { body, timeout: 10000 });
      const name = row.member ?? row.head;
      if (direction === "in") tell("done", t("event.came", { name, time: timeOf(row.in_at) }));
      else tell("done", t("event.left", { name, time: timeOf(row.out_at), minutes: row.minutes }));
    } catch (error) {
      if (error instanceof NoAnswer) await keep(card, direction, member, scanned);
      else if (error instanceof Refusal && error.data.members?.length) setChoice({ card, direction, members: error.data.members, scanned });
      else tell("warn", reason(error));
    }
    return undefined;
  };
  const heard = (text) => {
    sign(cleanCode(text) ?? text.slice(0, 500), way);
  };
  const choose = (member) => {
    const { card, direction, scanned } = choice;
    setChoice(null);
    sign(card, direction, member, scanned);
  };
  return html`
    <${Page} title=${event.title} canGoBack>
      <div class="ways" role="group" aria-label=${t("event.sign")}>
        ${["in", "out"].map((each) => html`<${Button} key=${each} kind=${each === way ? "primary" : "plain"} aria-pressed=${each === way} onClick=${() => setWay(each)}>${t(`event.${each}`)}<//>`)}
      </div>
      ${told.map(({ kind, text, key }) => html`<${Notice} key=${key} kind=${kind}>${text}<//>`)}
      <${Scanner} key=${way} onText=${heard} typed=${t("counter.type_code")} keepsGoing />
      ${choice && html`<${Who} members=${choice.members} onChoose=${choose} onClose=${() => setChoice(null)} />`}
    <//>
  `;
}

/** Whom the phone's own list names for a card; nobody where the card is not of the own grid. */
function membersOf(roster, card) {
  const digest = cleanCode(card) && digestOf(card);
  return roster.find((each) => digest && each.card === digest)?.members ?? [];
}

export function Who({ members, onChoose, onClose }) {
  const actions = html`<${Button} kind="plain" onClick=${onClose}>${t("go_back")}<//>`;
  return html`
    <${Sheet} title=${t("event.who")} onClose=${onClose} actions=${actions}>
      ${members.map(({ id, name }) => html`<${Button} key=${id} onClick=${() => onChoose(id)}>${name}<//>`)}
    <//>
  `;
}
