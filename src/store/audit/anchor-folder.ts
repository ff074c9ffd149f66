import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { SignedAnchor } from '../../domain/audit/audit-anchor.ts';
import { syncFolder } from '../embedded/durable-file.ts';
import { hasCode } from '../embedded/errno.ts';

/** Anchors as files: one folder per tenant, one file per anchor, written once and never again. */
export type AnchorFolder = {
  /** False when an anchor of this number stands there already. */
  readonly write: (anchor: SignedAnchor) => Promise<boolean>;
  readonly latest: (tenant: string) => Promise<SignedAnchor | null>;
  /** All of one tenant, in order of their names. */
  readonly all: (tenant: string) => Promise<SignedAnchor[]>;
};

const DIGITS = 12;
const NAME = /^\d{12}\.json$/;
// At one in five minutes this is a century; a folder with more is not ours.
const MOST_ANCHORS = 10_000_000;

const File = z.object({ signed: z.string(), signature: z.string() });
const Said = z.object({
  tenant: z.string(),
  number: z.string().transform(BigInt),
  seq: z.string().transform(BigInt),
  head: z.string(),
  at: z.string(),
  key: z.string(),
  previous: z.string(),
});

export function openAnchorFolder(folder: string): AnchorFolder {
  // No tenant is named like a step out of the folder.
  const of = (tenant: string) => join(folder, `tenant-${encodeURIComponent(tenant)}`);
  return {
    write: (anchor) =>
      writeOnce(
        join(of(anchor.anchor.tenant), `${String(anchor.anchor.number).padStart(DIGITS, '0')}.json`),
        `${JSON.stringify({ signed: anchor.signed, signature: anchor.signature }, null, 2)}\n`,
      ),
    async latest(tenant) {
      const last = (await names(of(tenant))).at(-1);
      return last === undefined ? null : readAnchor(join(of(tenant), last));
    },
    async all(tenant) {
      const anchors: SignedAnchor[] = [];
      for (const name of await names(of(tenant))) anchors.push(await readAnchor(join(of(tenant), name)));
      return anchors;
    },
  };
}

async function names(folder: string): Promise<string[]> {
  try {
    const found = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
    if (found.length > MOST_ANCHORS) throw new Error(`${folder} holds ${found.length} anchors`);
    return found;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function readAnchor(path: string): Promise<SignedAnchor> {
  const text = await readFile(path, 'utf8');
  try {
    const { signed, signature } = File.parse(JSON.parse(text));
    const anchor = Said.parse(JSON.parse(signed.slice(signed.indexOf('\n') + 1)));
    return { anchor, signed, signature };
  } catch (error) {
    throw new UnreadableAnchor(`${path} is no anchor`, { cause: error });
  }
}

/** A file that stands among the anchors and cannot be read as one. */
export class UnreadableAnchor extends Error {
  override readonly name = 'UnreadableAnchor';
}

/** A power cut leaves the whole file or none, and of two writers one wins: a link is made only where nothing is. */
async function writeOnce(path: string, text: string): Promise<boolean> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const fresh = join(folder, `.${randomBytes(6).toString('hex')}`);
  const file = await open(fresh, 'wx', 0o444);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(fresh, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(fresh);
  }
  await syncFolder(folder);
  await syncFolder(dirname(folder));
  return true;
}
