// What waits for a signature: one by one by swiping, or many at once.

import { all, call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { newName } from "../core/ids.js";
import { session } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Empty, Field, Loading, Notice, Page, Sheet, useReading, useWork } from "../ui/parts.js";
import { Entry } from "./entry.js";

/** As many as one review may hold. */
const MOST = 500;

export function Review() {
  const { value, problem, reload } = useReading(() => all("~/merits?state=submitted"), reason);
  const [ticked, setTicked] = useState(new Set());
  const [rejecting, setRejecting] = useState(null);
  const [told, setTold] = useState(null);
  const [busy, unsaid, run] = useWork(reason);
  const me = session.get().user.username;
  const mayJudge = (merit) => merit.logged_by?.username !== me;
  const groups = grouped(value ?? []);
  const open = (value ?? []).filter(mayJudge).map((merit) => merit.id);
  const chosen = open.filter((id) => ticked.has(id));

  const tick = (ids, isOn) =>
    setTicked((before) => {
      const next = new Set(before);
      for (const id of ids) isOn ? next.add(id) : next.delete(id);
      return next;
    });
  const judge = (ids, decision, comment = null) =>
    run(async () => {
      for (let from = 0; from < ids.length; from += MOST) {
        const body = { decision, comment, merits: ids.slice(from, from + MOST) };
        await call("PUT", `~/reviews/${newName()}`, { body, timeout: 60000 });
      }
      setTold(t(`review.done_${decision}`, { n: ids.length }));
      tick(ids, false);
      setRejecting(null);
      reload();
    });

  const bar =
    open.length > 0 &&
    html`
      <label class="all">
        <input class="tick" type="checkbox" checked=${chosen.length === open.length} onChange=${(event) => tick(open, event.target.checked)} />
        <span>${t("review.all", { n: open.length })}</span>
      </label>
      <${Button} kind="plain" disabled=${!chosen.length || busy} onClick=${() => setRejecting(chosen)}>${t("review.reject")}<//>
      <${Button} disabled=${!chosen.length || busy} onClick=${() => judge(chosen, "approve")}>${t("review.approve", { n: chosen.length })}<//>
    `;
  return html`
    <${Page} title=${t("review.title")} bar=${bar} aside=${html`<button class="head__aside" onClick=${reload}>${t("reload")}</button>`}>
      ${told && html`<${Notice} kind="done">${told}<//>`}
      ${(problem || unsaid) && html`<${Notice} kind="warn">${problem ?? unsaid}<//>`}
      ${!value && !problem && html`<${Loading} />`}
      ${value?.length === 0 && html`<${Empty}>${t("review.none")}<//>`}
      ${open.length > 0 && html`<p class="summary">${t("review.how")}</p>`}
      ${groups.map((merits) => html`<${Entry} key=${merits[0].id} merits=${merits} mayJudge=${mayJudge(merits[0])} ticked=${ticked} onTick=${tick} onApprove=${(ids) => judge(ids, "approve")} onReject=${setRejecting} />`)}
      ${rejecting && html`<${AskReason} count=${rejecting.length} busy=${busy} problem=${unsaid} onYes=${(why) => judge(rejecting, "reject", why)} onNo=${() => setRejecting(null)} />`}
    <//>
  `;
}

/** Merits of one batch together, the rest each alone. */
function grouped(merits) {
  const found = new Map();
  for (const merit of merits) found.set(merit.batch ?? merit.id, [...(found.get(merit.batch ?? merit.id) ?? []), merit]);
  return [...found.values()];
}

function AskReason({ count, busy, problem, onYes, onNo }) {
  const [why, setWhy] = useState("");
  const actions = html`
    <${Button} kind="plain" onClick=${onNo}>${t("cancel")}<//>
    <${Button} kind="warn" disabled=${busy || !why.trim()} onClick=${() => onYes(why.trim())}>${t("review.reject")}<//>
  `;
  return html`
    <${Sheet} title=${t("review.reject_title", { n: count })} onClose=${onNo} actions=${actions}>
      <p>${t("review.reject_why")}</p>
      <${Field} label=${t("void.reason")} value=${why} onValue=${setWhy} maxlength="200" />
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
    <//>
  `;
}
