import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Reading } from '../../src/procore/commitments/commitment-reads.ts';
import { procoreConfig } from '../../src/procore/config.ts';
import { companySetUp, TRIGGERS } from '../../src/procore/set-up/set-up.ts';
import { type Catalogue, checkProcoreRequest } from './procore-request-check.ts';
import { noFindings, type SentRequest } from './sent-requests.ts';

const catalogueFile = resolve(process.env.TIEBEAM_SPECS ?? '../shared/specs', 'procore/operations.json');
const catalogue: Catalogue | null = existsSync(catalogueFile)
  ? JSON.parse(readFileSync(catalogueFile, 'utf8'))
  : null;
if (catalogue === null)
  process.stdout.write('Set-up sent: no specs folder at TIEBEAM_SPECS, nothing checked\n');

/** Answers every list with one row, so that each following read is made as well. */
function recording(into: SentRequest[]): Reading {
  const row = { id: '7', namespace: 'tiebeam', destination_url: 'https://tiebeam.example' };
  return {
    config: procoreConfig.parse({ companyId: '598134325841112', clientId: 'a', clientSecret: 'b' }),
    now: () => new Date(0),
    client: {
      async read(request) {
        into.push(request);
        return { status: 200, headers: {}, body: JSON.stringify([row]) };
      },
      async find(path) {
        into.push({ method: 'GET', path });
        const trigger = { resource_name: 'Projects', event_type: 'UPDATE' };
        return { value: [path.includes('triggers') ? trigger : row], raw: '' };
      },
      file: async () => null,
    },
  };
}

test('a set-up says only what the published routes take', async () => {
  const sent: SentRequest[] = [];
  const setUp = companySetUp(recording(sent));
  await setUp.hooks();
  await setUp.approvers();
  await Array.fromAsync(setUp.originIds());
  const to = { url: 'https://tiebeam.example/webhooks/procore/one', secret: 'a secret' };
  for (const { request } of [
    setUp.createHook(to),
    setUp.redirectHook('7', to),
    setUp.enableHook('7'),
    setUp.addTriggers('7', TRIGGERS),
  ])
    sent.push(request);
  const found = noFindings();
  if (catalogue === null) return;
  for (const request of sent) checkProcoreRequest(catalogue, request, found);
  expect(found.wrong).toEqual([]);
  expect([found.bodies, found.published.size]).toEqual([4, 18]);
});
