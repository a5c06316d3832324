// What was logged on this phone and isn't in the books yet. Each entry gets its name here, before anything is sent.

import { database } from "../core/database.js";
import { newName } from "../core/ids.js";
import { session } from "../core/session.js";
import { signal } from "../core/signal.js";

/** How many entries of whoever is signed in wait, and how many were refused. */
export const counts = signal({ waiting: 0, refused: 0 });

/**
 * @typedef {{id: string, put: string, body: any, village: string, username: string, at: string, title: string,
 *   state: "waiting"|"refused", problem: null|{code: string, detail: string, errors?: object, data?: object}}} Entry
 *   households stand in the body by their numbers; names come from the roster, which can be wiped
 */

/** Entries of whoever is signed in, the oldest first. @returns {Promise<Entry[]>} */
export async function entries() {
  const username = session.get()?.user.username;
  const found = await (await database()).getAll("outbox");
  return found.filter((entry) => entry.username === username).sort((one, other) => one.at.localeCompare(other.at));
}

export async function recount() {
  const found = await entries();
  const refused = found.filter((entry) => entry.state === "refused").length;
  counts.set({ waiting: found.length - refused, refused });
}

/**
 * Keep one rule for some households, with its photos, until it can be sent.
 * @param {{rule: string, title: string, occurred_on: string, note: string|null, lines: {household: string, member_id?: number, quantity: number}[]}} deed
 * @param {Blob[]} photos
 */
export async function keepDeed(deed, photos) {
  const id = newName();
  const { rule, occurred_on, note, lines, title } = deed;
  const body =
    lines.length === 1 ? { rule, occurred_on, note, ...lines[0] } : { rule, occurred_on, note, lines };
  const put = lines.length === 1 ? `merits/${id}` : `merit-batches/${id}`;
  await keep({ id, put, body, title }, photos);
}

/** Take one's own entry back before anyone has signed it; that too may wait for a signal. */
export const keepWithdrawal = (merit, reason) =>
  keep({ id: newName(), put: `merits/${merit.id}/withdrawal`, body: { reason }, title: merit.rule_name }, []);

/** Somebody came to an event or left it, seen when there was no signal. way: in or out. */
export const keepSigning = (event, way, body) => {
  const id = newName();
  return keep({ id, put: `events/${event.id}/sign-${way}s/${id}`, body, title: event.title }, []);
};

/** Whether somebody's sign-in with this card still waits to be sent. */
export const isWaitedFor = async (event, card) => (await entries()).some((each) => isSignIn(each, event.id, card));

const isSignIn = ({ put, body, state }, event, card) =>
  state === "waiting" && put.startsWith(`events/${event}/sign-ins/`) && body.card === card;

/** A signing that lacked the person, once more with whoever it was; its own time stays. */
export async function nameSigner(entry, member) {
  const id = newName();
  const put = entry.put.replace(/[^/]+$/, id);
  await keep({ id, put, body: { ...entry.body, member_id: member }, title: entry.title }, []);
  await discard(entry.id);
}

async function keep({ id, put, body, title }, photos) {
  const { user, village } = session.get();
  const entry = { id, put, body, title, village: village.code, username: user.username };
  const transaction = (await database()).transaction(["outbox", "photos"], "readwrite");
  transaction.objectStore("outbox").put({ ...entry, at: new Date().toISOString(), state: "waiting", problem: null });
  for (const blob of photos) transaction.objectStore("photos").put({ id: newName(), outbox: id, merit: null, blob });
  await transaction.done;
  await recount();
}

/** The server took it: its photos now belong to a merit and go next. */
export async function settle(entry, merit) {
  const transaction = (await database()).transaction(["outbox", "photos"], "readwrite");
  const photos = await transaction.objectStore("photos").index("outbox").getAll(entry.id);
  const owner = { merit, village: entry.village, username: entry.username };
  for (const photo of photos) transaction.objectStore("photos").put({ ...photo, ...owner });
  transaction.objectStore("outbox").delete(entry.id);
  await transaction.done;
}

/** The server said no, and would say so again: it stays in sight with the reason. */
export async function refuse(entry, problem) {
  const { code, detail, errors, data } = problem;
  await (await database()).put("outbox", { ...entry, state: "refused", problem: { code, detail, errors, data } });
}

/** Throw an entry away with its photos. */
export async function discard(id) {
  const transaction = (await database()).transaction(["outbox", "photos"], "readwrite");
  transaction.objectStore("outbox").delete(id);
  for (const key of await transaction.objectStore("photos").index("outbox").getAllKeys(id)) {
    transaction.objectStore("photos").delete(key);
  }
  await transaction.done;
  await recount();
}
