import type { WireRequest } from '../../src/domain/posting/writes.ts';
import type { Door } from '../../src/lib/door.ts';

/** One request as it left, whichever way it was made. */
export type SentRequest = Pick<WireRequest, 'method' | 'path' | 'headers' | 'body' | 'bytes'>;

/** A door that keeps a copy of every request, before the other side can refuse it. */
export function recordingDoor(door: Door, into: SentRequest[]): Door {
  return {
    read(request) {
      into.push(request);
      return door.read(request);
    },
    write(intent, request) {
      into.push(request);
      return door.write(intent, request);
    },
    close: () => door.close(),
  };
}

/** What a check of requests found out, and how much of them it looked at. */
export type SentFindings = {
  readonly wrong: string[];
  /** Method and path template of every operation that was met. */
  readonly published: Set<string>;
  readonly fromGuides: Set<string>;
  bodies: number;
  fields: number;
  parameters: number;
};

export function noFindings(): SentFindings {
  return { wrong: [], published: new Set(), fromGuides: new Set(), bodies: 0, fields: 0, parameters: 0 };
}

export function splitPath(path: string): { route: string; query: URLSearchParams } {
  const url = new URL(path, 'http://vendor.invalid');
  return { route: url.pathname, query: url.searchParams };
}

/** `/things/{id}` as an expression that matches a path with any one segment in the place of the braces. */
export function templatePattern(template: string): RegExp {
  const parts = template.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}

/** Every value in a body that is not a container itself. */
export function countFields(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce((sum: number, inner: unknown) => sum + countFields(inner), 0);
}
