// What the pages say, from text/catalogue.json: `key: [Chinese, English]`.

const LANGUAGES = ["zh", "en"];
const KEPT = "pointshop.language";

let catalogue = {};
let index = 0;

/** Fetch the catalogue and take up the language chosen before. */
export async function loadText() {
  const answer = await fetch(new URL("../../text/catalogue.json", import.meta.url));
  catalogue = await answer.json();
  applyLanguage(localStorage.getItem(KEPT) ?? "zh");
}

/** @param {"zh"|"en"} language */
export function setLanguage(language) {
  localStorage.setItem(KEPT, language);
  applyLanguage(language);
}

export const language = () => LANGUAGES[index];

function applyLanguage(name) {
  index = Math.max(0, LANGUAGES.indexOf(name));
  document.documentElement.lang = index ? "en" : "zh-CN";
  document.title = t("app.name");
}

/**
 * The text of a key, with `{name}` filled in.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 */
export function t(key, values = {}) {
  const text = catalogue[key]?.[index];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Whether the catalogue has the key: refusals of a later server may carry a code we have no words for. */
export const hasText = (key) => key in catalogue;
