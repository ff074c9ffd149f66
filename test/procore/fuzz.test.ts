import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { erpRequest } from '../../src/procore/erp-tool/erp-requests.ts';
import { webhookEvents } from '../../src/procore/events/webhooks.ts';
import { Mangler } from './mangle.ts';
import { brokenRequest, webhook } from './payloads.ts';

const PAYLOADS = 50_000;

describe('of 100,000 broken payloads none does harm', () => {
  it('webhooks: each becomes events with ids, or none, and is then kept as it came', () => {
    const mangler = new Mangler(20_261_121);
    let understood = 0;
    for (let serial = 1; serial <= PAYLOADS; serial += 1) {
      const content = parseJson(JSON.stringify(mangler.mangled(webhook(mangler, serial))) ?? 'null');
      const events = webhookEvents(content);
      if (events.length > 0) understood += 1;
      for (const { nativeId, companyId, dedupeKey, object } of events) {
        expect(companyId).toMatch(/^\d{1,20}$/);
        if (nativeId === '' || dedupeKey === '' || object === '')
          expect.unreachable(`${serial}: an event without an id`);
      }
    }
    // A mangler that breaks all of them, or none, would show nothing.
    expect(understood).toBeGreaterThan(PAYLOADS / 4);
    expect(understood).toBeLessThan(PAYLOADS * 0.95);
  });

  it('ERP requests: each gives items to answer', () => {
    const mangler = new Mangler(20_261_122);
    let about = 0;
    for (let serial = 1; serial <= PAYLOADS; serial += 1) {
      const raw = JSON.stringify(brokenRequest(mangler, serial)) ?? 'null';
      const { items } = erpRequest(String(serial), parseJson(raw), raw, 'USD');
      if (items.length === 0) expect.unreachable(`${serial}: no items`);
      if (items.some(({ subject }) => subject !== null)) about += 1;
      for (const { key, subject } of items) {
        if (!key.startsWith(`${serial}/`)) expect.unreachable(`${serial}: a foreign key ${key}`);
        if (subject !== null && !/^\d{1,20}$/.test(subject.id))
          expect.unreachable(`${serial}: ${subject.id}`);
      }
    }
    expect(about).toBeGreaterThan(PAYLOADS / 4);
    expect(about).toBeLessThan(PAYLOADS * 0.95);
  });
});
