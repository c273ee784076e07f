/** A refusal of the server (RFC 9457) as a typed error: what happened, why, what to do. */
import { language } from "@/words/language";

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  detail_zh?: string;
  detail_en?: string;
  what_to_do?: string;
  what_to_do_zh?: string;
  what_to_do_en?: string;
  [fact: string]: unknown;
}

export class Problem extends Error {
  readonly code: string;
  readonly status: number;

  constructor(readonly body: ProblemBody, status: number) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = "Problem";
    this.code = body.code ?? (status === 0 ? "no_connection" : `http_${status}`);
    this.status = status;
  }

  /** What happened, in the reader's language. */
  get words(): string {
    const own = language.value === "en" ? this.body.detail_en : this.body.detail_zh;
    return own ?? this.body.detail ?? this.body.title ?? this.message;
  }

  get what_to_do(): string | undefined {
    const own = language.value === "en" ? this.body.what_to_do_en : this.body.what_to_do_zh;
    return own ?? this.body.what_to_do;
  }
}

/** Any thrown thing as a Problem; a broken connection has status 0. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem(
    { code: "no_connection", detail, detail_zh: "连不上服务器。", detail_en: "The server cannot be reached." },
    0,
  );
}
