import type { Outcome } from './outcomes.ts';

export type WireRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Path below the connection's base URL, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A body that is no text, such as a file; sent in place of `body`. */
  readonly bytes?: Uint8Array;
};

export type WireResponse = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Reads only. Throws a Stop when no trustworthy answer came: half an answer is no answer. */
export type Read = (request: WireRequest) => Promise<WireResponse>;

/** A document found in the target under our reference. */
export type Match = {
  readonly id: string;
  readonly state: 'draft' | 'pending' | 'posted' | 'cancelled';
  /** Content hash of what stands there, in the same form as the write's `targetHash`. */
  readonly hash: string;
  /** The number people see on it, where it differs from the id. */
  readonly number?: string;
  /** our line key -> the target's line key, when it has lines */
  readonly lineKeys?: Readonly<Record<string, string>>;
};

export type ProbeResult =
  | { readonly kind: 'found'; readonly matches: readonly Match[] }
  | {
      readonly kind: 'standing';
      /** at-target: already as wanted; at-base: as we left it, safe to send; elsewhere: somebody changed it. */
      readonly standing: 'at-target' | 'at-base' | 'elsewhere';
      readonly id: string;
      /** ETag or version to send with the write, where the target has one. */
      readonly guard?: string;
      readonly number?: string;
      readonly lineKeys?: Readonly<Record<string, string>>;
      /** What differs, in words for the person who reviews it. */
      readonly difference?: string;
    };

/** What earlier writes of the same operation and the latest probe gave: ids, guard. */
export type WriteContext = {
  readonly earlierIds: Readonly<Record<string, string>>;
  /** It was sent before, so that its effect may stand: a look may then cost more than one that comes first. */
  readonly wasSent?: true;
  readonly guard?: string;
  /** Contents by their SHA-256 in hex, for a write that sends files. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
};

/**
 * One request that changes an outside system. A `create` and an `action` take the whole posting protocol; a
 * `set` may be repeated after its probe has read and compared. A target never sends or repeats one itself.
 */
export type Write = {
  readonly name: string;
  readonly kind: 'create' | 'set' | 'action';
  readonly object: string;
  /** The bytes that find it again; the same on every retry. */
  readonly reference: string;
  /** Hash that the target's state must have once the write took effect. */
  readonly targetHash: string;
  readonly encode: (context: WriteContext) => WireRequest;
  readonly probe: (read: Read, context: WriteContext) => Promise<ProbeResult>;
  readonly classify: (response: WireResponse) => Outcome;
  /** A `set` whose good answer already states what stands there: it is not read back once more. */
  readonly answerProves?: true;
  /** For asynchronous targets: asks what became of an accepted handle. */
  readonly poll?: (read: Read, handle: string) => Promise<Outcome>;
};
