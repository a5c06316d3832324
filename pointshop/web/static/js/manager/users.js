import { all, call, reason } from "../core/api.js";
import { html, useState } from "../core/html.js";
import { timeOf } from "../core/days.js";
import { go } from "../core/routes.js";
import { session } from "../core/session.js";
import { t } from "../core/text.js";
import { Button, Line, Loading, Notice, Page, Section, Sheet, useReading, useWork } from "../ui/parts.js";
import { FormPage } from "./form.js";

const ROLES = ["worker", "clerk", "reviewer", "supervisor", "manager"];

export function UsersPage({ route }) {
  const village = session.get().village.code;
  const { value, problem } = useReading(() => all(`/users?region=${village}`), reason);
  if (problem) return html`<${Page} title=${t("manage.users")} canGoBack><${Notice} kind="warn">${problem}<//><//>`;
  if (!value) return html`<${Page} title=${t("manage.users")} canGoBack><${Loading} /><//>`;
  if (route[2]) return html`<${User} user=${value.find((user) => user.username === route[2])} village=${village} />`;
  const add = html`<${Button} onClick=${() => go("manage", "users", "+")}>${t("users.add")}<//>`;
  const rolesOf = (user) => user.grants.map((grant) => t(`role.${grant.role}`)).join("、");
  return html`
    <${Page} title=${t("manage.users")} canGoBack bar=${add}>
      <${Section}>
        ${value.map((user) => html`<${Line} key=${user.username} strong label=${user.name} hint=${`${user.username} · ${rolesOf(user)}`} value=${user.active ? "" : t("users.off")} onClick=${() => go("manage", "users", user.username)} />`)}
      <//>
    <//>
  `;
}

function User({ user, village }) {
  const own = user?.grants.find((grant) => grant.region === village);
  const items = [
    { name: "username", label: t("signin.username"), fixed: Boolean(user) },
    { name: "name", label: t("users.name") },
    { name: "password", label: t("signin.password"), kind: "secret", optional: Boolean(user), hint: t(user ? "users.password_keep" : "users.password_hint") },
    { name: "role", label: t("users.role"), kind: "choice", options: ROLES.map((role) => [role, t(`role.${role}`)]) },
    { name: "grid", label: t("users.grid"), optional: true, hint: t("users.grid_hint") },
    { name: "active", label: t("users.active"), kind: "flag" },
  ];
  const grid = (own?.grid ?? []).map((cell) => `${cell.group_no}${cell.lane ? `/${cell.lane}` : ""}`).join("，");
  const start = { username: user?.username, name: user?.name, role: own?.role ?? "worker", grid, active: user?.active ?? true };
  const save = ({ username, name, password, role, grid: cells, active }) => {
    const kept = (user?.grants ?? []).filter((grant) => grant !== own);
    const body = { name, active, grants: [...kept, { role, region: village, grid: role === "worker" ? cellsOf(cells) : [] }] };
    if (password) body.password = password;
    return call("PUT", `/users/${encodeURIComponent(username)}`, { body });
  };
  return html`<${FormPage} title=${user?.name ?? t("users.add")} items=${items} start=${start} save=${save}>
    ${user && html`<${WeChat} user=${user} />`}
  <//>`;
}

/** A code that binds the user's WeChat: shown once, handed over in person. */
function WeChat({ user }) {
  const [issued, setIssued] = useState(null);
  const [busy, problem, run] = useWork(reason);
  const issue = () => run(async () => setIssued(await call("POST", `/users/${encodeURIComponent(user.username)}/wechat-code`)));
  const close = () => setIssued(null);
  return html`
    ${problem && html`<${Notice} kind="warn">${problem}<//>`}
    <${Button} kind="plain" disabled=${busy} onClick=${issue}>${t("users.wechat")}<//>
    ${issued &&
    html`<${Sheet} title=${t("users.wechat")} onClose=${close} actions=${html`<${Button} onClick=${close}>${t("done")}<//>`}>
      <p class="total__points">${issued.code}</p>
      <p>${t("users.wechat_explain", { name: user.name, time: timeOf(issued.expires_at) })}</p>
    <//>`}
  `;
}

/** `3，5/东巷` → group 3, and of group 5 the lane 东巷. */
function cellsOf(text) {
  return (text ?? "")
    .split(/[,，、\s]+/)
    .filter(Boolean)
    .map((part) => {
      const [group, lane] = part.split("/");
      return { group_no: Number(group), lane: lane || null };
    });
}
