// A line that can be pushed to the right (yes) or to the left (no). The buttons say the same for whoever cannot swipe.

import { useRef, useState } from "../core/html.js";

/** Pixels after which a push counts. */
const FAR = 96;

/** @returns {[number, object]} how far it is pushed now, and the handlers of the line */
export function useSwipe(onRight, onLeft) {
  const [offset, setOffset] = useState(0);
  const start = useRef(null);
  const end = () => {
    if (start.current && offset > FAR) onRight();
    if (start.current && offset < -FAR) onLeft();
    start.current = null;
    setOffset(0);
  };
  const handlers = {
    onPointerDown: (event) => {
      if (event.pointerType !== "mouse") start.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event) => {
      if (!start.current) return;
      const by = event.clientX - start.current.x;
      // rather up and down than sideways: that is scrolling
      if (Math.abs(event.clientY - start.current.y) > Math.abs(by)) return;
      setOffset(Math.abs(by) > 12 ? by : 0);
    },
    onPointerUp: end,
    onPointerCancel: () => {
      start.current = null;
      setOffset(0);
    },
  };
  return [offset, handlers];
}
