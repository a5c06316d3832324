// Who is signed in on this phone. The token lives in the page's own storage and travels in a header: no cookies.

import { signal } from "./signal.js";

const KEPT = "pointshop.session";

function read() {
  const found = JSON.parse(localStorage.getItem(KEPT) ?? "null");
  return found && Date.parse(found.expires_at) > Date.now() ? found : null;
}

/** `{token, expires_at, user, village: {code, name} | null}` or null. */
export const session = signal(read());

export function keepSession(found) {
  localStorage.setItem(KEPT, JSON.stringify(found));
  session.set(found);
}

export function forgetSession() {
  localStorage.removeItem(KEPT);
  session.set(null);
}

/** The codes of the villages that the grants name. */
export function villagesOf(user) {
  return [...new Set(user.grants.map((grant) => grant.region).filter((code) => code.length === 12))];
}

/** The roles held in the chosen village. An administrator's reach down from the regions above. */
export function roles() {
  const found = session.get();
  if (!found) return new Set();
  const code = found.village?.code ?? "";
  const held = found.user.grants.filter(
    (grant) => grant.region === code || (["admin", "viewer"].includes(grant.role) && isAbove(grant.region, code)),
  );
  return new Set(held.map((grant) => grant.role));
}

const isAbove = (region, code) => region === "0" || code.startsWith(region);

/** Whether any of these roles is held in the chosen village. */
export const holds = (...names) => names.some((name) => roles().has(name));
