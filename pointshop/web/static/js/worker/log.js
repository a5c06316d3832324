// Logging a deed: the rule, the households, send. Three taps for the common case.

import { html, useState } from "../core/html.js";
import { go } from "../core/routes.js";
import { t } from "../core/text.js";
import { Empty, Line, Loading, Notice, Page, Section } from "../ui/parts.js";
import { Deed } from "./deed.js";
import { recentRules, stars, toggleStar } from "./habits.js";
import { pointsOf, useNotebook } from "./notebook.js";

export function Log({ route }) {
  const notebook = useNotebook();
  const rule = notebook.rules.find((each) => each.code === route[1]);
  if (rule) return html`<${Deed} key=${`${rule.code}${route[2]}`} rule=${rule} notebook=${notebook} refused=${route[2]} />`;
  return html`<${Rules} notebook=${notebook} />`;
}

function Rules({ notebook }) {
  const [text, setText] = useState("");
  const [starred, setStarred] = useState(stars());
  const { rules, problem, at } = notebook;
  const wanted = text.trim().toLowerCase();
  const shown = rules.filter((rule) => !wanted || `${rule.name}${rule.category}${rule.code}`.toLowerCase().includes(wanted));
  const recent = recentRules();
  const rank = (rule) => (starred.includes(rule.code) ? 0 : recent.includes(rule.code) ? 1 + recent.indexOf(rule.code) : 99);
  const first = wanted ? [] : shown.filter((rule) => rank(rule) < 99).sort((one, other) => rank(one) - rank(other));
  const star = (rule) => {
    toggleStar(rule.code);
    setStarred(stars());
  };
  const list = (some) => some.map((rule) => html`<${Rule} key=${rule.code} rule=${rule} isStarred=${starred.includes(rule.code)} onStar=${() => star(rule)} />`);
  const categories = [...new Set(shown.map((rule) => rule.category))];
  return html`
    <${Page} title=${t("log.title")} aside=${html`<button class="head__aside" onClick=${() => go("mine")}>${t("tab.mine")}</button>`}>
      ${problem && html`<${Notice} kind="warn">${problem}<//>`}
      <div class="search">
        <input class="search__input" type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder=${t("log.search")} aria-label=${t("log.search")} />
      </div>
      <${Section}><${Line} strong label=${t("event.sign")} hint=${t("event.sign_hint")} onClick=${() => go("events")} /><//>
      ${rules.length === 0 && (at ? html`<${Empty}>${t("log.no_rules")}<//>` : !problem && html`<${Loading} />`)}
      ${first.length > 0 && html`<h2 class="section__title">${t("log.often")}</h2><div class="rules">${list(first)}</div>`}
      ${categories.map((category) => html`<h2 class="section__title" key=${category}>${category}</h2><div class="rules">${list(shown.filter((rule) => rule.category === category))}</div>`)}
    <//>
  `;
}

function Rule({ rule, isStarred, onStar }) {
  return html`
    <div class="rule">
      <button class="rule__button" onClick=${() => go("log", rule.code)}>
        <span class="line__body">
          <span class="line__label line__label_strong">${rule.name}</span>
          <span class="line__hint">${t("log.per", { per: rule.per })}${rule.cap ? ` · ${t(`log.cap_${rule.cap_period}`, { n: rule.cap })}` : ""}</span>
        </span>
        <span class=${rule.points > 0 ? "rule__points" : "rule__points rule__points_minus"}>${pointsOf(rule)}</span>
      </button>
      <button class="rule__star" aria-pressed=${isStarred} aria-label=${t("log.star", { name: rule.name })} onClick=${onStar}>${isStarred ? "★" : "☆"}</button>
    </div>
  `;
}
