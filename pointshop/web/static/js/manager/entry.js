// One entry that waits: a deed of one household, or one rule for many.

import { call } from "../core/api.js";
import { shortDay } from "../core/days.js";
import { html, useEffect, useState } from "../core/html.js";
import { t } from "../core/text.js";
import { Button } from "../ui/parts.js";
import { useSwipe } from "./swipe.js";

export function Entry({ merits, mayJudge, ticked, onTick, onApprove, onReject }) {
  const [isOpen, setOpen] = useState(false);
  const [first] = merits;
  const ids = merits.map((merit) => merit.id);
  const on = ids.filter((id) => ticked.has(id)).length;
  const sum = merits.reduce((total, merit) => total + merit.points, 0);
  const photos = merits.flatMap((merit) => merit.photos.map((photo) => [merit.id, photo]));
  const [offset, handlers] = useSwipe(
    () => mayJudge && onApprove(ids),
    () => mayJudge && onReject(ids),
  );
  const side = offset > 12 ? " entry_yes" : offset < -12 ? " entry_no" : "";
  return html`
    <article class=${`entry${side}`} style=${{ transform: offset ? `translateX(${offset}px)` : "" }} ...${handlers}>
      <div class="entry__head">
        ${mayJudge && html`<input class="tick" type="checkbox" aria-label=${t("review.choose", { name: first.rule_name })} checked=${on === ids.length} onChange=${(event) => onTick(ids, event.target.checked)} />`}
        <div class="line__body">
          <p class="line__label line__label_strong">${first.rule_name} <span class="rule__points">${sum > 0 ? "+" : ""}${sum}</span></p>
          <p class="line__hint">${shortDay(first.occurred_on)} · ${first.logged_by?.name ?? ""}${first.note ? ` · ${first.note}` : ""}</p>
        </div>
      </div>
      <p class="entry__who">${whoOf(merits)}</p>
      ${photos.length > 0 && html`<div class="photos">${photos.map(([merit, photo]) => html`<${Evidence} key=${photo} merit=${merit} photo=${photo} />`)}</div>`}
      ${!mayJudge && html`<p class="line__hint">${t("review.own")}</p>`}
      ${merits.length > 1 && html`<button class="link" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>${t(isOpen ? "log.less" : "review.each", { n: merits.length })}</button>`}
      ${isOpen &&
      merits.map(
        (merit) => html`
          <label class="weui-cell house" key=${merit.id}>
            ${mayJudge && html`<input class="tick" type="checkbox" checked=${ticked.has(merit.id)} onChange=${(event) => onTick([merit.id], event.target.checked)} />`}
            <span class="line__body"><span class="line__label">${merit.head}</span><span class="line__hint">${merit.household}</span></span>
            <span class="line__value">${merit.points}</span>
          </label>
        `,
      )}
      ${mayJudge &&
      html`<div class="entry__do">
        <${Button} kind="plain" onClick=${() => onReject(ids)}>${t("review.reject")}<//>
        <${Button} onClick=${() => onApprove(ids)}>${t("review.approve_one")}<//>
      </div>`}
    </article>
  `;
}

function whoOf(merits) {
  const names = merits.slice(0, 3).map((merit) => merit.head);
  if (merits.length === 1) return `${names[0]} ${merits[0].household}`;
  return merits.length > 3 ? t("review.and_more", { names: names.join("、"), n: merits.length }) : names.join("、");
}

/** A photo comes with the token that an <img> cannot send. */
function Evidence({ merit, photo }) {
  const [address, setAddress] = useState(null);
  useEffect(() => {
    let made = null;
    call("GET", `~/merits/${merit}/photos/${photo}`, { as: "blob" }).then(
      (blob) => {
        made = URL.createObjectURL(blob);
        setAddress(made);
      },
      () => setAddress(null),
    );
    return () => made && URL.revokeObjectURL(made);
  }, [photo]);
  return html`<span class="photos__one">${address ? html`<a href=${address} target="_blank"><img src=${address} alt=${t("log.photo")} /></a>` : t("loading")}</span>`;
}
