// The wall screen: turns its pages by itself, asks for news every few minutes, and goes on with what it has when the
// network is gone, for days if need be.

import { html, render, useEffect, useState } from "../core/html.js";
import { loadText, t } from "../core/text.js";
import { pagesOf } from "./pages.js";

/** Milliseconds a page stands, and between two looks for news. */
const STANDS = 12_000;
const ASKS = 60_000;

const place = document.getElementById("board");
const { village, name } = place.dataset;
const KEPT = `pointshop.board.${village}`;
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });
const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const MOMENT = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DATE = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "long" });

function Board() {
  const [published, setPublished] = useState(JSON.parse(localStorage.getItem(KEPT) ?? "null"));
  const [isCut, setCut] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const ask = async () => {
      try {
        const answer = await fetch(`/board/${village}/published.json`, { cache: "no-cache" });
        if (!answer.ok) throw new Error(String(answer.status));
        const found = await answer.json();
        localStorage.setItem(KEPT, JSON.stringify(found));
        setPublished(found);
        setCut(false);
      } catch {
        setCut(true);
      }
    };
    ask();
    const timers = [setInterval(ask, ASKS), setInterval(() => setTurn((before) => before + 1), STANDS)];
    addEventListener("online", ask);
    return () => timers.forEach(clearInterval);
  }, []);
  const now = new Date();
  const today = DAY.format(now);
  const pages = pagesOf(published, today, { deeds: t("board.deeds"), goods: t("board.goods") });
  const page = pages[turn % Math.max(1, pages.length)];
  return html`
    <header class="head">
      <p class="head__village">${name}</p>
      <h1 class="head__title">${page?.title ?? t("app.name")}</h1>
      <p class="head__now">${DATE.format(now)} ${CLOCK.format(now)}</p>
    </header>
    <main class=${`page page_${page?.kind ?? "none"}`} key=${turn}>
      ${page ? html`<${Page} page=${page} />` : html`<p class="nothing">${t(published ? "board.nothing" : "loading")}</p>`}
    </main>
    <footer class="foot">
      <p>${published?.next_day >= today ? html`${t("board.next_day")} <b>${DATE.format(new Date(`${published.next_day}T04:00:00Z`))}</b>` : ""}</p>
      <p class="foot__dots" aria-hidden="true">${pages.map((each, at) => html`<i class=${each === page ? "dot dot_on" : "dot"} key=${at}></i>`)}</p>
      <p class=${isCut ? "foot__at foot__at_cut" : "foot__at"}>${published ? t(isCut ? "board.cut" : "board.as_of", { at: MOMENT.format(new Date(published.at)) }) : ""}</p>
    </footer>
  `;
}

function Page({ page }) {
  if (page.kind === "roll") return html`<${Roll} roll=${page} />`;
  return page.kind === "goods" ? html`<${Goods} goods=${page.goods} />` : html`<${Deeds} deeds=${page.deeds} />`;
}

function Roll({ roll }) {
  return html`
    <p class="scope">${roll.scope}${roll.pages > 1 ? ` · ${roll.page}/${roll.pages}` : ""}</p>
    <ol class="roll">
      ${roll.items.map((item) => html`
        <li class=${item.place <= 3 ? `line line_${item.place}` : "line"}>
          <span class="line__place">${item.place}</span>
          <span class="line__name">${item.name}</span>
          <span class="line__group">${item.group_no ? t("find.group", { n: item.group_no }) : ""}</span>
          <span class="line__points">${item.points}</span>
        </li>`)}
    </ol>
    ${roll.items.length === 0 && html`<p class="nothing">${t("board.vacant")}</p>`}
    <p class="contact">${t("board.until", { day: roll.until_on, contact: roll.contact })}</p>
  `;
}

const Goods = ({ goods }) => html`
  <ul class="goods">
    ${goods.map((product) => html`
      <li class=${product.is_there ? "product" : "product product_out"}>
        <span class="product__name">${product.name}</span>
        <span class="product__spec">${product.is_there ? (product.spec ?? "") : t("card.out")}</span>
        <span class="product__points">${product.points}<small> ${t("points")}</small></span>
      </li>`)}
  </ul>
`;

const Deeds = ({ deeds }) => html`
  <ul class="deeds">
    ${deeds.map((deed) => html`<li class="deed"><span class="deed__name">${deed.name}</span><b class="deed__count">${deed.count}<small> ${t("board.times")}</small></b></li>`)}
  </ul>
`;

await loadText();
render(html`<${Board} />`, place);
if ("serviceWorker" in navigator) navigator.serviceWorker.register(`/board/${village}/sw.js`, { scope: `/board/${village}` });
