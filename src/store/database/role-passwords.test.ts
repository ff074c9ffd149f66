import { describe, expect, it } from 'vitest';
import { rolePassword, scramVerifier, urlFor } from './role-passwords.ts';

describe('role passwords', () => {
  it('differ by role and by secret and stay the same between starts', () => {
    expect(rolePassword('s', 'tiebeam_app')).toBe(rolePassword('s', 'tiebeam_app'));
    expect(rolePassword('s', 'tiebeam_app')).not.toBe(rolePassword('s', 'tiebeam_door'));
    expect(rolePassword('s', 'tiebeam_app')).not.toBe(rolePassword('t', 'tiebeam_app'));
  });

  it('replace the login of every form of database URL', () => {
    const login = `tiebeam_app:${rolePassword('s', 'tiebeam_app')}`;
    const at = (url: string) => urlFor(url, 'tiebeam_app', 's');
    expect(at('postgres://boss:pw@db:5432/x?sslmode=verify-full')).toBe(
      `postgres://${login}@db:5432/x?sslmode=verify-full`,
    );
    expect(at('postgresql://db/x')).toBe(`postgresql://${login}@db/x`);
    expect(at('postgres:///x?host=/run/postgresql')).toBe(`postgres://${login}@/x?host=/run/postgresql`);
    expect(() => at('mysql://db/x')).toThrow('postgres://');
  });

  it('make the verifier of the RFC 7677 example', () => {
    // User "user", password "pencil", the salt and 4096 rounds of RFC 7677 section 3; the server key
    // is checked through the server signature that the example prints.
    const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
    expect(verifier).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$' +
        'WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });
});
