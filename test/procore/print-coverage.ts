import { writeFile } from 'node:fs/promises';
import { coveragePage, eventCoverage, missingTests, PAGE } from './coverage.ts';
import { OBJECTS } from './coverage-objects.ts';

/** `npm run coverage:procore [-- --json]`: what of Procore is covered; `--write` brings docs up to date. */
const missing = await missingTests();
for (const each of missing) process.stderr.write(`${each}\n`);
if (process.argv.includes('--json')) {
  const events = eventCoverage();
  const done = events.filter(({ does }) => does !== 'declined').length;
  process.stdout.write(
    `${JSON.stringify({ names: events.length, notDeclined: done, events, objects: OBJECTS, missing })}\n`,
  );
} else if (process.argv.includes('--write')) await writeFile(PAGE, coveragePage());
else process.stdout.write(coveragePage());
process.exit(missing.length > 0 ? 1 : 0);
