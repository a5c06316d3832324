// What a grid worker needs without signal: the households of the own grid, the rules, how far one may date back.

import { NoAnswer, Refusal, all, call, reason } from "../core/api.js";
import { database, keepFact, readFact, replaceAll, wipeCopies } from "../core/database.js";
import { useEffect } from "../core/html.js";
import { session } from "../core/session.js";
import { signal, useSignal } from "../core/signal.js";

/** Minutes after which it is asked for anew when there is signal. */
const STALE = 10;
const EMPTY = { roster: [], rules: [], settings: null, at: null, problem: null };

const notebook = signal(EMPTY);
session.watch((held) => held === null && notebook.set(EMPTY));

/** `{roster, rules, settings, at, problem}`: what is on the phone at once, then what the server says. */
export function useNotebook() {
  useEffect(() => {
    read().then(refresh);
  }, []);
  return useSignal(notebook);
}

export const nameOf = (number) => notebook.get().roster.find((each) => each.number === number)?.head ?? number;

/** A rule's points as people write them. */
export const pointsOf = (rule) => `${rule.points > 0 ? "+" : "−"}${Math.abs(rule.points)}`;

async function read() {
  const db = await database();
  const of = await readFact("village");
  if (of !== session.get()?.village.code) return;
  const [roster, rules] = await Promise.all([db.getAll("roster"), db.getAll("rules")]);
  notebook.set({ roster, rules, settings: await readFact("settings"), at: await readFact("at"), problem: null });
}

async function refresh() {
  const { at } = notebook.get();
  if (at && Date.now() - at < STALE * 60_000) return;
  const held = session.get();
  try {
    const [roster, rules, settings] = await Promise.all([all("~/roster"), all("~/rules"), call("GET", "~/settings")]);
    if (session.get()?.token !== held.token) return;
    await Promise.all([replaceAll("roster", roster), replaceAll("rules", rules)]);
    await Promise.all([keepFact("village", held.village.code), keepFact("settings", settings), keepFact("at", Date.now())]);
    await read();
  } catch (error) {
    await failed(error);
  }
}

async function failed(error) {
  const isTakenAway = error instanceof Refusal && (error.status === 403 || error.status === 404);
  // no grid any more: its households are nobody's business on this phone
  if (isTakenAway) await wipeCopies();
  if (!(error instanceof Refusal) && !(error instanceof NoAnswer)) throw error;
  notebook.set({ ...(isTakenAway ? EMPTY : notebook.get()), problem: reason(error) });
}
