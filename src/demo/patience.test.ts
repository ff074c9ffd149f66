import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patience } from './patience.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('waits on while something new is told, and ends when it is the same again and again', () => {
  const { signal, heard } = patience({ stillMs: 1_000, mostMs: 10_000 });
  for (let turn = 0; turn < 5; turn += 1) {
    vi.advanceTimersByTime(900);
    heard(`turn ${turn}`);
  }
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(900);
  heard('turn 4');
  vi.advanceTimersByTime(200);
  expect(signal.aborted).toBe(true);
});

test('ends in any case, however much is told', () => {
  const { signal, heard } = patience({ stillMs: 1_000, mostMs: 3_000 });
  for (let turn = 0; turn < 4; turn += 1) {
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(800);
    heard(`turn ${turn}`);
  }
  expect(signal.aborted).toBe(true);
});
