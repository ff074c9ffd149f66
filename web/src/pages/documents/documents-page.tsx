import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { documentsQuery } from '../../api/queries.ts';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/panel.tsx';
import { useWords } from '../../ui/use-words.ts';
import { DocumentFilters } from './document-filters.tsx';
import { DocumentsTable } from './documents-table.tsx';
import './documents.css';

const route = getRouteApi('/shell/documents');

/** One table of every document, filtered by what stands in the address. */
export function DocumentsPage() {
  const filter = route.useSearch();
  const { subcontract, application, ownerInvoice } = useWords();
  const query = useInfiniteQuery(documentsQuery(filter));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? 0;
  const filtered = Object.values(filter).some(Boolean);
  return (
    <Page
      title="Documents"
      aside={
        query.data ? (
          <span role="status" className="number">
            {total.toLocaleString()} document{total === 1 ? '' : 's'}
          </span>
        ) : null
      }
    >
      <DocumentFilters filter={filter} rows={rows} />
      {query.error ? <Failure failure={query.error} retry={() => void query.refetch()} /> : null}
      <div className="panel documents" aria-busy={query.isPlaceholderData}>
        {query.isPending ? (
          <Bones rows={18} label="Loading documents" />
        ) : rows.length === 0 ? (
          <Empty title={filtered ? 'No document matches' : 'No documents yet'}>
            {filtered
              ? 'Take a filter away, or search for a number, vendor, project or ERP id.'
              : `A ${subcontract}, purchase order, ${application} or ${ownerInvoice} shows up here within seconds once it is approved in Procore.`}
          </Empty>
        ) : (
          <DocumentsTable
            rows={rows}
            total={total}
            onEnd={() => {
              if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
            }}
            more={query.hasNextPage}
          />
        )}
      </div>
    </Page>
  );
}
