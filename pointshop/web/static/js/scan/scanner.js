// The window that scans: camera, else a photo of the code, else what is typed.

import { html, useEffect, useRef, useState } from "../core/html.js";
import { useSignal } from "../core/signal.js";
import { t } from "../core/text.js";
import { Button, Notice } from "../ui/parts.js";
import { NoCamera, closeCamera, setLamp, takeCamera, watch } from "./camera.js";
import { CARD, decodePhoto, isBroken } from "./decoder.js";

/**
 * @param {{onText: (text: string) => boolean|void, formats?: string[], typed: string, keyboard?: string, keepsGoing?: boolean}} props
 *   onText: gets what was read; typed: what the field for typing is called; keepsGoing: one code after another
 */
export function Scanner({ onText, formats = CARD, typed, keyboard = "text", keepsGoing = false }) {
  const [problem, setProblem] = useState(null);
  const [text, setText] = useState("");
  const [isReading, setReading] = useState(false);
  const broken = useSignal(isBroken);
  const heard = useRef(onText);
  heard.current = onText;
  const readPhoto = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    setReading(true);
    const found = await decodePhoto(file, formats).catch(() => null);
    setReading(false);
    if (found === null) setProblem("photo");
    else heard.current(found);
  };
  const submit = (event) => {
    event.preventDefault();
    if (text.trim()) heard.current(text.trim());
    setText("");
  };
  return html`
    <div class="scanner">
      <${Camera} formats=${formats} keepsGoing=${keepsGoing} heard=${heard} onProblem=${setProblem} />
      ${problem && html`<${Notice} kind="warn">${t(`scan.problem_${problem}`)}<//>`}
      ${broken && html`<${Notice} kind="warn">${t("scan.problem_broken")}<//>`}
      <div class="scanner__other">
        <label class="button button_plain scanner__photo">
          ${isReading ? t("loading") : t("scan.photo")}
          <input class="hidden-file" type="file" accept="image/*" capture="environment" onChange=${readPhoto} />
        </label>
        <form class="scanner__typed" onSubmit=${submit}>
          <input class="field__input" aria-label=${typed} placeholder=${typed} value=${text} inputmode=${keyboard} autocapitalize="characters" autocomplete="off" onInput=${(event) => setText(event.target.value)} />
          <${Button} kind="plain" type="submit">${t("scan.use")}<//>
        </form>
      </div>
    </div>
  `;
}

function Camera({ formats, keepsGoing, heard, onProblem }) {
  const video = useRef(null);
  const stream = useRef(null);
  const [hasLamp, setHasLamp] = useState(false);
  const [isLit, setLit] = useState(false);
  const [isThere, setThere] = useState(true);
  useEffect(() => {
    let isWanted = true;
    let stop = () => {};
    let last = { text: null, at: 0 };
    const listen = (text) => {
      // a card stays before the lens for a while; it is told once
      if (keepsGoing && text === last.text && Date.now() - last.at < 3000) {
        last.at = Date.now();
        return false;
      }
      last = { text, at: Date.now() };
      // a page that nobody has touched yet may not
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(60);
      return heard.current(text) !== false && !keepsGoing;
    };
    const camera = takeCamera();
    camera.onText = (text) => {
      if (isWanted && listen(text)) stop();
    };
    if (camera.text !== null) camera.onText(camera.text);
    camera.stream.then(
      async (found) => {
        if (!isWanted) return closeCamera(found);
        stream.current = found;
        video.current.srcObject = found;
        await video.current.play().catch(() => null);
        if (!isWanted) return undefined;
        camera.stop();
        stop = watch(video.current, formats, listen);
        return setHasLamp(await setLamp(found, false).catch(() => false));
      },
      (error) => {
        if (!(error instanceof NoCamera)) throw error;
        if (!isWanted) return;
        setThere(false);
        onProblem(error.message);
      },
    );
    return () => {
      isWanted = false;
      camera.stop();
      stop();
      if (stream.current) closeCamera(stream.current);
    };
  }, []);
  if (!isThere) return null;
  return html`
    <div class="camera">
      <video class="camera__picture" ref=${video} muted playsinline aria-label=${t("scan.hold")}></video>
      <div class="camera__frame" aria-hidden="true"></div>
      <p class="camera__hint">${t("scan.hold")}</p>
      ${hasLamp &&
      html`<button class="camera__lamp" aria-pressed=${isLit} onClick=${() => setLamp(stream.current, !isLit).then(() => setLit(!isLit))}>${t("scan.lamp")}</button>`}
    </div>
  `;
}
