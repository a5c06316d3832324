// Decodes pictures beside the page. Its own response allows it WebAssembly (web/pages.py); no page has to.

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing/reader/index.js";
import { soften } from "./soften.js";

prepareZXingModule({
  overrides: { locateFile: () => new URL("../../vendor/zxing/zxing_reader.wasm", import.meta.url).href },
  fireImmediately: true,
}).then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data: { id, image, formats } }) => {
  // as it is for a small code in good light, softened for all others
  const text = (await read(image, formats, false)) ?? (await read(soften(image), formats, true));
  postMessage({ id, text });
};

async function read(image, formats, isHard) {
  const options = { formats, tryHarder: isHard, tryRotate: isHard, tryInvert: false, maxNumberOfSymbols: 1 };
  const [found] = await readBarcodes(image, options);
  return found?.isValid ? found.text : null;
}
