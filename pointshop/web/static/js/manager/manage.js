// The committee's desk on a phone: what can be set, and where the rest is.

import { html } from "../core/html.js";
import { go } from "../core/routes.js";
import { holds, session } from "../core/session.js";
import { t } from "../core/text.js";
import { Line, Page, Section } from "../ui/parts.js";
import { BudgetLine, BudgetPage } from "./budget.js";
import { GoodsPage } from "./goods.js";
import { HouseholdsPage } from "./households.js";
import { RollsPage } from "./rolls.js";
import { RulesPage } from "./rules.js";
import { SettingsPage } from "./settings.js";
import { UsersPage } from "./users.js";

const PARTS = {
  rules: RulesPage,
  goods: GoodsPage,
  households: HouseholdsPage,
  users: UsersPage,
  settings: SettingsPage,
  rolls: RollsPage,
};
/** Parts that only the office may open. */
const OFFICE = new Set(["users"]);

export function Manage({ route }) {
  if (route[1] === "budget") return html`<${BudgetPage} />`;
  const Part = PARTS[route[1]];
  if (Part) return html`<${Part} key=${route.join("/")} route=${route} />`;
  const isOffice = holds("manager", "admin");
  const names = Object.keys(PARTS).filter((name) => isOffice || !OFFICE.has(name));
  return html`
    <${Page} title=${t("tab.manage")}>
      <${BudgetLine} />
      <${Section}>
        ${names.map((name) => html`<${Line} key=${name} strong label=${t(`manage.${name}`)} hint=${t(`manage.${name}_hint`)} onClick=${() => go("manage", name)} />`)}
      <//>
      ${holds("manager") &&
      html`<${Section} title=${t("manage.shop")}>
        ${["counter", "today", "stock", "mine"].map((name) => html`<${Line} key=${name} label=${t(`tab.${name}`)} onClick=${() => go(name)} />`)}
      <//>`}
      <${Section} title=${t("manage.screens")}>
        ${isOffice &&
        html`<a class="weui-cell weui-cell_access line" href="/desk" target="_blank">
          <span class="line__body"><span class="line__label">${t("manage.desk")}</span><span class="line__hint">${t("manage.desk_hint")}</span></span><i class="line__arrow" />
        </a>`}
        <a class="weui-cell weui-cell_access line" href=${`/board/${session.get().village.code}`} target="_blank">
          <span class="line__body"><span class="line__label">${t("manage.board")}</span><span class="line__hint">${t("manage.board_hint")}</span></span><i class="line__arrow" />
        </a>
      <//>
    <//>
  `;
}
