// Keeps one release of the pages on the phone, so that they open without signal. The server puts SETTINGS in front:
// {release, scope, pages, kept, later}. What the pages ask of the interface (/api/…) is never kept here.

const CACHE = `pointshop ${SETTINGS.scope} ${SETTINGS.release}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) =>
      // pages anew from the server: a browser's own copy may belong to another release
      cache.addAll([...SETTINGS.pages.map((page) => new Request(page, { cache: "reload" })), ...SETTINGS.kept]),
    ),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter(
        (name) => name.startsWith(`pointshop ${SETTINGS.scope} `) && name !== CACHE,
      );
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
      const cache = await caches.open(CACHE);
      // the scanner is heavy: whoever has no signal now gets it with the first scan
      await Promise.allSettled(SETTINGS.later.map((file) => cache.add(file)));
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = SETTINGS.pages.includes(url.pathname);
  if (isPage || url.pathname.startsWith("/app/files/")) event.respondWith(answer(event.request, url, isPage));
});

/** From the phone if it is there, else from the server, and kept if it is a file of this release. */
async function answer(request, url, isPage) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(isPage ? url.pathname : request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok && SETTINGS.later.includes(url.pathname)) await cache.put(request, response.clone());
  return response;
}
