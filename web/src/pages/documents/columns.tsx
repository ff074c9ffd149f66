import { Link } from '@tanstack/react-router';
import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import type { DocumentRow } from '../../api/types.ts';
import { Amount, Unknown } from '../../ui/amount.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { Day, When } from '../../ui/when.tsx';
import { humanWord } from '../../ui/words.ts';

export const features = tableFeatures({});
const column = createColumnHelper<typeof features, DocumentRow>();

/** Class names by column; amounts stand at the right and are never cut. */
export const columnClass: Record<string, string> = {
  number: 'first',
  amount: 'right',
  title: 'clip',
  vendor: 'clip',
  project: 'clip',
  waitsFor: 'clip',
};

export const columns = column.columns([
  column.accessor('number', {
    header: 'Number',
    cell: ({ row }) => (
      <Link to="/documents/$id" params={{ id: row.original.id }} search={{}}>
        <bdi>{row.original.number}</bdi>
      </Link>
    ),
  }),
  column.accessor('amount', { header: 'Amount', cell: ({ row }) => <Amount value={row.original.amount} /> }),
  column.accessor('currency', { header: 'Cur.', cell: ({ row }) => row.original.currency ?? <Unknown /> }),
  column.accessor('state', { header: 'State', cell: ({ row }) => <StateMark state={row.original.state} /> }),
  column.accessor('title', { header: 'Title', cell: ({ row }) => <Untrusted text={row.original.title} /> }),
  column.accessor('vendor', {
    header: 'Vendor',
    cell: ({ row }) =>
      row.original.vendor === null ? <Unknown /> : <Untrusted text={row.original.vendor} />,
  }),
  column.accessor((row) => row.project?.name ?? '', {
    id: 'project',
    header: 'Project',
    cell: ({ row }) => (row.original.project ? <Untrusted text={row.original.project.name} /> : <Unknown />),
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
  column.accessor('kind', { header: 'Kind', cell: ({ row }) => humanWord(row.original.kind) }),
  column.accessor('accountingDate', {
    header: 'Accounting date',
    cell: ({ row }) =>
      row.original.accountingDate ? <Day day={row.original.accountingDate} /> : <Unknown />,
  }),
  column.accessor('updatedAt', {
    header: 'Changed',
    cell: ({ row }) => <When at={row.original.updatedAt} />,
  }),
]);
