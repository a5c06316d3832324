// A form from a list of its fields, and a page that saves it.

import { reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { back } from "../core/routes.js";
import { t } from "../core/text.js";
import { Button, Choice, Field, Notice, Page, Section, Switch, useWork } from "../ui/parts.js";

/**
 * @typedef {{name: string, label: string, kind?: "text"|"whole"|"choice"|"flag"|"secret", hint?: string,
 *   options?: [string, string][], optional?: boolean, fixed?: boolean}} Item
 *   whole: a whole number; optional: empty means none; fixed: only to look at
 * @param {{title: string, items: Item[], start: object, save: (values: object) => Promise<any>, children?: any}} props
 */
export function FormPage({ title, items, start, save, children }) {
  const [values, setValues] = useState(() => Object.fromEntries(items.map((item) => [item.name, shown(start[item.name], item)])));
  const [errors, setErrors] = useState({});
  const [isSaved, setSaved] = useState(false);
  const [busy, problem, run] = useWork((error) => {
    setErrors(error.errors ?? {});
    return reason(error);
  });
  const set = (name) => (value) => {
    setSaved(false);
    setValues((before) => ({ ...before, [name]: value }));
  };
  const submit = () =>
    run(async () => {
      setErrors({});
      await save(Object.fromEntries(items.map((item) => [item.name, sent(values[item.name], item)])));
      setSaved(true);
    });
  return html`
    <${Page} title=${title} canGoBack bar=${html`<${Button} kind="plain" onClick=${back}>${t("go_back")}<//><${Button} disabled=${busy} onClick=${submit}>${t("save")}<//>`}>
      ${isSaved && html`<${Notice} kind="done">${t("saved")}<//>`}
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      <${Section}>
        ${items.map((item) => html`<${Item} key=${item.name} item=${item} value=${values[item.name]} onValue=${set(item.name)} error=${errors[item.name]?.join("；")} />`)}
      <//>
      ${children}
    <//>
  `;
}

function Item({ item, value, onValue, error }) {
  const { label, hint, kind = "text" } = item;
  if (kind === "flag") return html`<${Switch} label=${label} hint=${hint} value=${value} onValue=${onValue} />`;
  if (kind === "choice") return html`<${Choice} label=${label} options=${item.options} value=${value} onValue=${onValue} />`;
  const more = {
    inputmode: kind === "whole" ? "numeric" : undefined,
    type: kind === "secret" ? "password" : "text",
    autocomplete: kind === "secret" ? "new-password" : "off",
    placeholder: item.optional ? t("optional") : undefined,
    readonly: item.fixed,
  };
  return html`<${Field} label=${label} hint=${hint} value=${value} onValue=${onValue} error=${error} ...${more} />`;
}

const shown = (value, { kind }) => (kind === "flag" ? Boolean(value) : (value ?? "").toString());

/** What the interface takes: null for nothing, numbers as numbers where they are some. */
function sent(value, { kind, optional }) {
  if (kind === "flag") return value;
  const text = value.trim();
  if (text === "" && (optional || kind === "choice")) return null;
  return kind === "whole" && /^-?\d+$/.test(text) ? Number(text) : text;
}
