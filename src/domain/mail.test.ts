import { expect, test } from 'vitest';
import { composeLetter, orderTitle } from './mail.ts';

const order = {
  ...{ number: 'SC-1', vendorName: 'Steel & Sons', revision: 1, sourceObject: 'commitment' },
  ...{ targetNumber: '4711', amountMinor: '100030', currency: 'USD' },
};

test('says of an order whether it is new, whose it is and what it comes to', () => {
  expect(orderTitle(order)).toBe('Order 4711 was created: SC-1 of Steel & Sons, USD 1,000.30');
  expect(orderTitle({ ...order, revision: 2 })).toContain('was changed');
  expect(orderTitle({ ...order, sourceObject: 'change-order' })).toContain('was changed');
  expect(orderTitle({ ...order, vendorName: null, amountMinor: null, targetNumber: null })).toBe(
    'Order was created: SC-1',
  );
});

test('one thing is the subject, several are counted and each has its address', () => {
  const waits = { about: 'waits', title: 'Is this the same vendor?', path: '/review/1' } as const;
  expect(composeLetter([waits], 'https://t.example').subject).toBe('Is this the same vendor?');
  const letter = composeLetter(
    [{ about: 'ordered', title: 'Order 7', path: '/documents/2' }, waits],
    'https://t.example',
  );
  expect(letter.subject).toBe('2 things in Tiebeam');
  expect(letter.text.split('\n').slice(0, 7)).toEqual([
    'Waits for you:',
    '- Is this the same vendor?',
    '  https://t.example/review/1',
    '',
    'Orders in the ERP:',
    '- Order 7',
    '  https://t.example/documents/2',
  ]);
});

test('a name from elsewhere begins no header, turns no text and is cut where everybody sees it', () => {
  const title = `Evil\r\nBcc: all@x.example \u202egnp.exe ${'x'.repeat(200)}`;
  const { subject, text } = composeLetter(
    [{ about: 'waits', title, path: '/review/1' }],
    'https://t.example',
  );
  expect(subject).toMatch(/^Evil Bcc: all@x\.example gnp\.exe x+…$/);
  expect([...subject]).toHaveLength(120);
  expect(text).not.toMatch(/[\r\u202e]/);
});
