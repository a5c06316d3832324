// The counter: scan → goods → confirm → a screen that stays. One card at a time; the one before is gone at once.

import { NoAnswer, Refusal, all, call, reason } from "../core/api.js";
import { cleanCode } from "../core/codes.js";
import { html, useEffect, useRef, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { online } from "../core/network.js";
import { go } from "../core/routes.js";
import { useSignal } from "../core/signal.js";
import { t } from "../core/text.js";
import { warmUp } from "../scan/decoder.js";
import { Scanner } from "../scan/scanner.js";
import { Button, Notice, Page } from "../ui/parts.js";
import { Basket } from "./basket.js";
import { Done, Unsure } from "./outcome.js";

/** Code → {number, head}: whom this phone saw today, so that the name stands there before the answer. */
const seen = new Map();

/** Milliseconds for which a card that was turned away is not asked about again. */
const QUIET = 6000;

const NOBODY = { step: "scan", card: null, shown: null, problem: null, order: null, receipt: null };

export function Counter() {
  const [state, setState] = useState(NOBODY);
  const [goods, setGoods] = useState(null);
  const isOnline = useSignal(online);
  const change = (values) => setState((before) => ({ ...before, ...values }));
  const readGoods = () => all("~/products?active=true").then(setGoods, (error) => change({ problem: reason(error) }));

  useEffect(() => {
    // the page first: compiling the scanner takes a slow phone as long as drawing it
    const timer = setTimeout(warmUp, 200);
    readGoods();
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    // what is on hand changes at the other counter too
    if (isOnline && state.step === "scan") readGoods();
  }, [isOnline, state.step]);

  const turnedAway = useRef({ text: null, at: 0 });
  const showCard = (text) => {
    const last = turnedAway.current;
    // a card that was refused lies before the lens for a while; it is not asked about again and again
    if (text === last.text && Date.now() - last.at < QUIET) {
      last.at = Date.now();
      return false;
    }
    ask(text);
    return true;
  };
  const ask = async (text) => {
    const card = cleanCode(text);
    // whoever stood here before is gone, whatever comes back
    setState({ ...NOBODY, step: "basket", card, shown: seen.has(card) ? { household: seen.get(card) } : null });
    try {
      const shown = await call("POST", "~/scans", { body: { code: card ?? text.slice(0, 500) }, timeout: 10000 });
      seen.set(card, shown.household);
      setState((before) => (before.card === card ? { ...before, shown } : before));
    } catch (error) {
      turnedAway.current = { text, at: Date.now() };
      setState((before) => (before.card === card ? { ...NOBODY, problem: reason(error) } : before));
    }
  };

  /** @param {{id: string, body: any}} order its name stays, however often it has to be sent */
  const redeem = async (order) => {
    change({ step: "sending", order, problem: null });
    try {
      const receipt = await call("PUT", `~/redemptions/${order.id}`, { body: order.body, timeout: 10000 });
      change({ step: "done", receipt });
    } catch (error) {
      if (error instanceof NoAnswer || error.status >= 500 || error.status === 409) return change({ step: "unsure" });
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) return undefined;
      change({ step: "basket", order: null, problem: reason(error) });
      readGoods();
    }
    return undefined;
  };
  const confirm = (lines, points) =>
    redeem({ id: newName(), body: { card: state.card, lines, expected_points: points } });
  const next = () => setState(NOBODY);

  if (state.step === "done") return html`<${Done} receipt=${state.receipt} onNext=${next} />`;
  if (state.step === "unsure") return html`<${Unsure} order=${state.order} onAgain=${() => redeem(state.order)} onNext=${next} />`;
  if (state.step !== "scan")
    return html`<${Basket} key=${state.card} shown=${state.shown} goods=${goods} problem=${state.problem} isSending=${state.step === "sending"} onConfirm=${confirm} onCancel=${next} />`;
  return html`<${ScanCard} isOnline=${isOnline} problem=${state.problem} onText=${showCard} />`;
}

function ScanCard({ isOnline, problem, onText }) {
  const [isBy, setBy] = useState(0);
  const aside = html`<button class="head__aside" onClick=${() => go("today")}>${t("tab.today")}</button>`;
  return html`
    <${Page} title=${t("counter.title")} aside=${aside}>
      ${!isOnline && html`<${Notice} kind="warn">${t("counter.offline")}<//>`}
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      ${isOnline
        ? html`<${Scanner} key=${`${problem}${isBy}`} onText=${onText} typed=${t("counter.type_code")} />`
        : html`<${Button} kind="plain" onClick=${() => setBy(isBy + 1)}>${t("counter.wait")}<//>`}
    <//>
  `;
}
