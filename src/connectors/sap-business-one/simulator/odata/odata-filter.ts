import { decimal, type Row, text } from '../documents/rows.ts';
import { calendarDate } from './body.ts';
import { compare, type Decimal, parseDecimal } from './decimal.ts';
import { isEnumName, isMember } from './enums.ts';
import { badRequest, invalidProperty, type ProtocolVersion } from './errors.ts';
import { collectionOf, type Field, type FieldTable, type TypeName } from './fields.ts';

export type Predicate = (row: Row) => boolean;

type TokenKind = 'text' | 'number' | 'name' | 'mark';
interface Token {
  kind: TokenKind;
  value: string;
}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d[\d.eE+-]*(?:T[\d:.]+Z?)?)|([A-Za-z_]\w*)|([(),]))/;
const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
type Operator = (typeof OPERATORS)[number];
const MAX_TOKENS = 2_000;
const MAX_DEPTH = 50;

export interface FilterTarget {
  typeName: TypeName;
  table: FieldTable;
  version: ProtocolVersion;
}

/** Compiles a $filter into a predicate; anything outside the supported grammar is refused. */
export function compileFilter(source: string, target: FilterTarget): Predicate {
  const parser = new FilterParser(tokensOf(source), target);
  return parser.whole();
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  const token = new RegExp(TOKEN, 'y');
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const match = token.exec(source);
    if (match === null || tokens.length >= MAX_TOKENS) {
      throw badRequest(`Query string error - Invalid filter at position ${from}`);
    }
    const [, quoted, number, name, mark] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else tokens.push({ kind: 'mark', value: mark ?? '' });
  }
  return tokens;
}

class FilterParser {
  readonly #tokens: Token[];
  readonly #target: FilterTarget;
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[], target: FilterTarget) {
    this.#tokens = tokens;
    this.#target = target;
  }

  whole(): Predicate {
    const predicate = this.#either();
    if (this.#at < this.#tokens.length) throw this.#wrong();
    return predicate;
  }

  #either(): Predicate {
    let left = this.#both();
    while (this.#take('name', 'or')) {
      const [a, b] = [left, this.#both()];
      left = (row) => a(row) || b(row);
    }
    return left;
  }

  #both(): Predicate {
    let left = this.#single();
    while (this.#take('name', 'and')) {
      const [a, b] = [left, this.#single()];
      left = (row) => a(row) && b(row);
    }
    return left;
  }

  #single(): Predicate {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw badRequest('Query string error - Filter nested too deep');
    const predicate = this.#negationGroupOrTest();
    this.#depth -= 1;
    return predicate;
  }

  #negationGroupOrTest(): Predicate {
    if (this.#take('name', 'not')) {
      const inner = this.#single();
      return (row) => !inner(row);
    }
    if (this.#take('mark', '(')) {
      const inner = this.#either();
      this.#expect(')');
      return inner;
    }
    const name = this.#next('name');
    return this.#take('mark', '(') ? this.#call(name) : this.#comparison(name);
  }

  #call(name: string): Predicate {
    const needleFirst = name === 'substringof' && this.#target.version === 'v1';
    const known = name === 'startswith' || name === 'endswith' || needleFirst;
    if (!known && !(name === 'contains' && this.#target.version === 'v2')) {
      throw badRequest(`Query string error - Unknown function '${name}'`);
    }
    const first = needleFirst ? this.#next('text') : this.#next('name');
    this.#expect(',');
    const second = needleFirst ? this.#next('name') : this.#next('text');
    this.#expect(')');
    const [property, needle] = needleFirst ? [second, first] : [first, second];
    if (this.#field(property).type !== 'String') {
      throw badRequest(`Query string error - '${name}' needs a text property, not '${property}'`);
    }
    if (name === 'startswith') return (row) => text(row, property)?.startsWith(needle) ?? false;
    if (name === 'endswith') return (row) => text(row, property)?.endsWith(needle) ?? false;
    return (row) => text(row, property)?.includes(needle) ?? false;
  }

  #comparison(property: string): Predicate {
    const field = this.#field(property);
    const operator = OPERATORS.find((candidate) => candidate === this.#tokens[this.#at]?.value);
    if (operator === undefined) throw this.#wrong();
    this.#at += 1;
    const literal = this.#tokens[this.#at];
    if (literal === undefined || literal.kind === 'mark') throw this.#wrong();
    this.#at += 1;
    if (literal.kind === 'name') {
      if (literal.value !== 'null' || (operator !== 'eq' && operator !== 'ne')) throw this.#wrong();
      return (row) => ((row[property] ?? null) === null) === (operator === 'eq');
    }
    return comparing(property, field, operator, literal);
  }

  #field(property: string): Field {
    const field = this.#target.table.get(property);
    if (field === undefined) throw invalidProperty(property, this.#target.typeName);
    if (collectionOf(field.type) !== null) {
      throw badRequest(`Query string error - '${property}' is a collection and cannot be filtered`);
    }
    return field;
  }

  #take(kind: TokenKind, value: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || token.value !== value) return false;
    this.#at += 1;
    return true;
  }

  #next(kind: TokenKind): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) throw this.#wrong();
    this.#at += 1;
    return token.value;
  }

  #expect(mark: string): void {
    if (!this.#take('mark', mark)) throw this.#wrong();
  }

  #wrong() {
    const token = this.#tokens[this.#at];
    return badRequest(`Query string error - Unexpected ${token === undefined ? 'end' : `'${token.value}'`}`);
  }
}

function comparing(property: string, field: Field, operator: Operator, literal: Token): Predicate {
  if (field.type === 'Int32' || field.type === 'Double') {
    const wanted = literal.kind === 'number' ? parseDecimal(literal.value) : null;
    if (wanted === null) throw mismatch(property, field, literal);
    return (row) => holds(operator, ordered(decimal(row, property), wanted));
  }
  const wanted = wantedText(property, field, literal);
  return (row) => {
    const held = text(row, property);
    return holds(operator, held === null ? null : held === wanted ? 0 : held < wanted ? -1 : 1);
  };
}

function wantedText(property: string, field: Field, literal: Token): string {
  if (field.type === 'DateTimeOffset') {
    const day = calendarDate(literal.value);
    if (day === null) throw mismatch(property, field, literal);
    return day;
  }
  if (literal.kind !== 'text') throw mismatch(property, field, literal);
  if (isEnumName(field.type) && !isMember(field.type, literal.value))
    throw mismatch(property, field, literal);
  return literal.value;
}

function ordered(held: Decimal | null, wanted: Decimal): number | null {
  return held === null ? null : compare(held, wanted);
}

/** A property without a value meets no comparison except 'ne', as in SQL read through OData. */
function holds(operator: Operator, order: number | null): boolean {
  if (order === null) return operator === 'ne';
  if (operator === 'eq') return order === 0;
  if (operator === 'ne') return order !== 0;
  if (operator === 'gt') return order > 0;
  if (operator === 'ge') return order >= 0;
  return operator === 'lt' ? order < 0 : order <= 0;
}

function mismatch(property: string, field: Field, literal: Token) {
  return badRequest(
    `Query string error - '${property}' is a ${field.type} and cannot be compared with ${literal.value}`,
  );
}
