import { createHash } from 'node:crypto';
import type { SimState } from '../company/state.ts';
import { integer, type Row, type Value } from '../documents/rows.ts';
import { wholeNumber } from './decimal.ts';
import type { ProtocolVersion } from './errors.ts';
import { collectionOf, type TypeName } from './fields.ts';

/** The weak tag of a record: a hash of its version counter only, so equal counters give equal tags. */
export function etagOf(row: Row): string {
  return tag(String(integer(row, 'DataVersion') ?? 0));
}

function tag(content: string): string {
  return `W/"${createHash('sha1').update(content).digest('hex').toUpperCase()}"`;
}

// A projection carries the same meaningless tag for every record; only a full read has a usable one.
const BOGUS_ETAG = tag('');

export interface View {
  version: ProtocolVersion;
  select: string[] | null;
  tagged: boolean;
}

/** A record as it goes over the wire: every property of its type, dates and tags in the version's form. */
export function rendered(state: SimState, typeName: TypeName, row: Row, view: View): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (view.tagged) {
    const key = view.version === 'v1' ? 'odata.etag' : '@odata.etag';
    out[key] = view.select === null ? etagOf(row) : BOGUS_ETAG;
  }
  const table = state.fieldTables[typeName];
  for (const name of view.select ?? table.keys()) {
    const field = table.get(name);
    if (field !== undefined) out[name] = renderedValue(state, field.type, row[name], view.version);
  }
  return out;
}

function renderedValue(
  state: SimState,
  type: string,
  value: Value | undefined,
  version: ProtocolVersion,
): unknown {
  const inner = collectionOf(type);
  if (inner !== null) {
    const list = Array.isArray(value) ? value : [];
    return list.map((row) => rendered(state, inner, row, { version, select: null, tagged: false }));
  }
  if (value === undefined || value === null) return null;
  if (type === 'DateTimeOffset' && version === 'v2') return `${String(value)}T00:00:00Z`;
  if (type === 'Double' && typeof value === 'number') return wholeNumber(value);
  return value;
}
