import { expect, it } from 'vitest';
import { plainParse, plainStringify } from './plain-search.ts';
import { documentsSearch, insidePath, signInSearch } from './search.ts';

it('follows only paths of this site after the sign-in', () => {
  for (const path of ['/', '/documents?state=posted,confirmed', '/documents/42?payload=sent']) {
    expect(insidePath(path)).toBe(path);
  }
  for (const path of ['//evil.example', '/\\evil.example', '/\t/evil.example', 'https://evil.example', '']) {
    expect(insidePath(path)).toBeUndefined();
  }
});

it('overrides a malformed part, so that the raw one cannot come through', () =>
  expect(signInSearch({ next: '//evil.example' })).toHaveProperty('next', undefined));

it('keeps ids and words as text', () => {
  const search = documentsSearch(plainParse('?project=42&q=true&state=posted,confirmed&else=1'));
  expect(search).toMatchObject({ project: '42', q: 'true', state: 'posted,confirmed' });
  expect(search).not.toHaveProperty('else');
});

it('writes addresses a person can read', () =>
  expect(plainStringify({ state: 'posted,confirmed', q: undefined })).toBe('?state=posted,confirmed'));
