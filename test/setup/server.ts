import pg from 'pg';

/** Runs one statement as the owner, on a connection of its own. */
export async function onServer(ownerUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The same server and login, another database. */
export function withDatabase(ownerUrl: string, database: string): string {
  return ownerUrl.replace(/^(postgres(?:ql)?:\/\/[^/]*)\/[^?]*/, `$1/${database}`);
}
