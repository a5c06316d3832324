// The household's PIN, on keys of our own: large ones, no keyboard that remembers, no digit ever on the screen.

import { NoAnswer, Refusal, call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Notice, Sheet } from "../ui/parts.js";

const LENGTH = 6;
const KEYS = [..."123456789"];

/**
 * Asks for one PIN; after the sixth digit it is handed on and gone from here.
 * @param {{title: string, hint?: string, problem?: string|null, busy?: boolean, onPin: (pin: string) => void, onClose: () => void}} props
 */
export function PinPad({ title, hint, problem, busy = false, onPin, onClose }) {
  const [typed, setTyped] = useState("");
  const add = (digit) => {
    if (busy) return;
    const now = typed + digit;
    setTyped(now.length < LENGTH ? now : "");
    if (now.length === LENGTH) onPin(now);
  };
  const takeBack = () => setTyped(typed.slice(0, -1));
  const listen = (event) => {
    if (/^\d$/.test(event.key)) add(event.key);
    else if (event.key === "Backspace") takeBack();
  };
  const actions = html`<${Button} kind="plain" onClick=${onClose}>${t("cancel")}<//>`;
  return html`
    <${Sheet} title=${title} onClose=${onClose} actions=${actions}>
      <div class="pin" onKeyDown=${listen}>
        ${hint && html`<p class="pin__hint">${hint}</p>`}
        ${problem && html`<${Notice} kind="warn">${problem}<//>`}
        <p class="pin__dots" role="status" aria-label=${t("pin.typed", { n: typed.length })}>
          ${Array.from({ length: LENGTH }, (_, at) => html`<i key=${at} class=${at < typed.length ? "pin__dot pin__dot_on" : "pin__dot"}></i>`)}
        </p>
        <div class="pin__keys">
          ${KEYS.map((digit) => html`<button key=${digit} class="pin__key" disabled=${busy} onClick=${() => add(digit)}>${digit}</button>`)}
          <button class="pin__key pin__key_word" onClick=${() => setTyped("")}>${t("pin.clear")}</button>
          <button class="pin__key" disabled=${busy} onClick=${() => add("0")}>0</button>
          <button class="pin__key pin__key_word" aria-label=${t("pin.back")} onClick=${takeBack}>⌫</button>
        </div>
      </div>
    <//>
  `;
}

/** Why a PIN was not taken: with the number of tries that are left, in either language. */
export const pinReason = (error) =>
  error instanceof Refusal && error.code === "pin_wrong" ? t("pin.wrong", { n: error.data.tries_left }) : reason(error);

/** Which PINs are asked for, one after the other, to set one. */
function stepsOf(state) {
  if (state === "none" || holds("manager")) return ["new", "again"];
  return ["old", "new", "again"];
}

/**
 * Sets a PIN, or another, with the card on the table.
 * @param {{card: string, number: string, state: "none"|"set"|"blocked", onDone: (pin: string) => void, onClose: () => void}} props
 */
export function SetPin({ card, number, state, onDone, onClose }) {
  const steps = stepsOf(state);
  const [given, setGiven] = useState({ step: 0, pins: {} });
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  if (state === "blocked" && !holds("manager"))
    return html`<${Sheet} title=${t("pin.title")} onClose=${onClose} actions=${html`<${Button} onClick=${onClose}>${t("done")}<//>`}><p>${t("pin.blocked")}</p><//>`;

  const begin = (why) => {
    setGiven({ step: 0, pins: {} });
    setProblem(why);
  };
  const send = async ({ old, new: pin }) => {
    setBusy(true);
    try {
      const body = old === undefined ? { card, pin } : { card, pin, old_pin: old };
      await call("PUT", `~/households/${encodeURIComponent(number)}/pins/${newName()}`, { body, timeout: 10000 });
      onDone(pin);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof NoAnswer)) throw error;
      begin(pinReason(error));
    } finally {
      setBusy(false);
    }
  };
  const take = (pin) => {
    const name = steps[given.step];
    if (name === "again" && pin !== given.pins.new) return begin(t("pin.differ"));
    const pins = { ...given.pins, [name]: pin };
    if (name === "again") return send(pins);
    setProblem(null);
    return setGiven({ step: given.step + 1, pins });
  };
  const step = steps[given.step];
  const hint = step === "new" ? t("pin.new_hint") : undefined;
  return html`<${PinPad} key=${step} title=${t(`pin.ask_${step}`)} hint=${hint} problem=${problem} busy=${busy} onPin=${take} onClose=${onClose} />`;
}
