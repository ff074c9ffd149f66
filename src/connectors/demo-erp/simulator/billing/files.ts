import { createHash } from 'node:crypto';
import { z } from 'zod';
import { takeId, type World } from '../company/state.ts';
import { refusal } from '../http/refusal.ts';
import type { Answer } from '../http/sim-routes.ts';

/** A file that hangs on one document, under a name that the document has once. Nothing takes it off again. */
export type AttachedFile = {
  readonly id: string;
  readonly document: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly attached_on: string;
};

const MAX_FILE_BYTES = 5 * 1024 * 1024;
const MAX_NAME_CHARS = 100;
const MAX_FILES_PER_DOCUMENT = 50;
const TYPES: ReadonlySet<string> = new Set([
  'pdf',
  'png',
  'jpg',
  'jpeg',
  'tif',
  'tiff',
  'csv',
  'docx',
  'xlsx',
]);

const PLACE = /^\/(orders|invoices|sales-invoices)\/([^/]+)\/files$/;

/** The id of the document whose files a path names; null for a path that names none. */
export function filesPlace(path: string): string | null {
  const [, list, id = ''] = PLACE.exec(path) ?? [];
  return list === undefined ? null : decodeURIComponent(id);
}

export function answerFiles(world: World, path: string): Answer {
  const document = filesPlace(path) ?? '';
  if (!stands(world, document)) return refusal(404, 'unknown', `there is no document ${document}`);
  return { status: 200, body: { records: filesOf(world, document) } };
}

export type Upload = { readonly document: string; readonly name: string; readonly content: Buffer };

/** Hangs a file on a document, or says why not. */
export function attachFile(world: World, { document, name, content }: Upload, today: string): Answer {
  if (!stands(world, document)) return refusal(404, 'unknown', `there is no document ${document}`);
  if (name.trim() === '' || [...name].length > MAX_NAME_CHARS || /[\p{Cc}/\\]/u.test(name))
    return refusal(400, 'bad-name', `a name has 1 to ${MAX_NAME_CHARS} characters, no slash among them`);
  const type = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (!TYPES.has(type)) return refusal(415, 'file-type', `files of the type "${type}" are not taken`);
  if (content.length === 0) return refusal(400, 'empty', 'the file is empty');
  if (content.length > MAX_FILE_BYTES)
    return refusal(413, 'too-large', `a file has at most ${MAX_FILE_BYTES} bytes, not ${content.length}`);
  const beside = filesOf(world, document);
  if (beside.some((file) => file.name === name))
    return refusal(409, 'name-taken', `invoice ${document} has a file ${name} already`);
  if (beside.length >= MAX_FILES_PER_DOCUMENT)
    return refusal(409, 'too-many', `invoice ${document} has ${MAX_FILES_PER_DOCUMENT} files already`);
  const id = takeId(world, 'LF');
  const sha256 = createHash('sha256').update(content).digest('hex');
  world.files.set(id, {
    ...{ id, document, name, sha256 },
    bytes: content.length,
    attached_on: today,
  });
  return { status: 201, body: { file: id } };
}

function filesOf(world: World, document: string): AttachedFile[] {
  return [...world.files.values()].filter((file) => file.document === document);
}

/** What is cancelled keeps its files and takes more: why it was cancelled, for one. */
function stands(world: World, document: string): boolean {
  return world.orders.has(document) || world.invoices.has(document) || world.sales.invoices.has(document);
}

/** What a person does: a scan of their own, dragged onto the invoice. */
export const fileDeeds = [
  z.strictObject({ action: z.literal('attach_file'), id: z.string(), name: z.string(), text: z.string() }),
] as const;

export function performFile(
  world: World,
  deed: z.output<(typeof fileDeeds)[number]>,
  today: string,
): string | null {
  const upload = { document: deed.id, name: deed.name, content: Buffer.from(deed.text) };
  const { status, body } = attachFile(world, upload, today);
  return status === 201 ? null : JSON.stringify(body);
}
