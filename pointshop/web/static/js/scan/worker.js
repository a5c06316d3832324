// Decodes pictures beside the page. Its own response allows it WebAssembly (web/pages.py); no page has to.

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing.js";

const ready = prepareZXingModule({
  overrides: { locateFile: () => new URL("../../vendor/zxing_reader.wasm", import.meta.url).href },
  fireImmediately: true,
});
ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data: { id, image, formats, isHard } }) => {
  const options = { formats, tryHarder: isHard, tryRotate: isHard, tryInvert: false, maxNumberOfSymbols: 1 };
  try {
    const [found] = await readBarcodes(image, options);
    postMessage({ id, text: found?.isValid ? found.text : null });
  } catch (error) {
    postMessage({ id, text: null, problem: String(error) });
  }
};
