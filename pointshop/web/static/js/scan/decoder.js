// Asks the scanning worker what is on a picture. One worker for the whole app, started before it is needed.

import { signal } from "../core/signal.js";

export const CARD = ["QRCode"];
export const GOODS = ["EAN13", "EAN8", "UPCA", "UPCE", "Code128", "QRCode"];
/** Pixels along the longer side of a photo: enough for a card that fills a third of it. */
const PHOTO_SIDE = 1600;

/** Milliseconds before a worker that could not start is tried again. */
const PAUSE = 5000;

let worker = null;
let count = 0;
let notBefore = 0;
const asked = new Map();

/** Whether the last attempt to start the worker failed. */
export const isBroken = signal(false);

/** Start the worker, so that the first card does not wait for it. */
export function warmUp() {
  if (worker || Date.now() < notBefore) return;
  const early = globalThis.pointshopEarly;
  worker = early?.worker ?? new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => listen(data);
  worker.onerror = giveUp;
  if (early?.worker) {
    early.worker = null;
    if (early.said) listen(early.said);
  }
}

function listen(said) {
  if (said.id === undefined) {
    if (said.failed) giveUp();
    isBroken.set(Boolean(said.failed));
    return;
  }
  asked.get(said.id)?.(said.text);
  asked.delete(said.id);
}

/** Without the worker there is no scanning now; a later attempt starts anew. */
function giveUp() {
  worker?.terminate();
  worker = null;
  notBefore = Date.now() + PAUSE;
  isBroken.set(true);
  for (const answer of asked.values()) answer(null);
  asked.clear();
}

/**
 * The text of the first code on a picture, or null.
 * @param {ImageData} image its pixels move to the worker
 * @param {string[]} formats
 * @returns {Promise<string|null>}
 */
export function decode(image, formats) {
  warmUp();
  if (!worker) return new Promise((resolve) => setTimeout(() => resolve(null), 500));
  const id = ++count;
  return new Promise((resolve) => {
    asked.set(id, resolve);
    worker.postMessage({ id, image, formats }, [image.data.buffer]);
  });
}

/** The text on a photo that was taken of a code. @param {Blob} file */
export async function decodePhoto(file, formats) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return decode(context.getImageData(0, 0, canvas.width, canvas.height), formats);
}
