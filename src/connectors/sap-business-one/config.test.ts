import { expect, it } from 'vitest';
import { businessOneConfig, serviceRoot } from './config.ts';
import { sampleConfig } from './fixtures/company.ts';

it.each([
  'https://b1.example.com:50000',
  'https://b1.example.com:50000/b1s/v1/',
  'http://127.0.0.1:4000/b1s/v2',
])('finds the OData 4 root from %s', (baseUrl) => {
  expect(serviceRoot(businessOneConfig.parse(sampleConfig(baseUrl)))).toMatch(/^https?:\/\/[^/]+\/b1s\/v2$/);
});

it.each([
  'http://b1.example.com:50000',
  'ftp://b1.example.com',
  'https://b1.example.com/other',
  'b1.example.com',
])('refuses %s: the sign-in would leave unprotected or go nowhere', (baseUrl) => {
  expect(businessOneConfig.safeParse(sampleConfig(baseUrl)).success).toBe(false);
});

it('takes fields of the company for what approvers type, and none of ours', () => {
  const given = sampleConfig('https://b1.example.com');
  const isTaken = (...documentFields: string[]) =>
    businessOneConfig.safeParse({ ...given, documentFields }).success;
  expect(isTaken('commitment:cost_center=U_CostCenter:8', 'sub-invoice:signed=U_Signed:date')).toBe(true);
  for (const setting of ['=U_TiebeamRef:8', '=Comments:8', '=U_CostCenter', '=U_CostCenter:0'])
    expect(isTaken(`commitment:cost_center${setting}`)).toBe(false);
  expect(isTaken('commitment:a=U_A:8', 'commitment:b=U_A:8')).toBe(false);
});

it('leaves the request life unknown unless somebody states it, and refuses keys it does not know', () => {
  const given = { baseUrl: 'https://b1.example.com', companyDb: 'DB', userName: 'u', password: 'p' };
  expect(businessOneConfig.parse(given)).toEqual({
    ...given,
    language: 3,
    requestLifeMs: null,
    payments: 'off',
    subJobs: 'ask',
    taxCodes: 'off',
    maxInFlight: 4,
  });
  expect(businessOneConfig.safeParse({ ...given, retries: 3 }).success).toBe(false);
});
