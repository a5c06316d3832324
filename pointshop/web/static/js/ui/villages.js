// Which village to work in: those of one's own grants, or for the county down from its region.

import { all, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { forgetSession, session, villagesOf } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Empty, Line, Loading, Notice, Page, Section, useReading, useWork } from "./parts.js";
import { chooseVillage } from "./signin.js";

export function ChooseVillage() {
  const held = session.get();
  const own = villagesOf(held.user);
  const [parent, setParent] = useState(own.length ? null : (held.user.grants[0]?.region ?? null));
  const [busy, problem, run] = useWork(reason);
  const read = () => (parent === null ? Promise.resolve(own.map((code) => ({ code, name: code }))) : all(`/regions?parent=${parent}`));
  const { value, problem: unread } = useReading(read, reason, [parent]);
  const choose = (region) =>
    region.code.length === 12 ? run(() => chooseVillage(session.get(), region.code)) : setParent(region.code);
  return html`
    <${Page} title=${t("village.choose")}>
      ${(problem || unread) && html`<${Notice} kind="warn">${problem ?? unread}<//>`}
      ${!value && !unread && html`<${Loading} />`}
      ${value?.length === 0 && html`<${Empty}>${t("village.none")}<//>`}
      ${value?.length > 0 &&
      html`<${Section}>
        ${value.map((region) => html`<${Line} label=${region.name} hint=${region.code} onClick=${() => !busy && choose(region)} />`)}
      <//>`}
      <${Button} kind="plain" onClick=${forgetSession}>${t("me.sign_out")}<//>
    <//>
  `;
}
