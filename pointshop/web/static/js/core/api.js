// Calls of the interface. Every failure is one of two: the server said no (Refusal), or nothing came back (NoAnswer).

import { online } from "./network.js";
import { session } from "./session.js";
import { hasText, language, t } from "./text.js";

/** The server said no. status, code, detail, errors, data: of its problem document. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? String(status));
    Object.assign(this, { status, code: problem.code, errors: problem.errors ?? {}, data: problem.data ?? {} });
  }
}

/** Nothing came back: whether the server did what was asked is unknown. */
export class NoAnswer extends Error {}

/** What to do when the server no longer knows the token; main.js says. */
export const revoked = { handle: async () => {} };

/**
 * @param {string} method
 * @param {string} path below /api/v1, or below the chosen village when it begins with `~`
 * @param {{body?: any, headers?: object, raw?: Blob, timeout?: number, as?: "json"|"blob"|"response"}} [options]
 */
export async function call(method, path, { body, headers = {}, raw, timeout = 15000, as = "json" } = {}) {
  const given = { ...headers };
  const held = session.get();
  if (held) given.Authorization = `Bearer ${held.token}`;
  if (body !== undefined) given["Content-Type"] = "application/json";
  const response = await send(addressOf(path), {
    method,
    headers: given,
    body: body === undefined ? raw : JSON.stringify(body),
    signal: timeoutSignal(timeout),
  });
  if (!response.ok) throw await refusalOf(response, held);
  if (as === "response") return response;
  if (response.status === 204) return null;
  return readBody(response, as);
}

const addressOf = (path) =>
  path.startsWith("~") ? `/api/v1/villages/${session.get().village.code}${path.slice(1)}` : `/api/v1${path}`;

async function send(address, options) {
  try {
    const response = await fetch(address, { cache: "no-store", ...options });
    online.set(true);
    return response;
  } catch (error) {
    online.set(false);
    throw new NoAnswer(error.message);
  }
}

async function readBody(response, as) {
  try {
    return as === "blob" ? await response.blob() : await response.json();
  } catch (error) {
    // the connection broke inside the answer
    throw new NoAnswer(error.message);
  }
}

async function refusalOf(response, held) {
  const problem = await response.json().catch(() => ({ code: "unavailable", title: String(response.status) }));
  const isDead = response.status === 401 && problem.code === "unauthenticated";
  if (isDead && held && session.get()?.token === held.token) await revoked.handle();
  return new Refusal(response.status, problem);
}

function timeoutSignal(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}

/** Every item of a list, page after page. */
export async function all(path) {
  const items = [];
  let cursor = null;
  do {
    const sign = path.includes("?") ? "&" : "?";
    const after = cursor ? `&after=${encodeURIComponent(cursor)}` : "";
    const page = await call("GET", `${path}${sign}limit=200${after}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

/** Why something did not happen, in the reader's language. */
export function reason(error) {
  if (error instanceof NoAnswer) return t("network.no_answer");
  if (!(error instanceof Refusal)) throw error;
  return reasonOf(error.code, error.message, error.errors);
}

/** @param {Record<string, string[]>} errors field → what is wrong with it */
export function reasonOf(code, detail, errors = {}) {
  const key = `refusal.${code}`;
  if (language() !== "zh" && hasText(key)) return t(key);
  const more = [...new Set(Object.values(errors).flat())].filter((words) => !detail.includes(words));
  return more.length ? `${detail}：${more.join("；")}` : detail;
}
