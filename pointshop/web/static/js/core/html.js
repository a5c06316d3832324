// The one place that names the library: preact, its hooks and htm in one file.
export {
  html,
  render,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "../../vendor/htm.js";
