import { randomBytes } from 'node:crypto';
import type { StoredFile } from './billing/billing-records.ts';
import { bearerOf, invalidToken, type Tokens } from './http/auth.ts';
import { ApiError, notFound } from './http/errors.ts';
import type { RestCall } from './http/rest-answer.ts';
import type { Answer } from './http/router.ts';
import type { World } from './state.ts';

/** A link into storage is for the moment: it is handed out again whenever the file is asked for. */
const LINK_LIFE_MS = 60_000;

export function storeFile(world: World, file: Omit<StoredFile, 'id'>): StoredFile {
  const stored = { ...file, id: world.nextId() };
  world.files.set(stored.id, stored);
  return stored;
}

export function attachmentView(world: World, id: number, origin: string): Record<string, unknown> {
  const file = world.files.get(id);
  return {
    id,
    url: `${origin}/file_downloads/${id}`,
    filename: file?.filename ?? '',
    content_type: file?.content_type ?? '',
  };
}

/**
 * A download in two steps: the address in an answer takes the token and redirects to storage, which takes its
 * own signature and, as object stores do, refuses a request that brings a token as well.
 */
export function fileAnswer(world: World, tokens: Tokens, call: RestCall): Answer {
  if (call.method !== 'GET') throw notFound();
  const [, room, key = ''] = call.path.split('/');
  if (room === 'storage') return fromStorage(world, call, key);
  const token = tokens.valid(bearerOf(call.authorization), world.clock.now());
  const app = token ? world.apps.get(token.client_id) : undefined;
  if (!app) throw invalidToken();
  const file = world.files.get(Number(key));
  if (!file || !app.connections.has(file.company_id)) throw notFound();
  const signature = randomBytes(16).toString('hex');
  world.storageLinks.set(signature, { file_id: file.id, ends_at: world.clock.now() + LINK_LIFE_MS });
  return { status: 302, body: '', headers: { Location: `${call.origin}/storage/${signature}` } };
}

function fromStorage(world: World, call: RestCall, signature: string): Answer {
  const link = world.storageLinks.get(signature);
  const file = link && world.files.get(link.file_id);
  if (!link || !file || link.ends_at <= world.clock.now()) throw new ApiError(403, 'Request has expired');
  if (call.authorization !== undefined)
    throw new ApiError(400, 'Only one auth mechanism allowed; the Authorization header is not accepted here');
  return { status: 200, body: file.bytes, headers: { 'Content-Type': file.content_type } };
}

/** A PDF of one page with one line of text: small, but one that readers open. */
export function pdfOf(text: string): Buffer {
  const line = text.replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&');
  const content = `BT /F1 14 Tf 72 720 Td (${line}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  // The second line holds bytes above 127, as the format advises, so that a reader of text breaks it visibly.
  let body = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  body += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(body, 'latin1');
}
