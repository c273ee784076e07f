/** What the phone keeps for one account, in a data base of its own: what was read last, what waits to be sent, and photos. */
export const prefix = "huitian.phone.";
const lastUserKey = "huitian.phone.user";
const stores = ["reads", "queue", "photos", "own"] as const;
export type Store = (typeof stores)[number];

let opened: { user_id: string; base: Promise<IDBDatabase> } | null = null;

export const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error("store"));
  });

export function openBase(user_id: string): Promise<IDBDatabase> {
  const request = indexedDB.open(prefix + user_id, 2);
  request.onupgradeneeded = () => stores.filter((name) => !request.result.objectStoreNames.contains(name)).forEach((name) => request.result.createObjectStore(name));
  return asked(request).then((base) => {
    // Another tab may be clearing it: it must not wait for this one.
    base.onversionchange = () => base.close();
    return base;
  });
}

/** From here on everything is kept for this account. */
export function openBox(user_id: string): void {
  if (opened?.user_id === user_id) return;
  void opened?.base.then((base) => base.close(), () => undefined);
  opened = { user_id, base: openBase(user_id) };
  try {
    localStorage.setItem(lastUserKey, user_id);
  } catch {
    // then nothing is found again without a network
  }
}
/** Whose things are being kept: what is another's is never put among them. */
export const boxOwner = (): string | null => opened?.user_id ?? null;
export function lastUser(): string | null {
  try {
    return localStorage.getItem(lastUserKey);
  } catch {
    return null;
  }
}

async function within<T>(store: Store, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  if (!opened) throw new Error("nobody is signed in");
  const base = await opened.base;
  return asked(work(base.transaction(store, mode).objectStore(store)));
}
export const put = (store: Store, key: string, value: unknown): Promise<unknown> => within(store, "readwrite", (one) => one.put(value, key));
export const get = <T>(store: Store, key: string): Promise<T | undefined> => within(store, "readonly", (one) => one.get(key) as IDBRequest<T | undefined>);
export const drop = (store: Store, key: string): Promise<unknown> => within(store, "readwrite", (one) => one.delete(key));
export const all = <T>(store: Store): Promise<T[]> => within(store, "readonly", (one) => one.getAll() as IDBRequest<T[]>);

/** Takes everything away that this phone keeps of the account. */
export async function clearBox(): Promise<void> {
  const user_id = opened?.user_id ?? lastUser();
  if (!user_id) return;
  await opened?.base.then((base) => base.close(), () => undefined);
  opened = null;
  try {
    localStorage.removeItem(lastUserKey);
  } catch {
    // it names nobody who can be looked up without the data base
  }
  await removeBase(user_id);
}
export const removeBase = (user_id: string): Promise<void> =>
  new Promise<void>((done) => {
    const request = indexedDB.deleteDatabase(prefix + user_id);
    request.onsuccess = request.onerror = request.onblocked = () => done();
  });
