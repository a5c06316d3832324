// Days are the village's (Asia/Shanghai), whatever the phone's own zone says.

const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });
const TIME = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** The village's date at an instant, as `2026-11-22`. */
export const dayOf = (instant = new Date()) => DAY.format(instant);
export const today = () => dayOf();

/** `08:05` in the village. @param {string} instant RFC 3339 */
export const timeOf = (instant) => TIME.format(new Date(instant));

/** The day so many days after another. */
export function addDays(day, count) {
  const found = new Date(`${day}T00:00:00Z`);
  found.setUTCDate(found.getUTCDate() + count);
  return found.toISOString().slice(0, 10);
}

/** `11-22`, or the whole date when it is of another year. */
export const shortDay = (day) => (day.slice(0, 4) === today().slice(0, 4) ? day.slice(5) : day);
