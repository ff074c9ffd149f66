import { createHash } from 'node:crypto';
import { type SimState, today } from './company/state.ts';
import { integer, type Row, rows } from './documents/rows.ts';
import { badRequest, businessError, Refusal } from './odata/errors.ts';

/** A stored file; the row that shows it names neither its bytes nor its size. */
export interface StoredFile {
  name: string;
  bytes: Buffer;
}

/** Keeps the files of a multipart body as a new attachment entry. */
export function createAttachment(state: SimState, contentType: string | undefined, body: Buffer): Row {
  const files = filesIn(state, contentType, body);
  const entry = state.nextEntry.attachment++;
  const row: Row = { AbsoluteEntry: entry, Attachments2_Lines: [] };
  state.attachments.set(entry, row);
  state.files.set(entry, []);
  addFiles(state, row, files);
  return row;
}

/** Adds the files of a multipart body to an entry. */
export function addToAttachment(
  state: SimState,
  row: Row,
  contentType: string | undefined,
  body: Buffer,
): void {
  addFiles(state, row, filesIn(state, contentType, body));
}

export function removalRefused(): Refusal {
  return new Refusal(400, 220, 'Attachments2 is not allowed to remove');
}

/** The bytes of one file of an entry. */
export function fileOf(state: SimState, row: Row, quotedName: string | null): Buffer {
  const name = /^'((?:[^']|'')*)'$/.exec(quotedName ?? '')?.[1]?.replaceAll("''", "'");
  const file = filesOf(state, row).find((candidate) => candidate.name === name);
  if (file === undefined) throw businessError(`File ${quotedName ?? ''} not found in the attachment`);
  return file.bytes;
}

/** Names, sizes and digests of the files of an entry, for the control plane. */
export function filesTold(state: SimState, row: Row): unknown[] {
  return filesOf(state, row).map(({ name, bytes }) => {
    return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
}

function filesOf(state: SimState, row: Row): StoredFile[] {
  return state.files.get(integer(row, 'AbsoluteEntry') ?? 0) ?? [];
}

function addFiles(state: SimState, row: Row, files: StoredFile[]): void {
  const entry = integer(row, 'AbsoluteEntry') ?? 0;
  const lines = rows(row, 'Attachments2_Lines');
  for (const { name } of files) {
    const dot = name.lastIndexOf('.');
    lines.push({
      AbsoluteEntry: entry,
      LineNum: lines.length + 1,
      FileName: dot > 0 ? name.slice(0, dot) : name,
      FileExtension: dot > 0 ? name.slice(dot + 1) : '',
      TargetPath: '\\\\sap\\attachments',
      AttachmentDate: today(state),
    });
  }
  state.files.set(entry, [...filesOf(state, row), ...files]);
}

const LINE_END = '\r\n';

// A JSON body names files that lie on the server already, which nobody outside can put there; the manual's form of
// two parts, JSON and bytes, is refused by live servers as well.
function filesIn(state: SimState, contentType: string | undefined, body: Buffer): StoredFile[] {
  if (!state.settings.attachmentsFolder) {
    throw businessError('Attachments folder not defined, or Attachments folder has been changed or removed');
  }
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]{1,70})"?$/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined) throw badRequest('The content type has to be multipart/form-data');
  // Latin 1 keeps every byte as one character, so that bytes can be cut out of the text again.
  const whole = body.toString('latin1');
  const mark = `--${boundary}`;
  if (!whole.startsWith(mark + LINE_END) || !whole.trimEnd().endsWith(`${mark}--`)) {
    throw badRequest('The multipart body is not complete');
  }
  const parts = whole.split(`${LINE_END}${mark}`);
  const files = parts.slice(0, -1).map((part, index) => fileIn(index === 0 ? part.slice(mark.length) : part));
  if (files.length === 0) throw badRequest('The multipart body has no file');
  return files;
}

function fileIn(part: string): StoredFile {
  const at = part.indexOf(LINE_END + LINE_END);
  const head = Buffer.from(part.slice(0, Math.max(at, 0)), 'latin1').toString('utf8');
  const name = /content-disposition: form-data;.*\bname="files"/i.test(head)
    ? /\bfilename="([^"\r\n]{1,200})"/i.exec(head)?.[1]
    : undefined;
  if (at < 0 || name === undefined) throw badRequest("Every part has to be named 'files' and name its file");
  return { name, bytes: Buffer.from(part.slice(at + 2 * LINE_END.length), 'latin1') };
}
