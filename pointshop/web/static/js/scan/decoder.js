// Asks the scanning worker what is on a picture. One worker for the whole app, started before it is needed.

export const CARD = ["QRCode"];
export const GOODS = ["EAN13", "EAN8", "UPCA", "UPCE", "Code128", "QRCode"];
/** Pixels along the longer side of a photo: enough for a card that fills a third of it. */
const PHOTO_SIDE = 1600;

let worker = null;
let count = 0;
const asked = new Map();

/** Start the worker, so that the first card does not wait for it. */
export function warmUp() {
  if (worker) return;
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.id === undefined) return;
    asked.get(data.id)?.(data.text);
    asked.delete(data.id);
  };
  worker.onerror = () => {
    // without it there is no scanning now; the next attempt starts anew
    for (const answer of asked.values()) answer(null);
    asked.clear();
    worker = null;
  };
}

/**
 * The text of the first code on a picture, or null.
 * @param {ImageData|Blob} image its pixels move to the worker
 * @param {{formats: string[], isHard?: boolean}} options isHard: take longer, look at every angle
 * @returns {Promise<string|null>}
 */
export function decode(image, { formats, isHard = false }) {
  warmUp();
  const id = ++count;
  const moved = image instanceof ImageData ? [image.data.buffer] : [];
  return new Promise((resolve) => {
    asked.set(id, resolve);
    worker.postMessage({ id, image, formats, isHard }, moved);
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
  return decode(context.getImageData(0, 0, canvas.width, canvas.height), { formats, isHard: true });
}
