import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { keyIdOf } from '../../domain/audit/audit-anchor.ts';
import { openAnchorFolder } from '../../store/audit/anchor-folder.ts';
import { keptAnchorKey, trustedKeys } from '../../store/audit/anchor-key.ts';
import type { Anchors } from './anchor.ts';

/** Opens the folder of the anchors with the key that signs them, which is made when there is none yet. */
export async function openAnchors(place: {
  readonly folder: string;
  readonly keyFile: string;
  /** Public keys of earlier times, as PEM. */
  readonly trustFile?: string;
}): Promise<Anchors> {
  const key = await keptAnchorKey(place.keyFile);
  const own = createPublicKey(key);
  const earlier = place.trustFile === undefined ? [] : await trustIn(place.trustFile);
  return {
    folder: openAnchorFolder(place.folder),
    key,
    trusted: new Map([...earlier, [keyIdOf(own), own]]),
  };
}

/** What an auditor checks against: copies of the anchors, and the public key that was handed over beforehand. */
export async function openCopies(
  folder: string,
  keyFile: string,
): Promise<Pick<Anchors, 'folder' | 'trusted'>> {
  return { folder: openAnchorFolder(folder), trusted: new Map(await trustIn(keyFile)) };
}

async function trustIn(file: string): Promise<ReturnType<typeof trustedKeys>> {
  const keys = trustedKeys(await readFile(file, 'utf8'));
  if (keys.size === 0) throw new Error(`${file} holds no public key in PEM form`);
  return keys;
}
