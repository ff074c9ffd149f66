import { contentHash } from '../../domain/canonical.ts';
import type { FileToAttach, Operation } from '../../domain/documents.ts';
import type { FieldError, Outcome } from '../../domain/outcomes.ts';
import type {
  ProbeResult,
  Read,
  WireRequest,
  WireResponse,
  Write,
  WriteContext,
} from '../../domain/writes.ts';
import { classifyFailure, readStop } from './errors.ts';
import { multipart } from './multipart.ts';
import type { InvoiceSet } from './sent-invoice.ts';
import { bodyOf, page, readAttachedTo, readAttachment } from './wire.ts';

type AttachFiles = Extract<Operation, { kind: 'attach-files' }>;

const UPLOAD = 'upload-files';

/**
 * Uploads files and names them on a posted invoice. An upload whose answer was lost is looked for among the newest. One
 * that is not there any more is sent again: what nothing names does no harm.
 */
export function attachFiles(operation: AttachFiles): readonly Write[] {
  const { reference, invoiceId, files } = operation;
  const about = {
    kind: 'set',
    object: 'attachment',
    reference,
    targetHash: contentHash({ invoiceId, files: files.map((file) => ({ ...file })) }),
  } as const;
  return [
    {
      ...about,
      name: UPLOAD,
      probe: (read, context) => standingUpload(read, operation, context),
      encode: (context) => encodeUpload(operation, context),
      classify: uploaded,
      answerProves: true,
    },
    {
      ...about,
      name: 'link-files',
      probe: (read) => standingOf(read, operation),
      encode: ({ earlierIds, guard }) => ({
        method: 'PATCH',
        path: pathOf(operation),
        ...(guard === undefined ? {} : { headers: { 'if-match': guard } }),
        body: JSON.stringify({ AttachmentEntry: Number(earlierIds[UPLOAD]) }),
      }),
      classify: (response) =>
        response.status === 204 || response.status === 200
          ? { kind: 'posted', id: invoiceId }
          : classifyFailure(response, undefined, 'invoice'),
    },
  ];
}

function pathOf({ invoiceId, of }: AttachFiles): string {
  const set: InvoiceSet = of === 'ar-invoice' ? 'Invoices' : 'PurchaseInvoices';
  return `/${set}(${invoiceId})`;
}

// The server keeps the files of all documents in one folder: our reference keeps equal names apart.
const MAX_NAME_CHARS = 100;

export function fileErrors(files: readonly FileToAttach[]): FieldError[] {
  if (files.length === 0)
    return [{ field: 'files', message: 'There is no file to attach.', code: 'required' }];
  return files
    .filter(({ name }) => name.trim() === '' || name.length > MAX_NAME_CHARS)
    .map(({ name }) => {
      const message = `The name of a file needs 1 to ${MAX_NAME_CHARS} characters: "${name.slice(0, MAX_NAME_CHARS)}".`;
      return { field: 'files', message, code: 'max-length' };
    });
}

function nameOf(reference: string, place: number, { name }: FileToAttach): string {
  return `${reference}-${place + 1}-${name.replace(/[\p{Cc}"\\/:*?<>|]/gu, '_').trim()}`;
}

function encodeUpload({ reference, files }: AttachFiles, context: WriteContext): WireRequest {
  const parts = files.map((file, place) => {
    const bytes = context.files?.[file.sha256];
    if (bytes === undefined) throw new Error(`the content ${file.sha256} of a file was not handed over`);
    return { name: nameOf(reference, place, file), bytes };
  });
  const { contentType, bytes } = multipart(parts);
  return { method: 'POST', path: '/Attachments2', headers: { 'content-type': contentType }, bytes };
}

function uploaded(response: WireResponse): Outcome {
  if (response.status !== 201) return classifyFailure(response, undefined, 'invoice');
  try {
    return { kind: 'posted', id: readAttachment(bodyOf(response)).AbsoluteEntry };
  } catch {
    return { kind: 'unknown', why: 'the answer to an upload broke off' };
  }
}

async function standingUpload(
  read: Read,
  operation: AttachFiles,
  { wasSent }: WriteContext,
): Promise<ProbeResult> {
  const named = await standingOf(read, operation);
  if (named.kind !== 'standing' || named.standing !== 'at-base' || wasSent !== true) return named;
  const id = await lateUpload(read, operation);
  return id === null ? named : { kind: 'standing', standing: 'at-target', id };
}

// What a lost request left is among the last: so many are attached in a company within its life at most.
const NEWEST = 100;

/** An upload of ours that no invoice names. Rows of a list cannot be searched by what is in them, so the last are read. */
async function lateUpload(read: Read, { reference, files }: AttachFiles): Promise<string | null> {
  const newest = `$select=AbsoluteEntry,Attachments2_Lines&$orderby=${encodeURIComponent('AbsoluteEntry desc')}&$top=${NEWEST}`;
  const response = await read({
    method: 'GET',
    path: `/Attachments2?${newest}`,
    headers: { prefer: `odata.maxpagesize=${NEWEST}` },
  });
  // Without the list it is as it was before: what cannot be looked for is sent again.
  if (response.status !== 200) return null;
  const uploads = page(response, 'Attachments2').rows.map(({ fields }) => readAttachment(fields));
  const ours = uploads.find(
    ({ Attachments2_Lines: lines }) =>
      lines.length === files.length &&
      files.every((_, place) =>
        lines.some(({ FileName }) => FileName.startsWith(`${reference}-${place + 1}-`)),
      ),
  );
  return ours?.AbsoluteEntry ?? null;
}

/** Whether the invoice names files of ours, none yet, or what a person attached. */
async function standingOf(read: Read, operation: AttachFiles): Promise<ProbeResult> {
  const { reference, invoiceId } = operation;
  // A full read on purpose: with $select the server gives a constant ETag, which would fail every guarded write.
  const response = await read({ method: 'GET', path: pathOf(operation) });
  if (response.status !== 200) throw readStop(response, 'the invoice');
  const { AttachmentEntry } = readAttachedTo(bodyOf(response));
  const guard = response.headers.etag;
  if (AttachmentEntry === '' || AttachmentEntry === '0') {
    return {
      kind: 'standing',
      standing: 'at-base',
      id: invoiceId,
      ...(guard === undefined ? {} : { guard }),
    };
  }
  const attached = await read({ method: 'GET', path: `/Attachments2(${AttachmentEntry})` });
  if (attached.status !== 200) throw readStop(attached, 'the attachments of an invoice');
  const { Attachments2_Lines: lines } = readAttachment(bodyOf(attached));
  if (lines.some(({ FileName }) => FileName.startsWith(`${reference}-`))) {
    return { kind: 'standing', standing: 'at-target', id: AttachmentEntry };
  }
  const difference = 'Somebody attached other files to the invoice: add ours to them in SAP Business One.';
  return { kind: 'standing', standing: 'elsewhere', id: AttachmentEntry, difference };
}
