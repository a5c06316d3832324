// Finding households: by name, pinyin initials or number, by their card, or group → lane → house.

import { cleanCode, digestOf } from "../core/codes.js";
import { html, useMemo, useState } from "../core/html.js";
import { t } from "../core/text.js";
import { Scanner } from "../scan/scanner.js";
import { Button, Notice, Sheet } from "../ui/parts.js";

const MOST_FOUND = 40;

/** What was typed, in the form of a search key. */
const folded = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s'’·]/g, "");

/** @param {{roster: any[], ticked: Map<string, any>, onTick: (number: string, isOn?: boolean) => void, onTickAll: (numbers: string[], isOn: boolean) => void, recent: string[]}} props */
export function Finder({ roster, ticked, onTick, onTickAll, recent }) {
  const [text, setText] = useState("");
  const [isScanning, setScanning] = useState(false);
  const term = folded(text);
  const found = useMemo(
    () => (term ? roster.filter((each) => each.key.split("\n").some((line) => line.includes(term))).slice(0, MOST_FOUND) : null),
    [term, roster],
  );
  const houses = (list, withMembers = false) =>
    list.map((each) => html`<${House} key=${each.number} house=${each} isOn=${ticked.has(each.number)} onTick=${onTick} withMembers=${withMembers} />`);
  const lately = recent.map((number) => roster.find((each) => each.number === number)).filter(Boolean).slice(0, 4);
  return html`
    <div class="finder">
      <div class="search">
        <input class="search__input" type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder=${t("find.placeholder")} aria-label=${t("find.placeholder")} autocomplete="off" autocapitalize="none" />
        <button class="search__scan" onClick=${() => setScanning(true)}>${t("find.scan")}</button>
      </div>
      ${found?.length === 0 && html`<${Notice}>${t("find.none")}<//>`}
      ${found && html`<div class="weui-cells">${houses(found, true)}</div>`}
      ${!found && lately.length > 0 && html`<h2 class="section__title">${t("find.recent")}</h2><div class="weui-cells">${houses(lately)}</div>`}
      ${!found && html`<${Groups} roster=${roster} ticked=${ticked} houses=${houses} onTickAll=${onTickAll} />`}
      ${isScanning && html`<${ScanHouses} roster=${roster} ticked=${ticked} onTick=${onTick} onClose=${() => setScanning(false)} />`}
    </div>
  `;
}

/** withMembers: somebody of the household may be whom one looked for. */
function House({ house, isOn, onTick, withMembers }) {
  const others = house.members.map((each) => each.name).filter((name) => name !== house.head);
  return html`
    <label class=${isOn ? "weui-cell house house_on" : "weui-cell house"}>
      <input class="tick" type="checkbox" checked=${isOn} onChange=${(event) => onTick(house.number, event.target.checked)} />
      <span class="line__body weui-cell__bd">
        <span class="line__label line__label_strong">${house.head}</span>
        <span class="line__hint">${house.number} · ${t("find.group", { n: house.group_no })}${house.lane ? ` · ${house.lane}` : ""}</span>
        ${withMembers && others.length > 0 && html`<span class="line__hint">${others.join("、")}</span>`}
      </span>
    </label>
  `;
}

function Groups({ roster, ticked, houses, onTickAll }) {
  const groups = useMemo(() => grouped(roster, (each) => each.group_no), [roster]);
  return html`
    <h2 class="section__title">${t("find.by_place")}</h2>
    ${groups.map(([group, inGroup]) => {
      const lanes = grouped(inGroup, (each) => each.lane ?? "");
      return html`
        <${Fold} key=${group} title=${t("find.group", { n: group })} list=${inGroup} ticked=${ticked} onTickAll=${onTickAll} isOpen=${groups.length === 1}>
          ${lanes.length === 1
            ? html`<div class="weui-cells">${houses(inGroup)}</div>`
            : lanes.map(([lane, inLane]) => html`<${Fold} key=${lane} title=${lane || t("find.no_lane")} list=${inLane} ticked=${ticked} onTickAll=${onTickAll}><div class="weui-cells">${houses(inLane)}</div><//>`)}
        <//>
      `;
    })}
  `;
}

function Fold({ title, list, ticked, onTickAll, isOpen = false, children }) {
  const [open, setOpen] = useState(isOpen);
  const numbers = list.map((each) => each.number);
  const on = numbers.filter((number) => ticked.has(number)).length;
  return html`
    <div class="fold">
      <div class="fold__head">
        <button class="fold__title" aria-expanded=${open} onClick=${() => setOpen(!open)}>
          <span class="fold__mark" aria-hidden="true">${open ? "▾" : "▸"}</span> ${title}
          <span class="line__hint">${on ? t("find.some_of", { on, n: list.length }) : t("find.houses", { n: list.length })}</span>
        </button>
        ${open && html`<button class="link" onClick=${() => onTickAll(numbers, on < numbers.length)}>${t(on < numbers.length ? "find.all" : "find.nobody")}</button>`}
      </div>
      ${open && html`<div class="fold__body">${children}</div>`}
    </div>
  `;
}

/** One card after another, as at the door of a meeting. */
function ScanHouses({ roster, ticked, onTick, onClose }) {
  const [told, setTold] = useState(null);
  const read = (text) => {
    const code = cleanCode(text);
    const digest = code && digestOf(code);
    const house = roster.find((each) => (digest && each.card === digest) || each.number === text.trim());
    if (!house) setTold({ kind: "warn", text: t(code ? "find.foreign" : "find.no_card") });
    else if (ticked.has(house.number)) setTold({ kind: "info", text: t("find.already", { name: house.head }) });
    else {
      onTick(house.number, true);
      setTold({ kind: "done", text: t("find.ticked", { name: house.head }) });
    }
    return false;
  };
  return html`
    <${Sheet} title=${t("find.scan_title")} onClose=${onClose} actions=${html`<${Button} onClick=${onClose}>${t("find.scan_done", { n: ticked.size })}<//>`}>
      ${told && html`<${Notice} kind=${told.kind}>${told.text}<//>`}
      <${Scanner} typed=${t("find.type_number")} keepsGoing onText=${read} />
    <//>
  `;
}

function grouped(list, keyOf) {
  const found = new Map();
  for (const each of list) found.set(keyOf(each), [...(found.get(keyOf(each)) ?? []), each]);
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1));
}
