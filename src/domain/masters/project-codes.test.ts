import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PurchaseOrderLine } from '../documents.ts';
import { openFindings } from '../planning/plan-findings.ts';
import type { AssignedCode } from './job-cost-masters.ts';
import { isAssigned, lackingTypes, planAssignment, restrictedCode } from './project-codes.ts';

const assigned = (code: string, ...costTypes: string[]): AssignedCode => ({ code, costTypes });

test('a project gets what it lacks, with the types that it lacks, and what the ERP does not have is named', () => {
  const plan = planAssignment({
    wanted: [assigned('01', 'S', 'L'), assigned('02', 'S'), assigned('03'), assigned('04', 'X')],
    standing: [assigned('01', 'S'), assigned('02', 'S', 'L')],
    isCode: (code) => code !== '03',
    isType: (type) => type !== 'X',
  });
  expect(plan).toEqual({
    codes: [assigned('01', 'L'), assigned('04')],
    unknown: { codes: ['03'], types: ['X'] },
  });
});

const lists = fc
  .uniqueArray(fc.tuple(fc.constantFrom('01', '02', '03'), fc.uniqueArray(fc.constantFrom('S', 'L'))), {
    selector: ([code]) => code,
  })
  .map((rows) => rows.map(([code, types]) => assigned(code, ...types)));

test('whatever a project has, assigning once what it lacks leaves nothing to assign and takes nothing off', () => {
  fc.assert(
    fc.property(lists, lists, (wanted, standing) => {
      const all = { isCode: () => true, isType: () => true };
      const { codes } = planAssignment({ wanted, standing, ...all });
      const names = new Set([...standing, ...codes].map(({ code }) => code));
      const typesOf = (code: string) =>
        [...standing, ...codes].flatMap((each) => (each.code === code ? each.costTypes : []));
      const after = [...names].map((code) => assigned(code, ...typesOf(code)));
      expect(isAssigned(wanted, after)).toBe(true);
      expect(isAssigned(standing, after)).toBe(true);
    }),
  );
});

test('types are assigned only where the source has the code and the type', () => {
  const code = { id: '7', originId: '01', code: '01', fullCode: '01', name: '', parentId: null, rate: null };
  const there = {
    standing: [{ ...code, archived: false, costTypes: ['31'] }],
    costTypes: new Map([
      ['S', '31'],
      ['L', '32'],
    ]),
  };
  const codes = { restricted: false, assigned: [assigned('01', 'S', 'L', 'X'), assigned('02', 'S')] };
  expect(lackingTypes(codes, there)).toEqual([{ costCodeId: '7', lineItemTypeId: '32' }]);
});

test('a line keeps what it was ordered by, and a new one bears an assigned code where the project wants that', () => {
  const line = { position: 1, costCode: { code: '02', name: '' } };
  const project = { projectCode: 'P', restricted: true, assigned: [assigned('01')] };
  const found = openFindings();
  expect(restrictedCode(line, { ...project, restricted: false }, undefined, found)).toBeUndefined();
  expect(restrictedCode(line, { ...project, assigned: [assigned('02')] }, undefined, found)).toBe('02');
  // Ordered before the project restricted its codes.
  expect(restrictedCode(line, project, {} as PurchaseOrderLine, found)).toBeUndefined();
  expect(found.all().reasons).toEqual([]);
  expect(restrictedCode(line, project, undefined, found)).toBeNull();
  expect(found.all()).toMatchObject({
    reasons: [{ code: 'target-refuses', field: 'line 1' }],
    waits: [{ kind: 'record', key: 'project:P' }],
  });
});
