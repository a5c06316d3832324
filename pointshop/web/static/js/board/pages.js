// What the wall screen shows, cut into pages that a hall can read. Pure.

/** Lines of a roll, goods and deeds on one page. */
const LINES = 10;
const GOODS = 12;

/**
 * @param {object|null} published as /board/{village}/published.json gives it
 * @param {string} today the village's day: what has ended since is no longer shown, though nobody could tell us
 * @param {{deeds: string, goods: string}} titles
 * @returns {{kind: string, title: string, [more: string]: any}[]}
 */
export function pagesOf(published, today, titles) {
  if (!published) return [];
  const rolls = published.rolls.filter((roll) => roll.until_on >= today);
  return [
    ...rolls.flatMap((roll) => cut(roll.items, LINES).map((items, at, all) => ({ kind: "roll", ...roll, items, page: at + 1, pages: all.length }))),
    ...(published.deeds.length && mondayOf(published.today) === mondayOf(today) ? [{ kind: "deeds", title: titles.deeds, deeds: published.deeds }] : []),
    ...cut(published.goods, GOODS).map((goods, at, all) => ({ kind: "goods", title: titles.goods, goods, page: at + 1, pages: all.length })),
  ];
}

/** The first day of the week in which a day lies. @param {string} day */
function mondayOf(day) {
  const found = new Date(`${day}T00:00:00Z`);
  found.setUTCDate(found.getUTCDate() - ((found.getUTCDay() + 6) % 7));
  return found.toISOString().slice(0, 10);
}

function cut(list, size) {
  const pieces = [];
  for (let from = 0; from < list.length; from += size) pieces.push(list.slice(from, from + size));
  return pieces;
}
