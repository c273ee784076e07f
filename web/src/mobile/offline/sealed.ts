/** What somebody else left unsent on this phone: sealed under a key that the server tells only to them, and opened when they are back. */
import { ref } from "vue";

import { server, take } from "@/api/client";
import type { components } from "@/api/generated/openapi";
import { asked, boxOwner, get, lastUser, openBase, prefix, put, removeBase } from "@/mobile/offline/box";

const sealedName = "sealed";
const method = "AES-GCM";
interface Part {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}
/** The queue and each photo by itself; how many wait is not secret, what they are is. */
interface Sealed {
  user_id: string;
  n: number;
  queue: Part;
  photos: { key: string; type: string; part: Part }[];
}
/** How many things of other people wait on this phone. */
export const nOfOthers = ref(0);

async function seal(key: CryptoKey, bytes: BufferSource): Promise<Part> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: method, iv }, key, bytes) };
}
const unseal = (key: CryptoKey, { iv, bytes }: Part): Promise<ArrayBuffer> => crypto.subtle.decrypt({ name: method, iv }, key, bytes);

/** Asks for the key of the person who is here and keeps it beside what it seals, where no script can read it out. */
async function ownKey(): Promise<CryptoKey | null> {
  const kept = await get<CryptoKey>("own", "key");
  // Browsers seal only on https and localhost; elsewhere what waits is kept apart, and that is all.
  if (kept || !window.isSecureContext) return kept ?? null;
  const { key } = await take<components["schemas"]["DeviceKey"]>(server.GET("/v1/session/device-key"));
  if (!key) return null;
  const raw = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  const made = await crypto.subtle.importKey("raw", raw, method, false, ["encrypt", "decrypt"]);
  await put("own", "key", made);
  return made;
}

/** Ids of accounts of which this phone still has an open data base. */
async function kept(): Promise<string[]> {
  const before = lastUser();
  if (typeof indexedDB.databases !== "function") return before ? [before] : [];
  return (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(prefix) && name !== prefix + sealedName ? [name.slice(prefix.length)] : []));
}

async function sealOne(user_id: string, into: IDBDatabase): Promise<void> {
  const base = await openBase(user_id);
  const read = <T>(store: string, work: (one: IDBObjectStore) => IDBRequest<T>) => asked(work(base.transaction(store, "readwrite").objectStore(store)));
  const queue = await read<unknown[]>("queue", (one) => one.getAll() as IDBRequest<unknown[]>);
  const key = await read<CryptoKey | undefined>("own", (one) => one.get("key") as IDBRequest<CryptoKey | undefined>);
  if (queue.length && !key) {
    // Without a key it stays where only its own person's pages look; what they have read goes.
    await read("reads", (one) => one.clear());
    base.close();
    return;
  }
  if (queue.length && key) {
    const names = await read<IDBValidKey[]>("photos", (one) => one.getAllKeys());
    const photos = [];
    for (const name of names) {
      const photo = await read<Blob>("photos", (one) => one.get(name) as IDBRequest<Blob>);
      photos.push({ key: String(name), type: photo.type, part: await seal(key, await photo.arrayBuffer()) });
    }
    const made: Sealed = { user_id, n: queue.length, photos, queue: await seal(key, new TextEncoder().encode(JSON.stringify(queue))) };
    await asked(into.transaction(sealedName, "readwrite").objectStore(sealedName).put(made, user_id));
  }
  base.close();
  await removeBase(user_id);
}

function openSealed(): Promise<IDBDatabase> {
  const request = indexedDB.open(prefix + sealedName, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(sealedName);
  return asked(request);
}

/** Seals what all others left here. Nothing is open of anybody but who is here now. */
export async function sealOthers(user_id: string): Promise<void> {
  const into = await openSealed();
  for (const other of await kept()) if (other !== user_id) await sealOne(other, into);
  const found = await asked<Sealed[]>(into.transaction(sealedName).objectStore(sealedName).getAll() as IDBRequest<Sealed[]>);
  nOfOthers.value = found.filter((one) => one.user_id !== user_id).reduce((sum, one) => sum + one.n, 0);
  into.close();
  if (!found.length) await removeBase(sealedName);
}

/** Opens what this person left sealed. Returns whether there was something. */
export async function openOwn(user_id: string): Promise<boolean> {
  const key = await ownKey();
  if (!key) return false;
  const from = await openSealed();
  const store = () => from.transaction(sealedName, "readwrite").objectStore(sealedName);
  try {
    const own = await asked<Sealed | undefined>(store().get(user_id) as IDBRequest<Sealed | undefined>);
    if (!own) return false;
    let queue: { key: string }[];
    try {
      queue = JSON.parse(new TextDecoder().decode(await unseal(key, own.queue))) as { key: string }[];
    } catch {
      // Sealed before the password was changed: nobody can open it any more.
      await asked(store().delete(user_id));
      return false;
    }
    if (boxOwner() !== user_id) return false;
    for (const photo of own.photos) await put("photos", photo.key, new Blob([await unseal(key, photo.part)], { type: photo.type }));
    for (const one of queue) await put("queue", one.key, one);
    await asked(store().delete(user_id));
    return true;
  } finally {
    const isEmpty = !(await asked(store().count()));
    from.close();
    if (isEmpty) await removeBase(sealedName);
  }
}
