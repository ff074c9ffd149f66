import { z } from 'zod';
import type { FileToAttach, Operation } from '../../domain/documents.ts';
import type { FieldError, Outcome } from '../../domain/posting/outcomes.ts';
import type { ProbeResult, Read, WireResponse, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { readIfThere } from './client.ts';
import { classifyImport, json } from './errors.ts';
import { failure } from './wire.ts';

type AttachFiles = Extract<Operation, { kind: 'attach-files' }>;

/**
 * Hangs each file on its invoice by a write of its own, so that one that Ledgerline does not take keeps none of the
 * others back. A name stands once on an invoice: a lost answer is looked for by it, and its content says whose it is.
 */
export function attachFiles(operation: AttachFiles): readonly Write[] {
  const names = distinct(operation.files.map(nameOf));
  return operation.files.map(({ sha256 }, place) => attachOne(operation, names[place]!, sha256, place));
}

// An operation is done by so many writes at most.
const MAX_FILES = 10;

export function fileErrors(files: readonly FileToAttach[]): FieldError[] {
  const message =
    files.length === 0
      ? 'There is no file to attach.'
      : `Tiebeam attaches at most ${MAX_FILES} files to an invoice in Ledgerline, and these are ${files.length}.`;
  return files.length > 0 && files.length <= MAX_FILES ? [] : [{ field: 'files', message, code: 'count' }];
}

function attachOne(operation: AttachFiles, name: string, sha256: string, place: number): Write {
  const { reference, invoiceId } = operation;
  const path = pathOf(operation);
  return {
    name: `attach-${place + 1}`,
    kind: 'set',
    object: 'attachment',
    reference,
    targetHash: contentHash({ invoiceId, name, sha256 }),
    encode({ files }) {
      const bytes = files?.[sha256];
      if (bytes === undefined) throw new Error(`the content ${sha256} of a file was not handed over`);
      const headers = { 'content-type': 'application/octet-stream' };
      return { method: 'POST', path: `${path}?name=${encodeURIComponent(name)}`, headers, bytes };
    },
    probe: (read) => standingOf(read, operation, { name, sha256 }),
    classify: (response) => classifyUpload(response, name),
  };
}

const LISTS = { 'ar-invoice': 'sales-invoices', order: 'orders' } as const;

function pathOf({ invoiceId, of }: AttachFiles): string {
  return `/${of === undefined || of === 'vendor-credit' ? 'invoices' : LISTS[of]}/${encodeURIComponent(invoiceId)}/files`;
}

/** What Ledgerline takes of a name: no folder, and nothing that cannot be seen. */
function nameOf({ name }: FileToAttach): string {
  return name.replace(/[\p{Cc}/\\]/gu, '_').trim();
}

/** The second of two equal names is told from the first by its number: `scan.pdf`, `scan (2).pdf`. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    const [stem, type] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${stem} (${number})${type}`;
    taken.add(free);
    return free;
  });
}

const attached = z.object({ file: z.string() });

function classifyUpload(response: WireResponse, name: string): Outcome {
  const { status, body } = response;
  if (status === 201) {
    const { data } = attached.safeParse(json(body));
    return data
      ? { kind: 'posted', id: data.file }
      : { kind: 'unknown', why: 'Ledgerline took the file but its answer names none' };
  }
  const said = failure.safeParse(json(body)).data?.error;
  // It may be our own lost attempt that has the name.
  if (said === undefined || said.code === 'name-taken' || ![400, 404, 409, 413, 415].includes(status))
    return classifyImport(response);
  const message = `Ledgerline does not take the file ${name}: ${said.message}. Make another file of it, or attach it there by hand.`;
  return { kind: 'refused', errors: [{ field: 'files', message, code: said.code }] };
}

const listed = z.object({
  records: z.array(z.object({ id: z.string(), name: z.string(), sha256: z.string() })),
});

async function standingOf(
  read: Read,
  operation: AttachFiles,
  { name, sha256 }: FileToAttach,
): Promise<ProbeResult> {
  const { invoiceId } = operation;
  const elsewhere = (difference: string): ProbeResult => {
    return { kind: 'standing', standing: 'elsewhere', id: invoiceId, difference };
  };
  const found = await readIfThere(read, pathOf(operation), listed);
  if (found === null) return elsewhere('The invoice is not in Ledgerline any more.');
  const there = found.records.find((file) => file.name === name);
  if (there === undefined) return { kind: 'standing', standing: 'at-base', id: invoiceId };
  if (there.sha256 === sha256) return { kind: 'standing', standing: 'at-target', id: there.id };
  return elsewhere(
    `Somebody attached another file ${name} to the invoice: attach ours in Ledgerline under a name of its own.`,
  );
}
