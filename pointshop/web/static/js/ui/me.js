import { call, reason } from "../core/api.js";
import { wipeCopies } from "../core/database.js";
import { html, useState } from "../core/html.js";
import { chooseLanguage, isElder, setElder } from "../core/look.js";
import { forgetSession, keepSession, session, villagesOf, roles } from "../core/session.js";
import { useSignal } from "../core/signal.js";
import { language, t } from "../core/text.js";
import { counts } from "../worker/outbox.js";
import { Button, Line, Notice, Page, Section, Sheet, Switch, useWork } from "./parts.js";

/** The server forgets the token; without signal it lapses by itself, and this phone forgets it anyway. */
async function signOut() {
  await call("DELETE", "/sessions/current", { timeout: 4000 }).catch(() => null);
  forgetSession();
  location.hash = "";
  await wipeCopies();
}

export function Me() {
  const held = session.get();
  const { waiting } = useSignal(counts);
  const [asking, setAsking] = useState(false);
  const [busy, problem, run] = useWork(reason);
  return html`
    <${Page} title=${t("tab.me")}>
      <div class="person">
        <p class="person__name">${held.user.name}</p>
        <p class="person__place">${held.village.name} · ${[...roles()].map((role) => t(`role.${role}`)).join("、")}</p>
      </div>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      <${Section}>
        <${Switch} label=${t("me.elder")} hint=${t("me.elder_hint")} value=${isElder()} onValue=${setElder} />
        <${Line} label=${t("me.language")} value=${t("me.this_language")} onClick=${() => chooseLanguage(language() === "zh" ? "en" : "zh")} />
        ${(villagesOf(held.user).length !== 1) &&
        html`<${Line} label=${t("village.choose")} value=${held.village.name} onClick=${() => keepSession({ ...held, village: null })} />`}
      <//>
      <${Button} kind="plain" disabled=${busy} onClick=${() => (waiting ? setAsking(true) : run(signOut))}>${t("me.sign_out")}<//>
      ${asking &&
      html`<${Sheet} title=${t("me.sign_out")} onClose=${() => setAsking(false)}
        actions=${html`
          <${Button} kind="plain" onClick=${() => setAsking(false)}>${t("cancel")}<//>
          <${Button} kind="warn" disabled=${busy} onClick=${() => run(signOut)}>${t("me.sign_out")}<//>
        `}>
        <p>${t("me.unsent", { n: waiting })}</p>
      <//>`}
    <//>
  `;
}
