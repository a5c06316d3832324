import { NoAnswer, call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { chooseLanguage, isElder, setElder } from "../core/look.js";
import { keepSession, villagesOf } from "../core/session.js";
import { signal, useSignal } from "../core/signal.js";
import { language, t } from "../core/text.js";
import { Button, Field, Notice, useWork } from "./parts.js";

/** Why the session before ended, shown once. */
export const endedNotice = signal(null);

/** Signing in gives a token for thirty days; the server knows the phone by the name it gives here. */
export async function signIn(username, password) {
  const body = { username: username.trim(), password, device_name: deviceName() };
  const found = await call("POST", "/sessions", { body });
  keepSession({ ...found, village: null });
  const codes = villagesOf(found.user);
  if (codes.length === 1) await chooseVillage(found, codes[0]);
}

export async function chooseVillage(found, code) {
  const region = await call("GET", `/regions/${code}`).catch((error) => {
    if (error instanceof NoAnswer) return { name: code };
    throw error;
  });
  keepSession({ ...found, village: { code, name: region.name } });
}

const deviceName = () => {
  const kind = /\(([^)]*)\)/.exec(navigator.userAgent)?.[1] ?? "";
  return `${t("signin.device")} ${kind.split(";").slice(-1)[0].trim()}`.slice(0, 60);
};

export function SignIn() {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, problem, run] = useWork(reason);
  const ended = useSignal(endedNotice);
  const submit = (event) => {
    event.preventDefault();
    run(async () => {
      endedNotice.set(null);
      await signIn(username, password);
    });
  };
  return html`
    <main class="signin">
      <div class="signin__sign"><span>${t("app.sign")}</span></div>
      <h1 class="signin__title">${t("app.name")}</h1>
      <p class="signin__subtitle">${t("signin.subtitle")}</p>
      ${ended && html`<${Notice} kind="warn">${ended}<//>`}
      <form onSubmit=${submit}>
        <div class="weui-cells">
          <${Field} label=${t("signin.username")} value=${username} onValue=${setUsername} name="username" autocomplete="username" autocapitalize="none" required />
          <${Field} label=${t("signin.password")} value=${password} onValue=${setPassword} name="password" type="password" autocomplete="current-password" required />
        </div>
        ${problem && html`<${Notice} kind="warn">${problem}<//>`}
        <${Button} disabled=${busy} type="submit">${t("signin.do")}<//>
      </form>
      <p class="signin__foot">
        <button class="link" onClick=${() => chooseLanguage(language() === "zh" ? "en" : "zh")}>${t("me.other_language")}</button>
        <button class="link" onClick=${() => setElder(!isElder())}>${t(isElder() ? "me.normal" : "me.elder")}</button>
      </p>
      <p class="signin__hint">${t("signin.hint")}</p>
    </main>
  `;
}
