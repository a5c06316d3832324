// Whose card it is, what may be taken, and what is being taken.

import { html, useState } from "../core/html.js";
import { t } from "../core/text.js";
import { GOODS } from "../scan/decoder.js";
import { Scanner } from "../scan/scanner.js";
import { Button, Loading, Notice, Page, Sheet } from "../ui/parts.js";

export function Basket({ shown, goods, problem, isOnline, isSending, onConfirm, onCancel, onPin }) {
  const [taken, setTaken] = useState({});
  const [asking, setAsking] = useState(false);
  const [scanning, setScanning] = useState(null);
  const known = goods ?? [];
  const lines = known.filter((product) => taken[product.code]);
  const points = lines.reduce((sum, product) => sum + product.points * taken[product.code], 0);
  const left = shown?.today ? shown.today.points_left - points : 0;
  const put = (product, by) =>
    setTaken((before) => {
      const quantity = Math.max(0, Math.min(product.on_hand, (before[product.code] ?? 0) + by));
      return { ...before, [product.code]: quantity };
    });
  const putScanned = (text) => {
    const product = known.find((each) => each.barcode === text || each.code === text);
    if (product) put(product, 1);
    setScanning(product ? { done: product.name } : { unknown: text });
    return false;
  };
  const confirm = () => {
    setAsking(false);
    onConfirm(lines.map((product) => ({ product: product.code, quantity: taken[product.code] })), points);
  };
  const may = isOnline && shown?.today && shown.today.open && points > 0 && left >= 0;

  const bar = html`
    <div class="total">
      <p class="total__points">${t("basket.total", { points })}</p>
      <p class=${left < 0 ? "total__left total__left_short" : "total__left"}>
        ${left < 0 ? t("basket.short", { points: -left }) : t("basket.left", { points: Math.max(0, left) })}
      </p>
    </div>
    <${Button} disabled=${!may || isSending} onClick=${() => setAsking(true)}>${isSending ? t("loading") : t("basket.take")}<//>
  `;
  return html`
    <${Page} title=${t("basket.title")} bar=${bar} aside=${html`<button class="head__aside" disabled=${isSending} onClick=${onCancel}>${t("basket.other_card")}</button>`}>
      <${Person} shown=${shown} onPin=${onPin} />
      ${!isOnline && html`<${Notice} kind="warn">${t("counter.offline")}<//>`}
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${shown?.today && !shown.today.open && html`<${Notice} kind="warn">${t("basket.closed")}<//>`}
      <div class="goods__head">
        <h2 class="section__title">${t("basket.goods")}</h2>
        <button class="link" onClick=${() => setScanning({})}>${t("basket.scan")}</button>
      </div>
      ${!goods && html`<${Loading} />`}
      <div class="goods">
        ${known.map((product) => html`<${Product} key=${product.code} product=${product} quantity=${taken[product.code] ?? 0} onPut=${(by) => put(product, by)} />`)}
      </div>
      ${asking && html`<${Confirm} shown=${shown} lines=${lines} taken=${taken} points=${points} isOnline=${isOnline} onYes=${confirm} onNo=${() => setAsking(false)} />`}
      ${scanning &&
      html`<${Sheet} title=${t("basket.scan")} onClose=${() => setScanning(null)} actions=${html`<${Button} onClick=${() => setScanning(null)}>${t("done")}<//>`}>
        ${scanning.done && html`<${Notice} kind="done">${t("basket.added", { name: scanning.done })}<//>`}
        ${scanning.unknown && html`<${Notice} kind="warn">${t("basket.unknown", { code: scanning.unknown })}<//>`}
        <${Scanner} formats=${GOODS} typed=${t("basket.type_code")} keyboard="numeric" keepsGoing onText=${putScanned} />
      <//>`}
    <//>
  `;
}

function Person({ shown, onPin }) {
  if (!shown) return html`<div class="holder"><${Loading} /></div>`;
  return html`
    <div class="holder">
      <p class="holder__name">${shown.household.head} <span class="holder__number">${shown.household.number}</span></p>
      ${shown.today
        ? html`
            <p class="holder__balance"><b>${shown.balance}</b> ${t("points")}</p>
            <p class="holder__today">${t("basket.may_take", { points: shown.today.points_left })}</p>
            ${shown.today.pin &&
            html`<p class="holder__pin">
              <span>${shown.today.pin === "blocked" ? t("pin.is_blocked") : t("pin.free", { points: shown.today.without_pin })}</span>
              <button class="link" onClick=${onPin}>${t(shown.today.pin === "none" ? "pin.set" : "pin.change")}</button>
            </p>`}
          `
        : html`<p class="holder__today">${t("loading")}</p>`}
    </div>
  `;
}

function Product({ product, quantity, onPut }) {
  const isOut = product.on_hand <= 0;
  return html`
    <div class=${quantity ? "product product_taken" : "product"}>
      <button class="product__button" disabled=${isOut || quantity >= product.on_hand} onClick=${() => onPut(1)}>
        <span class="product__name">${product.name}</span>
        <span class="product__spec">${[product.spec, isOut ? t("basket.out") : t("basket.on_hand", { n: product.on_hand })].filter(Boolean).join(" · ")}</span>
        <span class="product__points">${product.points}<small> ${t("points")}</small></span>
        ${quantity > 0 && html`<span class="product__count" aria-label=${t("basket.count", { n: quantity })}>${quantity}</span>`}
      </button>
      ${quantity > 0 && html`<button class="product__less" onClick=${() => onPut(-1)} aria-label=${t("basket.less", { name: product.name })}>−</button>`}
    </div>
  `;
}

function Confirm({ shown, lines, taken, points, isOnline, onYes, onNo }) {
  const actions = html`
    <${Button} kind="plain" onClick=${onNo}>${t("cancel")}<//>
    <${Button} disabled=${!isOnline} onClick=${onYes}>${t("basket.confirm")}<//>
  `;
  return html`
    <${Sheet} title=${t("basket.confirm_title", { name: shown.household.head })} onClose=${onNo} actions=${actions}>
      ${!isOnline && html`<${Notice} kind="warn">${t("counter.offline")}<//>`}
      <ul class="bill">
        ${lines.map((product) => html`<li class="bill__line"><span>${product.name} × ${taken[product.code]}${product.unit}</span><b>${product.points * taken[product.code]}</b></li>`)}
        <li class="bill__line bill__line_total"><span>${t("basket.sum")}</span><b>${points}</b></li>
        <li class="bill__line"><span>${t("basket.after")}</span><b>${shown.balance - points}</b></li>
      </ul>
    <//>
  `;
}
