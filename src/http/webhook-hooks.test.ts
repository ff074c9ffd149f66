import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { hookSecretHash } from './auth/hook-secret.ts';
import { type TestClock, testClock } from './testing/test-clock.ts';
import { RememberedHooks } from './webhook-hooks.ts';

// Beside a database that only counts what it is asked: that a hook is refused where it is written is tested with the
// intake, on a real one.
let asked: string[];
let secret: string | null;
let clock: TestClock;
let hooks: RememberedHooks;

beforeEach(() => {
  asked = [];
  secret = 'first';
  clock = testClock('2026-08-31T10:00:00.000Z');
  const door = {
    query: async (_text: string, [id]: [string]) => {
      asked.push(id);
      if (secret === null) return { rows: [] };
      return {
        rows: [{ tenant: 't', connection: 'c', secret_hash: hookSecretHash(secret), company_id: '1' }],
      };
    },
  };
  hooks = new RememberedHooks(door as unknown as pg.Pool, clock);
});

const proves = async (authorization: string, id = 'hook') => (await hooks.prove(id, authorization)) !== null;

describe('a hook that delivers', () => {
  test('is asked for once in ten seconds, however much it delivers', async () => {
    expect(await Promise.all(Array.from({ length: 500 }, () => proves('first')))).not.toContain(false);
    clock.advance(9_999);
    expect(await proves('first')).toBe(true);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    expect(await proves('first')).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test('is known by a new secret within a second', async () => {
    await proves('first');
    secret = 'second';
    clock.advance(1_000);
    expect(await proves('second')).toBe(true);
    expect(await proves('first')).toBe(false);
  });

  test('is asked for again at once when it was forgotten', async () => {
    await proves('first');
    secret = null;
    hooks.forget('hook');
    expect(await proves('first')).toBe(false);
  });
});

describe('what is remembered', () => {
  test('is told without waiting for ten seconds, to the right secret only', async () => {
    expect(hooks.remembered('hook', 'first')).toBeNull();
    await proves('first');
    expect(hooks.remembered('hook', 'first')).not.toBeNull();
    expect(hooks.remembered('hook', 'guess')).toBeNull();
    expect(hooks.remembered('hook', undefined)).toBeNull();
    expect(hooks.remembered('other', 'first')).toBeNull();
    clock.advance(10_000);
    expect(hooks.remembered('hook', 'first')).toBeNull();
  });

  test('is told to nobody once it was forgotten', async () => {
    await proves('first');
    hooks.forget('hook');
    expect(hooks.remembered('hook', 'first')).toBeNull();
  });
});

describe('somebody who guesses', () => {
  test('costs one question a second', async () => {
    for (let guess = 0; guess < 100; guess += 1) expect(await proves(`guess ${guess}`)).toBe(false);
    expect(asked).toHaveLength(1);
    clock.advance(1_000);
    await Promise.all(Array.from({ length: 100 }, () => proves('guess')));
    expect(asked).toHaveLength(2);
  });

  test('does not keep a hook from being found that was made a moment ago', async () => {
    secret = null;
    expect(await proves('first')).toBe(false);
    secret = 'first';
    expect(await proves('first')).toBe(true);
  });
});
