import { all, call, reason } from "../core/api.js";
import { html } from "../core/html.js";
import { go } from "../core/routes.js";
import { holds } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Line, Loading, Notice, Page, Section, useReading } from "../ui/parts.js";
import { FormPage } from "./form.js";
import { periodOptions } from "./rules.js";

export function GoodsPage({ route }) {
  const { value, problem } = useReading(() => all("~/products"), reason);
  if (problem) return html`<${Page} title=${t("manage.goods")} canGoBack><${Notice} kind="warn">${problem}<//><//>`;
  if (!value) return html`<${Page} title=${t("manage.goods")} canGoBack><${Loading} /><//>`;
  if (route[2]) return html`<${Product} product=${value.find((product) => product.code === route[2])} />`;
  const add = holds("manager", "admin") && html`<${Button} onClick=${() => go("manage", "goods", "+")}>${t("goods.add")}<//>`;
  return html`
    <${Page} title=${t("manage.goods")} canGoBack bar=${add}>
      <${Section}>
        ${value.map((product) => html`<${Line} key=${product.code} strong label=${product.name} hint=${[product.code, product.spec, product.active ? null : t("goods.off")].filter(Boolean).join(" · ")} value=${t("stock.price", { points: product.points })} onClick=${() => go("manage", "goods", product.code)} />`)}
      <//>
    <//>
  `;
}

function Product({ product }) {
  const items = [
    { name: "code", label: t("goods.code"), fixed: Boolean(product) },
    { name: "name", label: t("goods.name") },
    { name: "spec", label: t("goods.spec"), optional: true },
    { name: "unit", label: t("goods.unit") },
    { name: "points", label: t("goods.points"), kind: "whole" },
    { name: "limit", label: t("goods.limit"), kind: "whole", optional: true },
    { name: "limit_period", label: t("goods.limit_period"), kind: "choice", options: periodOptions() },
    { name: "barcode", label: t("goods.barcode"), optional: true },
    { name: "low_stock", label: t("goods.low_stock"), hint: t("goods.low_stock_hint"), kind: "whole", optional: true },
    { name: "active", label: t("goods.active"), kind: "flag" },
  ];
  const save = ({ code, ...body }) => call("PUT", `~/products/${encodeURIComponent(code)}`, { body });
  return html`<${FormPage} title=${product?.name ?? t("goods.add")} items=${items} start=${product ?? { active: true }} save=${save} />`;
}
