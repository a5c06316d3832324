// The counter: scan → goods → confirm → a screen that stays. One card at a time; the one before is gone at once.

import { NoAnswer, Refusal, all, call, reason } from "../core/api.js";
import { cleanCode } from "../core/codes.js";
import { html, useEffect, useRef, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { online } from "../core/network.js";
import { go } from "../core/routes.js";
import { session } from "../core/session.js";
import { useSignal } from "../core/signal.js";
import { t } from "../core/text.js";
import { warmUp } from "../scan/decoder.js";
import { Scanner } from "../scan/scanner.js";
import { Button, Notice, Page } from "../ui/parts.js";
import { Basket } from "./basket.js";
import { Done, Unsure } from "./outcome.js";
import { PinPad, SetPin, pinReason } from "./pin.js";

/** Code → {number, head}: whom this phone saw today, so that the name stands there before the answer. */
const seen = new Map();
session.watch((held) => held === null && seen.clear());

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

  /**
   * @param {{id: string, body: any}} order its name stays, however often it has to be sent
   * @param {string} [pin] goes along once and is kept nowhere: where no answer comes, the order alone is asked about
   */
  const redeem = async (order, pin) => {
    // what was never sent is not sent once the signal is back: by then nobody may stand at the counter
    if (!online.get() && state.step !== "unsure") return change({ step: "basket", order: null, problem: null });
    change({ step: "sending", order, problem: null });
    try {
      const body = pin ? { ...order.body, pin } : order.body;
      const receipt = await call("PUT", `~/redemptions/${order.id}`, { body, timeout: 10000 });
      change({ step: "done", receipt });
    } catch (error) {
      if (error instanceof NoAnswer || error.status >= 500 || error.status === 409) return change({ step: "unsure" });
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) return undefined;
      if (error.code === "pin_needed" || error.code === "pin_wrong")
        return change({ step: error.data.pin === "none" ? "set-pin" : "pin", problem: pin ? pinReason(error) : null });
      change({ step: "basket", order: null, problem: reason(error) });
      readGoods();
    }
    return undefined;
  };
  const confirm = (lines, points) => {
    const order = { id: newName(), body: { card: state.card, lines, expected_points: points } };
    const { without_pin: free, pin } = state.shown.today;
    // asked before the first sending where the scan has told so, and again wherever the server says so
    if (free === null || points <= free || pin === "blocked") return redeem(order);
    return change({ step: pin === "none" ? "set-pin" : "pin", order, problem: null });
  };
  const next = () => setState(NOBODY);

  if (state.step === "done") return html`<${Done} receipt=${state.receipt} onNext=${next} />`;
  if (state.step === "unsure") return html`<${Unsure} order=${state.order} onAgain=${() => redeem(state.order)} onNext=${next} />`;
  const putAway = () => change({ step: "basket", order: null, problem: null });
  const setPin = (pin) => {
    const shown = { ...state.shown, today: { ...state.shown.today, pin: "set" } };
    if (!state.order) return change({ shown, step: "basket", problem: null });
    change({ shown });
    return redeem(state.order, pin);
  };
  if (state.step !== "scan")
    return html`
      <${Basket} key=${state.card} shown=${state.shown} goods=${goods} problem=${state.step === "basket" ? state.problem : null} isOnline=${isOnline} isSending=${state.step === "sending"} onConfirm=${confirm} onCancel=${next} onPin=${() => change({ step: "set-pin", order: null })} />
      ${state.step === "pin" && html`<${PinPad} title=${t("pin.title")} hint=${t("pin.hint", { points: state.order.body.expected_points })} problem=${state.problem} onPin=${(pin) => redeem(state.order, pin)} onClose=${putAway} />`}
      ${state.step === "set-pin" && html`<${SetPin} card=${state.card} number=${state.shown.household.number} state=${state.shown.today.pin ?? "none"} onDone=${setPin} onClose=${putAway} />`}
    `;
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
