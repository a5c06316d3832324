// What waits on the phone and what it remembers of its own grid.

import { openDB } from "../../vendor/idb.js";

/** outbox: what was logged and isn't in the books yet. photos: theirs. roster, rules, facts: copies, may be wiped. */
const COPIES = ["roster", "rules", "facts"];

let opened;

export function database() {
  opened ??= openDB("pointshop", 1, {
    upgrade(db) {
      db.createObjectStore("outbox", { keyPath: "id" });
      db.createObjectStore("photos", { keyPath: "id" }).createIndex("outbox", "outbox");
      db.createObjectStore("roster", { keyPath: "number" });
      db.createObjectStore("rules", { keyPath: "code" });
      db.createObjectStore("facts", { keyPath: "name" });
    },
  });
  return opened;
}

/** Put a whole list in place of the one before. */
export async function replaceAll(store, items) {
  const transaction = (await database()).transaction(store, "readwrite");
  await transaction.store.clear();
  await Promise.all(items.map((item) => transaction.store.put(item)));
  await transaction.done;
}

/** Forget whatever can be asked for again. What waits to be sent stays: it is somebody's work. */
export async function wipeCopies() {
  const transaction = (await database()).transaction(COPIES, "readwrite");
  await Promise.all(COPIES.map((name) => transaction.objectStore(name).clear()));
  await transaction.done;
}

export const readFact = async (name) => (await (await database()).get("facts", name))?.value;
export const keepFact = async (name, value) => (await database()).put("facts", { name, value });
