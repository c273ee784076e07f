/** The one way to the server: typed by address, with the session's CSRF key, refusals thrown as Problem. */
import createClient, { type Middleware } from "openapi-fetch";

import { entered } from "@/api/entry";
import type { paths } from "@/api/generated/openapi";
import { Problem, asProblem, type ProblemBody } from "@/api/problem";
import { lost, reached } from "@/api/reach";
import { language } from "@/words/language";

let csrf: string | null = null;
export function keepCsrf(next: string | null): void {
  csrf = next;
}

/** Server words (a category's title, a reason) come in the language of the page, not of the browser. */
const sayLanguage: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language.value);
    return request;
  },
};
const unsafe = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const addCsrf: Middleware = {
  onRequest({ request }) {
    if (csrf && unsafe.has(request.method)) request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
};


const isOfSession = (request: Request) => new URL(request.url).pathname === "/v1/session";

/** A session that ended in the middle: sign-in opens over the page, and what was asked is asked again as it was. */
async function fetchOrSignIn(request: Request): Promise<Response> {
  const body = unsafe.has(request.method) ? await request.text() : null;
  const ask = (headers: Headers) => fetch(request.url, { method: request.method, headers, body, credentials: "same-origin", signal: request.signal });
  const response = await ask(request.headers);
  reached();
  if (response.status !== 401 || isOfSession(request)) return response;
  const refusal = await response.blob(); // read to its end: a connection is not held while somebody types a password
  // Who mistypes the old password is still signed in.
  const isStillIn = (await refusal.text()).includes('"wrong_password"');
  if (isStillIn || !(await entered())) return new Response(refusal, response);
  const headers = new Headers(request.headers);
  if (csrf && unsafe.has(request.method)) headers.set("X-CSRF-Token", csrf);
  return ask(headers);
}

export const server = createClient<paths>({ credentials: "same-origin", fetch: fetchOrSignIn });
server.use(sayLanguage, addCsrf);

/** The data of an answer as a type of wire.ts, or a Problem: `await take<City>(server.GET("/v1/city"))`.
 *  The address and its parameters are checked by `paths`; the generated answers lose tuples, so the type is named. */
export async function take<T>(call: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<T> {
  let answer;
  try {
    answer = await call;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.status === 0 && !(thrown instanceof DOMException && thrown.name === "AbortError")) lost();
    throw problem;
  }
  const { data, error, response } = answer;
  if (!response.ok) throw new Problem((error ?? { title: response.statusText }) as ProblemBody, response.status);
  return data as T;
}

/** Sends one photo. `/v1/files` takes multipart, which the typed client does not write; only this old way tells how far it is. */
export function sendFile(file: Blob, name = "photo.jpg", onProgress?: (ratio: number) => void): Promise<{ file_id: string; media_type: string; n_bytes: number }> {
  const form = new FormData();
  form.append("file", file, name);
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/files");
    request.responseType = "json";
    if (csrf) request.setRequestHeader("X-CSRF-Token", csrf);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    request.onerror = () => {
      lost();
      fail(asProblem(new TypeError("network")));
    };
    request.onload = async () => {
      if (request.status < 300) done(request.response);
      else if (request.status === 401 && (await entered())) sendFile(file, name, onProgress).then(done, fail);
      else fail(new Problem((request.response ?? { title: request.statusText }) as ProblemBody, request.status));
    };
    request.send(form);
  });
}

/** A new idempotency key: made once per intended action, sent again unchanged on a retry. */
export function newKey(): string {
  // randomUUID exists only where the page is https or localhost; a closed intranet often is neither.
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
