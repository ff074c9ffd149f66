/** One refused field, worded so that a person can act on it. */
export type FieldError = { readonly field: string; readonly message: string; readonly code?: string };

/** Marks the refusal of one row of a call, whose other rows stand; `field` names the row. */
export const ROW_REFUSED = 'row-refused';

/**
 * What became of one write. `refused` needs a documented error that proves no effect; `not-sent` needs proof
 * that not one byte of the body left; everything else is `unknown` and is settled by a probe, never by a retry.
 */
export type Outcome =
  | { readonly kind: 'posted'; readonly id: string }
  | { readonly kind: 'accepted'; readonly handle: string }
  | { readonly kind: 'refused'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'not-sent'; readonly why: string; readonly retryAfterMs?: number }
  | {
      readonly kind: 'unknown';
      readonly why: string;
      /** The id that the target answered with, where nothing has shown yet that it stands. */
      readonly answeredAs?: string;
    };

export type StopKind = 'retry-later' | 'unauthorised' | 'conflict' | 'bug';

/** What stops the work, as opposed to what the business can expect. Carries the vendor's own words. */
export class Stop extends Error {
  readonly kind: StopKind;
  readonly system: string;
  readonly remedy: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: StopKind,
    system: string,
    message: string,
    more: { remedy?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'Stop';
    this.kind = kind;
    this.system = system;
    this.remedy = more.remedy;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** A record lies in a project that its connection is not to touch: nothing was asked of the system, nor ever will be. */
export class NotServed extends Stop {
  constructor(system: string, projectId: string) {
    super('unauthorised', system, `project ${projectId} is not among the projects of this connection`, {
      remedy: 'Nothing was sent. Add the project to the connection if it is meant to be served.',
    });
    this.name = 'NotServed';
  }
}

/** What somebody sent cannot be read, and looking again shows the same: whoever sent it sends it anew. */
export class Unreadable extends Stop {
  constructor(system: string, message: string) {
    super('bug', system, message, {
      remedy:
        'Nothing was posted. Export it once more; if it comes the same, report it with the raw request.',
    });
    this.name = 'Unreadable';
  }
}
