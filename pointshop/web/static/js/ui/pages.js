// Which page stands where, and the bar of those one may open.

import { html } from "../core/html.js";
import { go } from "../core/routes.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { Counter } from "../clerk/counter.js";
import { Stock } from "../clerk/stock.js";
import { Today } from "../clerk/today.js";
import { Events } from "../worker/events.js";
import { Log } from "../worker/log.js";
import { Mine } from "../worker/mine.js";
import { Manage } from "../manager/manage.js";
import { Review } from "../manager/review.js";
import { Me } from "./me.js";

/** tab → [roles it is for, its mark, what it shows] */
const TABS = {
  counter: [["clerk"], "扫", Counter],
  today: [["clerk"], "单", Today],
  stock: [["clerk"], "货", Stock],
  review: [["manager", "reviewer"], "审", Review],
  log: [["worker", "manager"], "记", Log],
  mine: [["worker"], "条", Mine],
  events: [[], "活", Events],
  manage: [["manager", "admin", "supervisor"], "管", Manage],
};
/** Reached from other pages, without a place in the bar for these roles. */
const BEYOND = { counter: ["manager"], today: ["manager", "supervisor"], stock: ["manager"], mine: ["manager"], events: ["worker", "manager"] };

const mine = () => Object.keys(TABS).filter((name) => holds(...TABS[name][0]));

/** @returns {[string, Function]} the tab and the component for a route; the first of one's own where it is none */
export function pageOf([name]) {
  if (name === "me") return ["me", Me];
  if (name in TABS && (holds(...TABS[name][0]) || holds(...(BEYOND[name] ?? [])))) return [name, TABS[name][2]];
  const first = mine()[0];
  return first ? [first, TABS[first][2]] : ["me", Me];
}

export function Tabs({ current }) {
  const shown = [...mine().slice(0, 4), "me"];
  return html`
    <nav class="tabs">
      ${shown.map(
        (name) => html`
          <button class=${name === current ? "tab tab_on" : "tab"} aria-current=${name === current ? "page" : undefined} onClick=${() => go(name)}>
            <span class="tab__mark" aria-hidden="true">${name === "me" ? "我" : TABS[name][1]}</span>
            <span class="tab__name">${t(`tab.${name}`)}</span>
          </button>
        `,
      )}
    </nav>
  `;
}
