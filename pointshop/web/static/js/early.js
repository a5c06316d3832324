// Runs before anything else of the page, and is no module, which would wait for all the others: whoever opens the counter
// wants to scan. Camera and scanner start while the page is still being read; scan/camera.js and scan/decoder.js take over.

(() => {
  const held = JSON.parse(localStorage.getItem("pointshop.session") ?? "null");
  const place = location.hash.replace(/^#\/?/, "");
  const roles = (held?.user?.grants ?? []).filter((grant) => grant.region === held.village?.code).map((grant) => grant.role);
  const isCounter = (place === "" && roles.includes("clerk")) || (place === "counter" && /clerk|manager/.test(roles.join()));
  // where the files are not on the phone yet, the page comes first: the scanner weighs more than all of it
  if (!isCounter || !navigator.serviceWorker?.controller || !navigator.mediaDevices) return;
  if (Date.parse(held.expires_at) < Date.now()) return;
  const worker = new Worker(new URL("scan/worker.js", document.currentScript.src), { type: "module" });
  const early = { worker, said: null, camera: null };
  worker.onmessage = ({ data }) => {
    early.said = data;
  };
  const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  early.camera = navigator.mediaDevices.getUserMedia({ video, audio: false });
  early.camera.catch(() => null);
  globalThis.pointshopEarly = early;
})();
