/** Changes JSON as broken senders and curious people do. A seed always makes the same. */
export class Mangler {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0 || 1;
  }

  below(limit: number): number {
    // xorshift32
    this.state ^= this.state << 13;
    this.state >>>= 0;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % limit;
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** A copy with some of its parts lost, doubled, renamed, nested or of another type. */
  mangled(value: unknown, times = 1 + this.below(4)): unknown {
    let changed = structuredClone(value);
    for (let time = 0; time < times; time += 1) changed = this.once(changed);
    return changed;
  }

  private once(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.below(8) === 0) return this.other(value);
    const keys = Object.keys(value);
    if (keys.length === 0) return this.other(value);
    const key = this.one(keys);
    const holder = value as Record<string, unknown>;
    switch (this.below(6)) {
      case 0:
        delete holder[key];
        return holder;
      case 1:
        return { ...holder, [this.one(NAMES)]: holder[key] };
      default:
        holder[key] = this.below(3) === 0 ? this.other(holder[key]) : this.once(holder[key]);
        return holder;
    }
  }

  private other(value: unknown): unknown {
    switch (this.below(8)) {
      case 0:
        return null;
      case 1:
        return typeof value === 'number' ? String(value) : Number.parseInt(textIn(value), 10);
      case 2:
        return [value, value];
      case 3:
        return { id: value };
      case 4:
        return this.one(VALUES);
      case 5:
        return Array.isArray(value) ? value[0] : [value];
      case 6:
        return typeof value === 'string' ? value.slice(0, this.below(value.length + 1)) : textIn(value);
      default:
        return this.nested(1 + this.below(40));
    }
  }

  private nested(depth: number): unknown {
    let value: unknown = this.one(VALUES);
    for (let level = 0; level < depth; level += 1)
      value = this.below(2) === 0 ? [value] : { [this.one(NAMES)]: value };
    return value;
  }
}

function textIn(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const NAMES = [
  'id',
  'request_detail_id',
  'request_name',
  'request_data',
  'resource_id',
  'company_id',
  'metadata',
  'ulid',
  '__proto__',
  'constructor',
  'toString',
  '',
  'a\u0000b',
] as const;

const VALUES = [
  '',
  ' ',
  '0',
  '-1',
  '99999999999999999999999',
  'NaN',
  '\u0000',
  '\ud800',
  '𝟙',
  'DROP TABLE record; --',
  'x'.repeat(5_000),
  0,
  -1,
  1e308,
  0.1,
  Number.MAX_SAFE_INTEGER,
  true,
  false,
  null,
  [],
  {},
] as const;
