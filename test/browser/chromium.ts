import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium to drive, or undefined. `TIEBEAM_REQUIRE_BROWSER=1` makes its absence a failure. */
export function findChromium(): string | undefined {
  const given = process.env.TIEBEAM_CHROMIUM;
  const found = [...(given ? [given] : []), ...PLACES].find((place) => existsSync(place));
  if (!found && process.env.TIEBEAM_REQUIRE_BROWSER === '1') {
    throw new Error('No Chromium found, and TIEBEAM_REQUIRE_BROWSER=1. Set TIEBEAM_CHROMIUM to its path.');
  }
  if (!found) process.stderr.write('No Chromium found: browser tests are left out (set TIEBEAM_CHROMIUM).\n');
  return found;
}

export async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}
