// How large the pages are written. The elder view is for whoever wants it; nothing is hidden in it.

import { signal } from "./signal.js";
import { setLanguage } from "./text.js";

const KEPT = "pointshop.elder";

/** Counts changes of look or language, so that everything is drawn again. */
export const look = signal(0);

export const isElder = () => localStorage.getItem(KEPT) === "1";

export function applyLook() {
  document.documentElement.classList.toggle("elder", isElder());
}

export function setElder(value) {
  localStorage.setItem(KEPT, value ? "1" : "0");
  applyLook();
  look.set(look.get() + 1);
}

export function chooseLanguage(language) {
  setLanguage(language);
  look.set(look.get() + 1);
}
