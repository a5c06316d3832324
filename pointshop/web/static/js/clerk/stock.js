// What lies in the shop: receive, count, write off; what is running low stands first.

import { all, call, reason } from "../core/api.js";
import { html, useRef, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { back, go } from "../core/routes.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Empty, Field, Line, Loading, Notice, Page, Section, useReading, useWork } from "../ui/parts.js";

/** Days ahead of its date from which goods stand among those that expire soon. */
const SOON = 30;

export function Stock({ route }) {
  const { value, problem, reload } = useReading(() => all("~/products?active=true"), reason);
  const product = value?.find((each) => each.code === route[1]);
  if (product) return html`<${Move} key=${product.code} product=${product} onDone=${reload} />`;
  const low = (value ?? []).filter((each) => each.is_low);
  const rest = (value ?? []).filter((each) => !each.is_low);
  const line = (each) =>
    html`<${Line} key=${each.code} strong label=${each.name} hint=${[each.spec, t("stock.price", { points: each.points })].filter(Boolean).join(" · ")}
      value=${html`<span class=${each.is_low ? "count count_low" : "count"}>${each.on_hand}${each.unit}</span>`} onClick=${() => go("stock", each.code)} />`;
  return html`
    <${Page} title=${t("stock.title")}>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value?.length === 0 && html`<${Empty}>${t("stock.none")}<//>`}
      ${!problem && html`<${Expiring} products=${value} />`}
      ${low.length > 0 && html`<${Section} title=${t("stock.low")}>${low.map(line)}<//>`}
      ${rest.length > 0 && html`<${Section} title=${t("stock.rest")}>${rest.map(line)}<//>`}
    <//>
  `;
}

/** What expires soon or has expired, the first to go first. */
function Expiring({ products }) {
  const { value, problem } = useReading(() => call("GET", `~/lots?within=${SOON}`), reason, [products]);
  const told = (days) => (days < 0 ? t("stock.expired") : t("stock.expires_in", { n: days }));
  return html`
    ${problem && html`<${Notice} kind="warn">${problem}<//>`}
    ${value?.items.length > 0 &&
    html`<${Section} title=${t("stock.expiring")}>
      ${value.items.map((lot, at) => html`<${Line} key=${at} strong label=${lot.name} hint=${`${lot.best_before} · ${told(lot.days_left)}`}
        value=${html`<span class="count count_low">${lot.left}${lot.unit}</span>`} onClick=${() => go("stock", lot.product)} />`)}
    <//>`}
  `;
}

const KINDS = ["receive", "count", "write_off"];

function Move({ product, onDone }) {
  const [kind, setKind] = useState("receive");
  const [quantity, setQuantity] = useState("");
  const [donor, setDonor] = useState("");
  const [cost, setCost] = useState("");
  const [supplier, setSupplier] = useState("");
  const [until, setUntil] = useState("");
  const [note, setNote] = useState("");
  const [done, setDone] = useState(null);
  const [busy, problem, run] = useWork(reason);
  // one name for one movement, however often it has to be sent
  const name = useRef(newName());
  const isReceiving = kind === "receive";
  const send = () =>
    run(async () => {
      const body = { product: product.code, kind, quantity: Number(quantity), note: note.trim() || null };
      if (isReceiving) {
        Object.assign(body, { donor: donor.trim() || null, cost_fen: cost ? Math.round(Number(cost) * 100) : null });
        Object.assign(body, { supplier: supplier.trim() || null, best_before: until || null });
      }
      const found = await call("PUT", `~/stock-moves/${name.current}`, { body });
      setDone(found);
      onDone();
    });
  const change = (set) => (value) => {
    name.current = newName();
    set(value);
  };
  const isWhole = /^\d{1,6}$/.test(quantity) && (kind === "count" || Number(quantity) > 0);
  if (done)
    return html`
      <${Page} title=${product.name} canGoBack bar=${html`<${Button} onClick=${back}>${t("done")}<//>`}>
        <div class="outcome" role="status">
          <p class="outcome__mark" aria-hidden="true">✓</p>
          <h2 class="outcome__title">${t(`stock.${kind}_done`)}</h2>
          <p>${t("stock.changed", { change: done.change > 0 ? `+${done.change}` : done.change, n: done.on_hand_after })}</p>
        </div>
      <//>
    `;
  return html`
    <${Page} title=${product.name} canGoBack bar=${html`<${Button} disabled=${busy || !isWhole} onClick=${send}>${t(`stock.${kind}_do`)}<//>`}>
      <p class="summary">${t("stock.on_hand", { n: `${product.on_hand}${product.unit}` })}</p>
      ${!holds("clerk", "manager") && html`<${Notice}>${t("stock.read_only")}<//>`}
      <div class="chips" role="group" aria-label=${t("stock.kind")}>
        ${KINDS.map((each) => html`<button class=${kind === each ? "chip chip_on" : "chip"} aria-pressed=${kind === each} onClick=${() => change(setKind)(each)}>${t(`stock.${each}`)}</button>`)}
      </div>
      <${Notice}>${t(`stock.${kind}_explain`)}<//>
      <${Section}>
        <${Field} label=${t("stock.quantity")} value=${quantity} onValue=${change(setQuantity)} inputmode="numeric" placeholder=${product.unit} />
        ${isReceiving && html`<${Field} label=${t("stock.donor")} value=${donor} onValue=${change(setDonor)} placeholder=${t("optional")} maxlength="60" />`}
        ${isReceiving && html`<${Field} label=${t("stock.cost")} value=${cost} onValue=${change(setCost)} placeholder=${t("optional")} inputmode="decimal" />`}
        ${isReceiving && html`<${Field} label=${t("stock.supplier")} value=${supplier} onValue=${change(setSupplier)} placeholder=${t("optional")} maxlength="60" />`}
        ${isReceiving && html`<${Field} label=${t("stock.best_before")} value=${until} onValue=${change(setUntil)} type="date" />`}
        <${Field} label=${t("stock.note")} value=${note} onValue=${change(setNote)} placeholder=${t("optional")} maxlength="200" />
      <//>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
    <//>
  `;
}
