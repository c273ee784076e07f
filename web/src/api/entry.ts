/** A session that ends while somebody works: what was being sent waits for a new sign-in over the page, then goes on. */
import { ref } from "vue";

/** Whether sign-in is asked for over the page. */
export const isEntryAsked = ref(false);
let waiting: ((isIn: boolean) => void)[] = [];
let isWorking = false;

/** From the first sign-in on an ended session is worth asking for; before it the page of sign-in stands there anyway. */
export function somebodyWorks(now: boolean): void {
  isWorking = now;
  if (!now) leaveEntry(false);
}

/** Resolves when somebody signed in again; false where the person would not. */
export function entered(): Promise<boolean> {
  if (!isWorking) return Promise.resolve(false);
  isEntryAsked.value = true;
  return new Promise((done) => waiting.push(done));
}
export function leaveEntry(isIn: boolean): void {
  isEntryAsked.value = false;
  const told = waiting;
  waiting = [];
  told.forEach((tell) => tell(isIn));
}

/** What else forgets a person when they sign out, or, handed over, when somebody else signs in. */
type Forget = (isHandedOver: boolean) => void | Promise<void>;
const forgetting = new Set<Forget>();
export const onLeave = (forget: Forget) => void forgetting.add(forget);
export async function forgetPerson(isHandedOver: boolean): Promise<void> {
  await Promise.all([...forgetting].map((forget) => forget(isHandedOver)));
}
