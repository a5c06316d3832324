// Where one is in the app: `#/log/HJ06` → ["log", "HJ06"].

import { useEffect, useState } from "./html.js";

const read = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);

export function go(...parts) {
  location.hash = `#/${parts.map(encodeURIComponent).join("/")}`;
}

export const back = () => history.back();

export function useRoute() {
  const [route, setRoute] = useState(read());
  useEffect(() => {
    const changed = () => {
      setRoute(read());
      scrollTo(0, 0);
    };
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}
