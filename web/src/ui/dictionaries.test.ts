import { expect, test } from 'vitest';
import { pointsOfView } from '../../../src/domain/point-of-view.ts';
import { dictionaries, kindWord, renamed } from './dictionaries.ts';

test('every point of view has a dictionary, and every dictionary has every word', () => {
  expect(Object.keys(dictionaries).sort()).toEqual([...pointsOfView].sort());
  const terms = Object.keys(dictionaries['general-contractor']).sort();
  for (const words of Object.values(dictionaries)) {
    expect(Object.keys(words).sort()).toEqual(terms);
    expect(Object.values(words).filter((word) => word.trim() === '')).toEqual([]);
  }
});

test('a dictionary says what it calls otherwise, and the default one nothing', () => {
  expect(renamed('general-contractor')).toEqual([]);
  expect(renamed('owner')).toContainEqual({ from: 'subcontractor', to: 'contractor' });
  expect(renamed('specialty-contractor')).toContainEqual({ from: 'prime contract', to: 'client contract' });
});

test('the change of a contract with the owner is called as the company calls it, an order as the ERP does', () => {
  const kinds = pointsOfView.map((view) => kindWord('contract-change', dictionaries[view]));
  expect(kinds).toEqual([
    'Prime contract change order',
    'Funding change order',
    'Client contract change order',
  ]);
  expect(kindWord('purchase-order', dictionaries.owner)).toBe('Purchase order');
});
