/* The phone's own worker: keeps the shell of /mobile (its page, scripts, styles, fonts) and the help of its screens, so that it opens without a network.
 * It never answers for /v1: what a person has read is kept by the page itself, per account, and cleared at sign-out. */
const version = "__VERSION__";
const shell = __SHELL__;
const help = __HELP__;
const own = "huitian.mobile.";
const page = "/mobile";

self.addEventListener("install", (event) => {
  // One missing file must not leave half a shell behind: all or nothing.
  event.waitUntil(caches.open(own + version).then((kept) => kept.addAll([page, ...shell])
    // Help that is not there must not hold up the rest.
    .then(() => Promise.allSettled(help.map((one) => kept.add(one))))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith(own) && name !== own + version).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A new version waits until the person says so: nothing changes under a hand.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

/** Help as it is now; without a network as it was. */
async function fromNetworkElseKept(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) void caches.open(own + version).then((cache) => cache.put(request, answer.clone()));
    if (answer.status < 500) return answer;
  } catch {
    // no network: what is kept
  }
  return (await caches.match(request, { ignoreVary: true })) ?? Response.error();
}

async function fromNetworkElseShell(request) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
  } catch {
    // no network: the shell
  }
  return (await caches.match(page)) ?? Response.error();
}

async function fromShellElseNetwork(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  // Names of assets carry a hash of their content: what is kept is never old.
  if (answer.ok && new URL(request.url).pathname.startsWith("/assets/")) {
    const copy = answer.clone();
    void caches.open(own + version).then((cache) => cache.put(request, copy));
  }
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === page || address.pathname.startsWith(`${page}/`)) event.respondWith(fromNetworkElseShell(request));
  } else if (help.includes(address.pathname + address.search)) event.respondWith(fromNetworkElseKept(request));
  else if (address.pathname.startsWith("/assets/") || shell.includes(address.pathname)) event.respondWith(fromShellElseNetwork(request));
});
