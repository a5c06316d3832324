// Which rules and households this phone used last, and which rules are starred. Codes and numbers only, no names.

const read = (key) => JSON.parse(localStorage.getItem(key) ?? "[]");
const keep = (key, list) => localStorage.setItem(key, JSON.stringify(list));

export const recentRules = () => read("pointshop.rules");
export const recentHouses = () => read("pointshop.houses");
export const stars = () => read("pointshop.stars");

export function rememberDeed(rule, houses) {
  keep("pointshop.rules", [rule, ...recentRules().filter((code) => code !== rule)].slice(0, 8));
  keep("pointshop.houses", [...houses.slice(0, 4), ...recentHouses().filter((each) => !houses.includes(each))].slice(0, 8));
}

export function toggleStar(rule) {
  const before = stars();
  keep("pointshop.stars", before.includes(rule) ? before.filter((code) => code !== rule) : [...before, rule]);
}
