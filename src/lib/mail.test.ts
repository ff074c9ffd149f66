import { expect, test } from 'vitest';
import { mailFrom } from './mail.ts';

const set = {
  TIEBEAM_SMTP_URL: 'smtps://tiebeam:s%40cret@mail.example',
  TIEBEAM_MAIL_FROM: 'Tiebeam <tiebeam@harbor.example>',
  TIEBEAM_WEB_ADDRESS: 'https://tiebeam.harbor.example',
};

test('no mail is sent where no server is named', () => {
  expect(mailFrom({})).toBeNull();
  expect(mailFrom({ ...set, TIEBEAM_SMTP_URL: '' })).toBeNull();
  expect(mailFrom(set)).toMatchObject({ url: set.TIEBEAM_SMTP_URL });
});

test.each([
  [{ TIEBEAM_SMTP_URL: 'mail.example' }, 'TIEBEAM_SMTP_URL'],
  [{ TIEBEAM_MAIL_FROM: undefined }, 'TIEBEAM_MAIL_FROM'],
  [{ TIEBEAM_WEB_ADDRESS: 'tiebeam' }, 'TIEBEAM_WEB_ADDRESS'],
])('what is half set is named: %o', (change, name) => {
  expect(() => mailFrom({ ...set, ...change })).toThrow(name);
});

test('no password is repeated where an address is wrong', () => {
  const wrong = { ...set, TIEBEAM_SMTP_URL: 'smtp:/tiebeam:s3cret@mail.example' };
  expect(() => mailFrom(wrong)).toThrow(/^(?!.*s3cret).*TIEBEAM_SMTP_URL/);
});
