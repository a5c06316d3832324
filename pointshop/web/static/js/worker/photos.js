// Photos are made small on the phone: what proves a swept lane need not cost a day's data.

import { html, useEffect, useState } from "../core/html.js";
import { t } from "../core/text.js";

export const MOST_PHOTOS = 4;
/** Pixels of the longer side, and JPEG's quality. */
const SIDE = 1280;
const QUALITY = 0.75;

/** @param {Blob} file @returns {Promise<Blob>} a JPEG without place, time or camera */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

export function Photos({ photos, onPhotos }) {
  const add = async (event) => {
    const files = [...event.target.files].slice(0, MOST_PHOTOS - photos.length);
    event.target.value = "";
    onPhotos([...photos, ...(await Promise.all(files.map(shrink)))]);
  };
  return html`
    <div class="photos">
      ${photos.map((photo, at) => html`<${Thumb} key=${photo} photo=${photo} onRemove=${() => onPhotos(photos.filter((_, other) => other !== at))} />`)}
      ${photos.length < MOST_PHOTOS &&
      html`<label class="photos__add">
        <span aria-hidden="true">＋</span><span>${t("log.add_photo")}</span>
        <input class="hidden-file" type="file" accept="image/*" capture="environment" multiple onChange=${add} />
      </label>`}
    </div>
  `;
}

function Thumb({ photo, onRemove }) {
  const [address, setAddress] = useState(null);
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return html`
    <span class="photos__one">
      ${address && html`<img src=${address} alt=${t("log.photo")} />`}
      <button class="photos__remove" onClick=${onRemove} aria-label=${t("log.remove_photo")}>×</button>
    </span>
  `;
}
