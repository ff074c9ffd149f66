import { Link } from '@tanstack/react-router';
import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import type { DocumentRow } from '../../api/types.ts';
import { Amount, Unknown } from '../../ui/amount.tsx';
import { kindWord } from '../../ui/dictionaries.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useWords } from '../../ui/use-words.ts';
import { Day, When } from '../../ui/when.tsx';

export const features = tableFeatures({});
const column = createColumnHelper<typeof features, DocumentRow>();

/**
 * Class names by column. Amounts, states and dates take the width they need; the texts share the rest and end
 * with an ellipsis. What is not essential shows from 1600 px on.
 */
export const columnClass: Record<string, string> = {
  number: 'first clip share-name',
  amount: 'right',
  vendor: 'clip share-party',
  project: 'clip share-party',
  waitsFor: 'clip share-rest',
  target: 'spacious',
  kind: 'spacious',
  accountingDate: 'spacious',
};

/** One currency stands once, in the head of its column; several stand beside each amount. */
export function onlyCurrency(rows: readonly DocumentRow[]): string | null {
  const first = rows.find(({ currency }) => currency !== null)?.currency ?? null;
  return rows.every(({ currency }) => currency === null || currency === first) ? first : null;
}

/** The whole of a text that a narrow column may cut. */
export function wholeText(id: string, row: DocumentRow): string | undefined {
  if (id === 'number') return `${row.number} ${row.title}`;
  if (id === 'vendor') return row.vendor ?? undefined;
  if (id === 'project') return [row.project?.name ?? [], row.target.company ?? []].flat().join(' · ');
  return id === 'waitsFor' ? row.waitsFor : undefined;
}

export const columns = column.columns([
  column.accessor('number', {
    header: 'Document',
    cell: ({ row }) => (
      <>
        <Link to="/documents/$id" params={{ id: row.original.id }} search={{}}>
          <bdi>{row.original.number}</bdi>
        </Link>
        <span className="document-name">
          <Untrusted text={row.original.title} />
        </span>
      </>
    ),
  }),
  column.accessor('amount', {
    header: ({ table }) => ['Amount', onlyCurrency(table.options.data) ?? []].flat().join(', '),
    cell: ({ row, table }) => (
      <Amount
        value={row.original.amount}
        currency={onlyCurrency(table.options.data) === null ? row.original.currency : null}
      />
    ),
  }),
  column.accessor('state', {
    header: 'State',
    cell: ({ row }) => (
      <>
        <StateMark state={row.original.state} />
        {row.original.held ? <span className="quiet">, held</span> : null}
      </>
    ),
  }),
  column.accessor('vendor', {
    header: 'Vendor',
    cell: ({ row }) =>
      row.original.vendor === null ? <Unknown /> : <Untrusted text={row.original.vendor} />,
  }),
  column.accessor((row) => row.project?.name ?? '', {
    id: 'project',
    header: 'Project',
    cell: ({ row: { original } }) => (
      <>
        {original.project ? <Untrusted text={original.project.name} /> : <Unknown />}
        {original.target.company === null ? null : (
          <span className="quiet">
            {' · '}
            <Untrusted text={original.target.company} />
          </span>
        )}
      </>
    ),
  }),
  column.accessor('waitsFor', {
    header: 'Waits for',
    cell: ({ row }) => <Untrusted text={row.original.waitsFor} />,
  }),
  column.accessor((row) => row.target.number ?? '', {
    id: 'target',
    header: 'ERP no.',
    cell: ({ row }) => (row.original.target.number ? <bdi>{row.original.target.number}</bdi> : <Unknown />),
  }),
  column.accessor('kind', { header: 'Kind', cell: ({ row }) => <Kind kind={row.original.kind} /> }),
  column.accessor('accountingDate', {
    header: 'Accounting date',
    cell: ({ row }) =>
      row.original.accountingDate ? <Day day={row.original.accountingDate} /> : <Unknown />,
  }),
  column.accessor('updatedAt', {
    header: 'Changed',
    cell: ({ row }) => <When at={row.original.updatedAt} compact />,
  }),
]);

function Kind({ kind }: { kind: string }) {
  return kindWord(kind, useWords());
}
