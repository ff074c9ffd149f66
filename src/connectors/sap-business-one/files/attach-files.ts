import type { FileToAttach, Operation } from '../../../domain/documents.ts';
import type { FieldError, Outcome } from '../../../domain/posting/outcomes.ts';
import type {
  ProbeResult,
  Read,
  WireRequest,
  WireResponse,
  Write,
  WriteContext,
} from '../../../domain/posting/writes.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import { creditEntry, type InvoiceSet } from '../invoices/sent-invoice.ts';
import { classifyFailure, readStop } from '../service-layer/errors.ts';
import { multipart } from '../service-layer/multipart.ts';
import { bodyOf, page, readAttachedTo, readAttachment } from '../service-layer/wire.ts';

type AttachFiles = Extract<Operation, { kind: 'attach-files' }>;

const UPLOAD = 'upload-files';

/**
 * Uploads files and names them on a posted document. An upload whose answer was lost is looked for among the newest. One
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
      probe: (read, { earlierIds }) => standingLink(read, operation, earlierIds[UPLOAD]),
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
  if (of === 'vendor-credit') return `/PurchaseCreditNotes(${creditEntry(invoiceId)})`;
  return `/${of === undefined ? 'PurchaseInvoices' : SETS[of]}(${invoiceId})`;
}

const SETS = { 'ar-invoice': 'Invoices', order: 'PurchaseOrders' } as const satisfies Record<
  string,
  InvoiceSet | 'PurchaseOrders'
>;

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

/** An order gets files more than once, so that there the content and not the place says which one it is. */
function nameOf({ reference, of }: AttachFiles, place: number, { name, sha256 }: FileToAttach): string {
  const own = of === 'order' ? sha256.slice(0, 8) : String(place + 1);
  return `${reference}-${own}-${name.replace(/[\p{Cc}"\\/:*?<>|]/gu, '_').trim()}`;
}

type Lines = readonly { readonly FileName: string }[];

/** Whether each file of the operation is among those of an entry, by what its name begins with. */
function holdsAll({ reference, of, files }: AttachFiles, lines: Lines): boolean {
  return files.every(({ sha256 }, place) => {
    const own = of === 'order' ? sha256.slice(0, 8) : String(place + 1);
    return lines.some(({ FileName }) => FileName.startsWith(`${reference}-${own}-`));
  });
}

function encodeUpload(operation: AttachFiles, context: WriteContext): WireRequest {
  const parts = operation.files.map((file, place) => {
    const bytes = context.files?.[file.sha256];
    if (bytes === undefined) throw new Error(`the content ${file.sha256} of a file was not handed over`);
    return { name: nameOf(operation, place, file), bytes };
  });
  const { contentType, bytes } = multipart(parts);
  const headers = { 'content-type': contentType };
  // What hangs on an order already stays: its entry gets more files.
  if (operation.of === 'order' && context.guard !== undefined)
    return { method: 'PATCH', path: `/Attachments2(${context.guard})`, headers, bytes };
  return { method: 'POST', path: '/Attachments2', headers, bytes };
}

/** Stands for the entry that files were added to. */
const ADDED = 'added';

function uploaded(response: WireResponse): Outcome {
  if (response.status === 204) return { kind: 'posted', id: ADDED };
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
  const { entry, lines } = await attachedTo(read, operation);
  if (entry !== null) {
    if (holdsAll(operation, lines)) return { kind: 'standing', standing: 'at-target', id: entry };
    // The entry is what an addition is based on: nothing is taken out of it.
    if (operation.of === 'order') return { kind: 'standing', standing: 'at-base', id: entry, guard: entry };
    return othersThere(entry);
  }
  const late = wasSent === true ? await lateUpload(read, operation) : null;
  if (late !== null) return { kind: 'standing', standing: 'at-target', id: late };
  return { kind: 'standing', standing: 'at-base', id: operation.invoiceId };
}

/** Whether the document names the files that were uploaded, none yet, or what a person attached. */
async function standingLink(
  read: Read,
  operation: AttachFiles,
  uploaded: string | undefined,
): Promise<ProbeResult> {
  const { entry, lines, guard } = await attachedTo(read, operation);
  if (entry !== null)
    return holdsAll(operation, lines)
      ? { kind: 'standing', standing: 'at-target', id: entry }
      : othersThere(entry);
  const id = operation.invoiceId;
  if (uploaded === ADDED) return othersThere(id);
  return { kind: 'standing', standing: 'at-base', id, ...(guard === undefined ? {} : { guard }) };
}

function othersThere(id: string): ProbeResult {
  const difference = 'Somebody attached other files there meanwhile: add ours to them in SAP Business One.';
  return { kind: 'standing', standing: 'elsewhere', id, difference };
}

// What a lost request left is among the last: so many are attached in a company within its life at most.
const NEWEST = 100;

/** An upload of ours that no document names. Rows of a list cannot be searched by what is in them, so the last are read. */
async function lateUpload(read: Read, operation: AttachFiles): Promise<string | null> {
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
    ({ Attachments2_Lines: lines }) => lines.length === operation.files.length && holdsAll(operation, lines),
  );
  return ours?.AbsoluteEntry ?? null;
}

type Attached = { readonly entry: string | null; readonly lines: Lines; readonly guard: string | undefined };

/** What hangs on a document. */
async function attachedTo(read: Read, operation: AttachFiles): Promise<Attached> {
  // A full read on purpose: with $select the server gives a constant ETag, which would fail every guarded write.
  const response = await read({ method: 'GET', path: pathOf(operation) });
  if (response.status !== 200)
    throw readStop(response, operation.of === 'order' ? 'the order' : 'the invoice');
  const { AttachmentEntry: entry } = readAttachedTo(bodyOf(response));
  const guard = response.headers.etag;
  if (entry === '' || entry === '0') return { entry: null, lines: [], guard };
  const attached = await read({ method: 'GET', path: `/Attachments2(${entry})` });
  if (attached.status !== 200) throw readStop(attached, 'the attachments of a document');
  return { entry, lines: readAttachment(bodyOf(attached)).Attachments2_Lines, guard };
}
