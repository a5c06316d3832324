// Sends what waits: on load, when the signal returns, and every fifteen seconds. Sending twice books once: the names
// were given before.

import { NoAnswer, Refusal, call } from "../core/api.js";
import { database } from "../core/database.js";
import { online } from "../core/network.js";
import { session } from "../core/session.js";
import { signal } from "../core/signal.js";
import { entries, isWaitedFor, recount, refuse, settle } from "./outbox.js";

const EVERY = 15_000;
/** Operations, and characters of them, in one request: small enough for a bad line. */
const MOST = 50;
const MOST_CHARACTERS = 200_000;

/** Seconds by which this phone's clock is fast, when it is far off; else 0. */
export const skew = signal(0);
/** Counts rounds that changed something, for lists that show it. */
export const flushed = signal(0);

let running = null;
let isWanted = false;

export function startFlushing() {
  recount();
  setInterval(flush, EVERY);
  online.watch((isOnline) => isOnline && flush());
  session.watch(() => recount().then(flush));
  flush();
}

/** Send everything that waits. Asked for while it runs, it runs once more. */
export function flush() {
  isWanted = true;
  running ??= (async () => {
    while (isWanted) {
      isWanted = false;
      await alone(round).catch((error) => {
        if (!(error instanceof NoAnswer) && !(error instanceof Refusal)) throw error;
      });
    }
  })().finally(() => {
    running = null;
  });
  return running;
}

/** Two windows of one phone take turns. Plain http has no locks; there the names alone must do. */
const alone = (work) =>
  navigator.locks ? navigator.locks.request("pointshop.flush", { ifAvailable: true }, (lock) => lock && work()) : work();

async function round() {
  if (!session.get()) return;
  const waiting = (await entries()).filter((entry) => entry.state === "waiting");
  let isGoing = true;
  for (const batch of batches(waiting)) {
    isGoing &&= await send(batch);
    await recount();
  }
  if (isGoing) await sendPhotos();
  if (waiting.length) flushed.set(flushed.get() + 1);
}

/** Runs of entries of one village, none too large. @returns {Iterable<import("./outbox.js").Entry[]>} */
export function* batches(waiting) {
  let batch = [];
  let size = 0;
  for (const entry of waiting) {
    const own = JSON.stringify(entry.body).length;
    const isFull = batch.length === MOST || size + own > MOST_CHARACTERS || batch[0]?.village !== entry.village;
    if (batch.length && isFull) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(entry);
    size += own;
  }
  if (batch.length) yield batch;
}

/** @returns {Promise<boolean>} whether it is worth going on now */
async function send(batch) {
  const body = {
    device_now: new Date().toISOString(),
    operations: batch.map((entry) => ({ put: entry.put, body: entry.body })),
  };
  const answer = await call("POST", `/villages/${batch[0].village}/sync`, { body, timeout: 60_000 });
  skew.set(Math.abs(answer.clock_skew_seconds) > 300 ? answer.clock_skew_seconds : 0);
  const byName = new Map(answer.results.map((result) => [result.put, result]));
  let isGoing = true;
  for (const entry of batch) {
    const { status, body: found } = byName.get(entry.put);
    if (isKnown(entry, found)) await settle(entry, null);
    else if (status < 300) await settle(entry, found.merits ? found.merits[0].id : found.id);
    else if (mayPass(status) || (await isAhead(entry, found))) isGoing = false;
    else await refuse(entry, found);
  }
  return isGoing;
}

/** A signing whose first attempt had arrived after all, though no answer came back. */
const isKnown = (entry, found) => entry.put.startsWith("events/") && found.code === "duplicate_merit";

/** A sign-out whose sign-in still waits: it comes after it in the next round. */
async function isAhead({ put, body }, found) {
  const [, event, way] = put.split("/");
  return way === "sign-outs" && found.code === "not_pending" && isWaitedFor({ id: event }, body.card);
}

/** Whether the same request may fare better later. */
const mayPass = (status) => status === 401 || status === 409 || status === 429 || status >= 500;

async function sendPhotos() {
  const db = await database();
  const username = session.get()?.user.username;
  const photos = (await db.getAll("photos")).filter((photo) => photo.merit && photo.username === username);
  for (const photo of photos) {
    const path = `/villages/${photo.village}/merits/${photo.merit}/photos/${photo.id}`;
    try {
      await call("PUT", path, { raw: photo.blob, headers: { "Content-Type": photo.blob.type }, timeout: 60_000 });
    } catch (error) {
      if (!(error instanceof Refusal) || mayPass(error.status)) throw error;
      await tellLost(photo, error);
    }
    await db.delete("photos", photo.id);
  }
}

/** A photo the server will never take: the entry is booked, and whoever took it should know. */
async function tellLost(photo, error) {
  const { id, village, username, merit } = photo;
  const problem = { code: error.code, detail: error.message, errors: error.errors };
  const entry = { id, put: "", body: { merit }, title: "photo", village, username, at: new Date().toISOString() };
  await refuse(entry, problem);
  await recount();
}
