// The few shapes all pages are made of, in the manner of WeUI.

import { html, useEffect, useRef, useState } from "../core/html.js";
import { back } from "../core/routes.js";
import { t } from "../core/text.js";

/** A page: its head with the way back, its content, and a bar that stays at the bottom. */
export function Page({ title, canGoBack = false, aside, bar, children }) {
  return html`
    <header class="head">
      ${canGoBack && html`<button class="head__back" onClick=${back} aria-label=${t("go_back")}>‹</button>`}
      <h1 class="head__title">${title}</h1>
      ${aside}
    </header>
    <main class=${bar ? "page page_bar" : "page"}>${children}</main>
    ${bar && html`<div class="bar">${bar}</div>`}
  `;
}

export const Section = ({ title, children }) => html`
  <section class="section">
    ${title && html`<h2 class="section__title">${title}</h2>`}
    <div class="weui-cells">${children}</div>
  </section>
`;

/** One line: what it is, a quiet second line, a value; a button when it leads somewhere. */
export function Line({ label, hint, value, onClick, strong = false, children }) {
  const content = html`
    <span class="weui-cell__bd line__body">
      <span class=${strong ? "line__label line__label_strong" : "line__label"}>${label}</span>
      ${hint && html`<span class="line__hint">${hint}</span>`}
    </span>
    ${value !== undefined && html`<span class="line__value">${value}</span>`} ${children}
  `;
  if (!onClick) return html`<div class="weui-cell line">${content}</div>`;
  return html`<button class="weui-cell weui-cell_access line" onClick=${onClick}>${content}<i class="line__arrow" /></button>`;
}

/** A labelled field of a form. Further attributes go to the input. */
export function Field({ label, hint, value, onValue, error, children, ...rest }) {
  return html`
    <label class="weui-cell field">
      <span class="weui-cell__hd field__label">${label}</span>
      <span class="weui-cell__bd">
        ${children ?? html`<input class="field__input" value=${value} onInput=${(event) => onValue(event.target.value)} ...${rest} />`}
        ${hint && html`<span class="line__hint">${hint}</span>`}
        ${error && html`<span class="field__error" role="alert">${error}</span>`}
      </span>
    </label>
  `;
}

export const Choice = ({ label, value, options, onValue }) => html`
  <${Field} label=${label}>
    <select class="field__input" value=${value} onChange=${(event) => onValue(event.target.value)}>
      ${options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}
    </select>
  <//>
`;

export const Switch = ({ label, hint, value, onValue }) => html`
  <label class="weui-cell field">
    <span class="weui-cell__bd line__body">
      <span class="line__label">${label}</span>
      ${hint && html`<span class="line__hint">${hint}</span>`}
    </span>
    <input class="switch" type="checkbox" checked=${value} onChange=${(event) => onValue(event.target.checked)} />
  </label>
`;

/** kind: primary (the one thing to do), plain, or warn (takes something away). */
export function Button({ kind = "primary", disabled = false, onClick, children, ...rest }) {
  return html`<button class=${`button button_${kind}`} disabled=${disabled} onClick=${onClick} ...${rest}>${children}</button>`;
}

/** Fewer and more of something. */
export function Stepper({ value, onValue, least = 1, most = 9999, label }) {
  const step = (by) => onValue(Math.min(most, Math.max(least, value + by)));
  return html`
    <span class="stepper" role="group" aria-label=${label}>
      <button class="stepper__button" disabled=${value <= least} onClick=${() => step(-1)} aria-label=${t("fewer")}>−</button>
      <output class="stepper__value">${value}</output>
      <button class="stepper__button" disabled=${value >= most} onClick=${() => step(1)} aria-label=${t("more")}>＋</button>
    </span>
  `;
}

/** Something to read first. kind: info, warn or done. */
export const Notice = ({ kind = "info", children }) => html`<p class=${`notice notice_${kind}`} role="status">${children}</p>`;

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

export const Loading = () => html`<p class="empty"><i class="weui-primary-loading"></i> ${t("loading")}</p>`;

/** A sheet over the page that wants an answer. */
export function Sheet({ title, onClose, children, actions }) {
  const frame = useRef(null);
  useEffect(() => {
    frame.current.showModal();
    return () => frame.current?.close();
  }, []);
  return html`
    <dialog class="sheet" ref=${frame} aria-label=${title} onCancel=${(event) => { event.preventDefault(); onClose(); }}>
      <h2 class="sheet__title">${title}</h2>
      <div class="sheet__body">${children}</div>
      <div class="sheet__actions">${actions}</div>
    </dialog>
  `;
}

/**
 * Runs a piece of work that was asked for by a tap: one at a time, and says why it failed.
 * @returns {[boolean, string|null, (work: () => Promise<any>) => Promise<void>, (text: string|null) => void]}
 */
export function useWork(explain) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const running = useRef(false);
  const run = async (work) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return [busy, problem, run, setProblem];
}

/** What a reading gives: `{value, problem, reload}`; value null until it is there. */
export function useReading(read, explain, inputs = []) {
  const [state, setState] = useState({ value: null, problem: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    read().then(
      (value) => isWanted && setState({ value, problem: null }),
      (error) => isWanted && setState((before) => ({ ...before, problem: explain(error) })),
    );
    return () => {
      isWanted = false;
    };
  }, [...inputs, turn]);
  return { ...state, reload: () => setTurn((before) => before + 1) };
}
