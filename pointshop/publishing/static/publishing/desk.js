// The print desk: speaks to the same API as everything else. The token lives in this tab alone (sessionStorage).
"use strict";

const API = "/api/v1";
const KINDS = { honor_roll: "光荣榜" };
const STATES = { open: "待处理", upheld: "异议成立", dismissed: "异议不成立" };
const at = (id) => document.getElementById(id);
const remembered = (name) => sessionStorage.getItem(`desk.${name}`);
const remember = (name, value) => sessionStorage.setItem(`desk.${name}`, value);

let sheet = null;
let page = 1;
let cursor = null;
let decides = false;

// A UUID of version 4; browsers give one by themselves only over https.
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// What a form does keeps its name until it went through: sent twice after a broken line it is done once.
function nameOf(form) {
  form.dataset.name = form.dataset.name || newName();
  return form.dataset.name;
}

function tell(words, isBad) {
  const notice = at("notice");
  notice.textContent = words;
  notice.classList.toggle("bad", Boolean(isBad));
  notice.hidden = !words;
}

class Refused extends Error {}

async function ask(method, path, { json, data, type } = {}) {
  const headers = {};
  if (remembered("token")) headers.Authorization = `Bearer ${remembered("token")}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (type) headers["Content-Type"] = type;
  let answer;
  try {
    answer = await fetch(API + path, { method, headers, body: json === undefined ? data : JSON.stringify(json) });
  } catch {
    throw new Refused("连接不上，请检查网络后再试");
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401 && remembered("token")) signOut();
  const errors = Object.entries(problem.errors || {}).map(([field, words]) => `${field}：${words.join("、")}`);
  throw new Refused([problem.detail || `出错（${answer.status}）`, ...errors].join("；"));
}

const here = (path) => `/villages/${remembered("village")}${path}`;
const read = async (path) => (await ask("GET", here(path))).json();

// Runs what a button or form does: one at a time, and says what went wrong.
function on(element, event, act) {
  element.addEventListener(event, async (happened) => {
    happened.preventDefault();
    const buttons = element.querySelectorAll ? [...element.querySelectorAll("button")] : [];
    const pressed = buttons.length ? buttons : [element];
    pressed.forEach((button) => { button.disabled = true; });
    tell("");
    try {
      await act(happened);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      tell(error.message, true);
    } finally {
      pressed.forEach((button) => { button.disabled = false; });
    }
  });
}

function row(list, words, isLate) {
  const item = document.createElement("li");
  const said = document.createElement("span");
  said.className = isLate ? "said late" : "said";
  said.textContent = words;
  item.append(said);
  list.append(item);
  return item;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  on(made, "click", act);
  return made;
}

const given = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string" && value.trim() !== ""));

// --- signing in ---

function signOut() {
  ["token", "village", "user"].forEach((name) => sessionStorage.removeItem(`desk.${name}`));
  location.reload();
}

async function signIn() {
  const answer = await ask("POST", "/sessions", { json: given(at("sign-in")) });
  const { token, user } = await answer.json();
  remember("token", token);
  remember("user", JSON.stringify(user));
  at("password").value = "";
  await enter();
}

async function enter() {
  const user = JSON.parse(remembered("user"));
  at("sign-in").hidden = true;
  const villages = [...new Set(user.grants.map((grant) => grant.region).filter((region) => region.length === 12))];
  if (!remembered("village") && villages.length === 1) remember("village", villages[0]);
  if (!remembered("village")) return choose(user, villages);
  decides = user.grants.some((grant) => grant.role === "supervisor" || grant.role === "admin");
  at("choose").hidden = true;
  at("user-name").textContent = user.name;
  at("who").hidden = false;
  at("work").hidden = false;
  ["contact", "office"].forEach((name) => { at("make").elements[name].value = remembered(name) || ""; });
  at("hang").elements.posted_on.value = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  await refresh();
}

function choose(user, villages) {
  for (const code of villages) at("village").add(new Option(code, code));
  at("choose").hidden = false;
  if (!villages.length) tell("您没有管理任何一个村", true);
}

// --- what is due ---

async function refresh() {
  at("village-name").textContent = (await (await ask("GET", `/regions/${remembered("village")}`)).json()).name;
  await Promise.all([showDue(), showSheets(), showObjections()]);
}

async function showDue() {
  const [late, next] = await Promise.all([read("/publications?overdue=true"), read("/publications?overdue=false")]);
  const list = at("due");
  list.replaceChildren();
  for (const duty of late.items) dutyRow(list, duty, true);
  for (const duty of next.items) dutyRow(list, duty, false);
  if (!list.children.length) row(list, "没有要公开的。");
}

function dutyRow(list, duty, isLate) {
  const what = [KINDS[duty.kind], duty.period || duty.number, duty.waiting ? `${duty.waiting} 条待公示` : ""];
  const lack = duty.missing === "posting" ? "没有张贴凭证" : "还没有制作";
  const words = `${what.filter(Boolean).join(" ")}：${lack}，${isLate ? "已过期限" : "期限"} ${duty.due_on}`;
  const item = row(list, words, isLate);
  item.append(
    duty.publication
      ? button("登记张贴", () => open(duty.publication))
      : button("制作", async () => {
          const form = at("make");
          form.elements.kind.value = duty.kind;
          form.elements.period.value = duty.period || "";
          form.scrollIntoView();
          form.elements.contact.focus();
        }),
  );
}

// --- sheets ---

async function showSheets(isMore) {
  const found = await read(`/publications?limit=20${isMore ? `&after=${encodeURIComponent(cursor)}` : ""}`);
  const list = at("sheets");
  if (!isMore) list.replaceChildren();
  for (const each of found.items) {
    const marks = [
      each.edition > 1 ? `更正第${each.edition}版` : "",
      each.replaced_by ? "已更正" : "",
      each.withdrawn_at ? "已撤下" : each.posted_on ? `${each.posted_on} 张贴` : "未张贴",
    ];
    const item = row(list, `${each.title}（${each.number}） ${marks.filter(Boolean).join("，")}`);
    item.append(button("打开", () => open(each.id)));
  }
  if (!list.children.length) row(list, "还没有制作过公示件。");
  cursor = found.next;
  at("more").hidden = !cursor;
}

async function make(body, form) {
  if (!remembered("contact") || body.contact) remember("contact", body.contact);
  if (!remembered("office") || body.office) remember("office", body.office);
  const made = await (await ask("PUT", here(`/publications/${nameOf(form)}`), { json: body })).json();
  delete form.dataset.name;
  tell(`已制作：${made.title}（${made.number}）`);
  await Promise.all([showDue(), showSheets()]);
  await open(made.id);
}

// 2026年11月 → 2026-11, 2026年第四季度 → 2026-Q4, 2026年 → 2026
function periodOf(label) {
  const [, year, quarter, month] = label.match(/^(\d{4})年(?:第(.)季度|(\d+)月)?$/);
  if (quarter) return `${year}-Q${"一二三四".indexOf(quarter) + 1}`;
  return month ? `${year}-${month.padStart(2, "0")}` : year;
}

async function open(id) {
  sheet = await read(`/publications/${id}`);
  page = 1;
  const isRoll = sheet.kind === "honor_roll";
  at("sheet").hidden = false;
  at("sheet-head").textContent = `${sheet.title}（${sheet.number}）`;
  at("sheet-facts").textContent = [
    `共 ${sheet.lines} 行`,
    `校验码 ${sheet.digest.slice(0, 16)}`,
    sheet.public_url ? `公开页到 ${sheet.until_on}` : "交给本户，不公开",
    sheet.withdrawn_at ? "已撤下" : "",
  ].filter(Boolean).join("，");
  at("paper").value = isRoll ? "A3" : "A4";
  at("paper").options[2].hidden = !isRoll;
  at("correct").hidden = isRoll;
  for (const form of ["hang", "object", "withdraw"]) delete at(form).dataset.name;
  delete at("correct").dataset.name;
  await Promise.all([showPreview(), showPostings()]);
  at("sheet").scrollIntoView();
}

async function showPreview() {
  const picture = at("preview");
  picture.hidden = true;
  at("page-no").textContent = `第 ${page} 页`;
  at("previous").disabled = page <= 1;
  const answer = await ask("GET", here(`/publications/${sheet.id}.png?paper=${at("paper").value}&page=${page}`));
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    picture.src = reader.result;
    picture.hidden = false;
  });
  reader.readAsDataURL(await answer.blob());
}

async function turn(step) {
  const before = page;
  page += step;
  try {
    await showPreview();
  } catch (error) {
    page = before;
    await showPreview();
    throw error;
  }
}

async function print() {
  const paper = at("paper").value;
  const answer = await ask("GET", here(`/publications/${sheet.id}.pdf?paper=${paper}`));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${sheet.title}-${sheet.number}-${paper}.pdf`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function showPostings() {
  const list = at("postings");
  list.replaceChildren();
  if (!sheet.public_url) return;
  for (const each of (await read(`/publications/${sheet.id}/postings`)).items) {
    row(list, `${each.posted_on} ${each.place}${each.due_on ? `，${each.due_on} 起入账` : ""}`);
  }
}

async function hang() {
  const form = at("hang");
  const photo = form.elements.photo.files[0];
  const where = new URLSearchParams({ place: form.elements.place.value, posted_on: form.elements.posted_on.value });
  const path = here(`/publications/${sheet.id}/postings/${nameOf(form)}?${where}`);
  await ask("PUT", path, { data: photo, type: photo.type });
  delete form.dataset.name;
  form.elements.photo.value = "";
  tell("已登记张贴");
  await Promise.all([showPostings(), showDue(), showSheets()]);
}

// --- objections ---

async function object() {
  const form = at("object");
  const body = given(form);
  if (body.line) body.line = Number(body.line);
  await ask("PUT", here(`/publications/${sheet.id}/objections/${nameOf(form)}`), { json: body });
  delete form.dataset.name;
  form.reset();
  tell("异议已登记，该条暂缓入账");
  await showObjections();
}

async function showObjections() {
  const list = at("objections");
  const found = await read("/objections").catch(() => ({ items: [] }));
  list.replaceChildren();
  for (const each of found.items) {
    const who = each.name || "匿名";
    const line = each.line ? `第 ${each.line} 条` : "";
    const end = each.reason ? `。${each.reason}` : "";
    const item = row(list, `${STATES[each.state]} ${line}（${each.matter}） ${who}：${each.words}${end}`, each.state === "open");
    item.append(button("看公示件", () => open(each.publication)));
    if (decides && each.state === "open") item.append(decision(each.id));
  }
  if (!list.children.length) row(list, "没有异议。");
}

function decision(id) {
  const form = at("decision").content.cloneNode(true).querySelector("form");
  on(form, "submit", async (happened) => {
    const body = { decision: happened.submitter.value, reason: form.elements.reason.value };
    await ask("PUT", here(`/objections/${id}/decision`), { json: body });
    tell("已处理，理由将印在下一期公示上");
    await showObjections();
  });
  return form;
}

// --- wiring ---

for (const option of at("make").elements.kind.options) KINDS[option.value] = option.text;

on(at("sign-in"), "submit", signIn);
on(at("choose"), "submit", async () => {
  remember("village", at("village").value);
  await enter();
});
on(at("sign-out"), "click", async () => {
  await ask("DELETE", "/sessions/current").catch(() => null);
  signOut();
});
on(at("make"), "submit", () => make(given(at("make")), at("make")));
on(at("more"), "click", () => showSheets(true));
on(at("print"), "click", print);
on(at("previous"), "click", () => turn(-1));
on(at("next"), "click", () => turn(1));
on(at("paper"), "change", () => {
  page = 1;
  return showPreview();
});
on(at("hang"), "submit", hang);
on(at("object"), "submit", object);
on(at("correct"), "click", () => {
  const period = sheet.kind === "merit_notice" ? {} : { period: periodOf(sheet.document.period_label) };
  const form = given(at("make"));
  const own = sheet.document.holder ? { household: sheet.document.holder.number } : {};
  const body = { kind: sheet.kind, contact: form.contact || sheet.document.contact, office: form.office || sheet.document.office };
  return make({ ...body, ...period, ...own, replaces: sheet.id }, at("correct"));
});
on(at("withdraw"), "submit", async () => {
  await ask("PUT", here(`/publications/${sheet.id}/withdrawal`), { json: given(at("withdraw")) });
  at("withdraw").reset();
  tell("已撤下");
  await Promise.all([showDue(), showSheets(), open(sheet.id).catch(() => null)]);
});

if (remembered("token")) enter().catch((error) => tell(error.message, true));
