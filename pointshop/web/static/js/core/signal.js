// A value that components can watch.

import { useEffect, useState } from "./html.js";

/** @template T @param {T} value */
export function signal(value) {
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const watcher of watchers) watcher(next);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

/** The signal's value, again whenever it changes. */
export function useSignal(source) {
  const [value, setValue] = useState(source.get());
  useEffect(() => {
    // it may have changed between the first drawing and now
    setValue(source.get());
    return source.watch((next) => setValue(next));
  }, [source]);
  return value;
}
