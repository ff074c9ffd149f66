/**
 * The environment of initdb and postgres. Nothing is inherited but the path: PGDATA, PGPORT or a
 * foreign locale of the user must not bend the embedded server.
 */
export function childEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };
}
