import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTenant } from '../store/database/transaction.ts';
import { disableUser } from '../store/people/users.ts';
import { issueLoginLink } from './auth/login-link.ts';
import { cookieOf, startTestService, type TestService } from './testing/test-server.ts';

const HOUR_MS = 60 * 60_000;
const PASSWORD = 'correct horse battery staple';
let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const linkFor = (userId: string, lifeMs?: number) =>
  inTenant(service.database.pools.app, 'ours', (tx) =>
    issueLoginLink(tx, {
      tenant: 'ours',
      userId,
      now: service.clock.now(),
      randomBytes,
      ...(lifeMs === undefined ? {} : { lifeMs }),
    }),
  );
const useLink = (payload: object, as?: string) =>
  service.send({ method: 'POST', url: '/api/v1/sign-in/link', payload, ...(as === undefined ? {} : { as }) });
const signIn = (email: string, password: string) =>
  service.send({ method: 'POST', url: '/api/v1/sign-in', payload: { email, password } });
const me = (as: string) => service.send({ url: '/api/v1/me', as });

describe('one-time link', () => {
  test('signs in once and never again', async () => {
    const { token } = await linkFor('accountant');
    const first = await useLink({ token });
    expect(first.statusCode).toBe(200);
    expect(first.json()).toMatchObject({
      user: { id: 'accountant' },
      tenant: { id: 'ours' },
      simulated: ['Demo ERP'],
    });
    expect((await me(cookieOf(first))).statusCode).toBe(200);
    expect((await useLink({ token })).statusCode).toBe(401);
  });

  test('opens one session however many use it at once', async () => {
    const { token } = await linkFor('accountant');
    const answers = await Promise.all(Array.from({ length: 8 }, () => useLink({ token })));
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1);
  });

  test('does not open after a quarter of an hour, unless it was made to live longer', async () => {
    const short = await linkFor('controller');
    const long = await linkFor('controller', 24 * HOUR_MS);
    service.clock.advance(15 * 60_000);
    expect((await useLink({ token: short.token })).statusCode).toBe(401);
    expect((await useLink({ token: long.token })).statusCode).toBe(200);
  });

  test('stays usable when the chosen password is too weak', async () => {
    const { token } = await linkFor('controller');
    const weak = await useLink({ token, password: 'passwordpassword' });
    expect(weak.statusCode).toBe(422);
    expect(weak.headers['content-type']).toContain('application/problem+json');
    expect((await useLink({ token, password: PASSWORD })).statusCode).toBe(200);
    expect((await signIn('CONTROLLER@ours.test', PASSWORD)).statusCode).toBe(200);
  });

  test('stores neither the token nor the password', async () => {
    const { token } = await linkFor('engineer');
    await useLink({ token, password: PASSWORD });
    const { rows } = await inTenant(service.database.pools.app, 'ours', (tx) =>
      tx.query<{ all: string }>(
        `select (select json_agg(l)::text from login_link l) || (select json_agg(u)::text from app_user u) as all`,
      ),
    );
    expect(rows[0]?.all).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(rows[0]?.all).not.toContain(PASSWORD);
    expect(rows[0]?.all).not.toContain(token);
  });
});

describe('password', () => {
  test('answers a wrong password and an unknown e-mail with the same words', async () => {
    const { token } = await linkFor('admin');
    await useLink({ token, password: PASSWORD });
    const wrong = await signIn('admin@ours.test', 'another long password');
    const unknown = await signIn('nobody@ours.test', 'another long password');
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect(wrong.body).toBe(unknown.body);
    expect(wrong.cookies).toEqual([]);
  });

  test('spends the same work on an unknown e-mail as on a wrong password', async () => {
    const elapsedMs = async (email: string) => {
      const started = performance.now();
      await signIn(email, 'another long password');
      return performance.now() - started;
    };
    const wrong: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      wrong.push(await elapsedMs('admin@ours.test'));
      unknown.push(await elapsedMs('stranger@ours.test'));
    }
    // Without the decoy the unknown e-mail answers in about a tenth of the time. The quickest of each: a busy machine
    // only ever makes one slower.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...wrong) / 2);
  });

  test('refuses a user who never set one', async () => {
    expect((await signIn('project-manager@ours.test', 'nobody has this password')).statusCode).toBe(401);
  });

  test('stops guessing after ten attempts at one e-mail and says when to come back', async () => {
    const tries = [];
    for (let count = 0; count < 11; count += 1)
      tries.push(await signIn('victim@ours.test', `guess number ${count} here`));
    expect(tries.map((answer) => answer.statusCode)).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    expect(Number(tries.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    service.clock.advance(15 * 60_000);
    expect((await signIn('victim@ours.test', 'guess once more please')).statusCode).toBe(401);
  });

  test('audits who signed in and how, and logs no e-mail that was refused', () => {
    expect(service.audited).toContainEqual({
      tenant: 'ours',
      kind: 'signed-in',
      actor: 'controller@ours.test',
      facts: { user: 'controller', method: 'password' },
    });
    expect(service.logged.join('')).not.toContain('victim@ours.test');
  });
});

describe('session', () => {
  test('gets a token of its own at sign-in and ends the one that came along', async () => {
    const before = await service.signIn('accountant');
    const { token } = await linkFor('accountant');
    const after = cookieOf(await useLink({ token }, before));
    expect(after).not.toBe(before);
    expect((await me(before)).statusCode).toBe(401);
    expect((await me(after)).statusCode).toBe(200);
  });

  test('ends everywhere else when a new password is set', async () => {
    const elsewhere = await service.signIn('engineer');
    const { token } = await linkFor('engineer');
    const here = cookieOf(await useLink({ token, password: 'a second long passphrase' }));
    expect((await me(elsewhere)).statusCode).toBe(401);
    expect((await me(here)).statusCode).toBe(200);
    expect((await signIn('engineer@ours.test', PASSWORD)).statusCode).toBe(401);
  });

  test('never adopts a token that the browser brought', async () => {
    const planted = 'tiebeam=planted-by-an-attacker';
    const { token } = await linkFor('accountant');
    await useLink({ token }, planted);
    expect((await me(planted)).statusCode).toBe(401);
  });

  test('ends 8 hours after its last use', async () => {
    const as = await service.signIn('accountant');
    service.clock.advance(7 * HOUR_MS);
    expect((await me(as)).statusCode).toBe(200);
    service.clock.advance(7 * HOUR_MS);
    expect((await me(as)).statusCode).toBe(200);
    service.clock.advance(8 * HOUR_MS);
    expect((await me(as)).statusCode).toBe(401);
  });

  test('ends after 7 days however much it is used', async () => {
    const as = await service.signIn('accountant');
    for (let hours = 0; hours < 7 * 24 - 4; hours += 4) {
      service.clock.advance(4 * HOUR_MS);
      expect((await me(as)).statusCode).toBe(200);
    }
    service.clock.advance(4 * HOUR_MS);
    expect((await me(as)).statusCode).toBe(401);
  });

  test('ends at sign-out', async () => {
    const as = await service.signIn('accountant');
    const out = await service.send({ method: 'POST', url: '/api/v1/sign-out', as });
    expect(out.statusCode).toBe(204);
    expect((await me(as)).statusCode).toBe(401);
  });

  test('ends for a disabled user at the next request, and a link of theirs opens nothing', async () => {
    const as = await service.signIn('project-manager');
    const { token } = await linkFor('project-manager');
    await inTenant(service.database.pools.app, 'ours', (tx) =>
      disableUser(tx, 'project-manager', service.clock.now()),
    );
    expect((await me(as)).statusCode).toBe(401);
    expect((await useLink({ token })).statusCode).toBe(401);
  });

  test('travels in a cookie that scripts and other sites cannot use', async () => {
    const { token } = await linkFor('accountant');
    const [header] = [(await useLink({ token })).headers['set-cookie']].flat();
    expect(header).toMatch(/^tiebeam=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });
});
