import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type UIEvent, useRef, useState } from 'react';
import type { DocumentRow } from '../../api/types.ts';
import { visibleText } from '../../ui/untrusted.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { columnClass, columns, features, wholeText } from './columns.tsx';

/** The height of a row in documents.css. */
const ROW_PX = 32;
const VIRTUAL_ABOVE_ROWS = 200;
const NEAR_END_ROWS = 20;

interface DocumentsTableProps {
  rows: DocumentRow[];
  total: number;
  more: boolean;
  onEnd: () => void;
}

/** The rows, of which only those in sight are in the page once there are many. */
export function DocumentsTable({ rows, total, more, onEnd }: DocumentsTableProps) {
  const box = useRef<HTMLElement>(null);
  const table = useTable({ features, columns, data: rows, getRowId: (row) => row.id });
  const virtual = rows.length > VIRTUAL_ABOVE_ROWS;
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    enabled: virtual,
  });
  const inSight = list.getVirtualItems();
  const first = virtual ? (inSight.at(0)?.index ?? 0) : 0;
  const last = virtual ? (inSight.at(-1)?.index ?? 0) : rows.length - 1;
  const cursor = useCursor(rows, (place) =>
    virtual
      ? list.scrollToIndex(place)
      : box.current?.querySelector(`[aria-rowindex="${place + 2}"]`)?.scrollIntoView({ block: 'nearest' }),
  );
  const loadNearEnd = (event: UIEvent<HTMLElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
    if (more && scrollHeight - scrollTop - clientHeight < NEAR_END_ROWS * ROW_PX) onEnd();
  };
  const above = first * ROW_PX;
  const below = (rows.length - 1 - last) * ROW_PX;

  return (
    <>
      <section
        className="table-box tall"
        aria-label="Documents"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the focus to be scrolled by keyboard.
        tabIndex={0}
        ref={box}
        onScroll={loadNearEnd}
      >
        <table className="ledger fixed-rows" aria-rowcount={total + 1}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} aria-rowindex={1}>
                {group.headers.map((header) => (
                  <th key={header.id} scope="col" className={columnClass[header.id]}>
                    <table.FlexRender header={header} />
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {above > 0 ? <Spacer height={above} /> : null}
            {table
              .getRowModel()
              .rows.slice(first, last + 1)
              .map((row, offset) => (
                <tr
                  key={row.id}
                  aria-rowindex={first + offset + 2}
                  className={first + offset === cursor.place ? 'openable chosen' : 'openable'}
                  onClick={(event) => {
                    if (!(event.target instanceof Element && event.target.closest('a')))
                      cursor.open(row.original.id);
                  }}
                >
                  {row.getAllCells().map((cell) => (
                    <td
                      key={cell.id}
                      className={columnClass[cell.column.id]}
                      title={visibleText(wholeText(cell.column.id, row.original)) || undefined}
                    >
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            {below > 0 ? <Spacer height={below} /> : null}
          </tbody>
        </table>
      </section>
      {more ? (
        <div className="panel-body row small quiet">
          <span className="number">
            {rows.length} of {total} loaded
          </span>
          <Button size="compact-xs" variant="default" onClick={onEnd}>
            Load more
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus; it only holds the place.
    <tr aria-hidden="true">
      <td colSpan={columns.length} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

/** The row that j and k move and enter opens. It follows its document when the list changes under it. */
function useCursor(rows: DocumentRow[], reveal: (place: number) => void) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string | null>(null);
  const place = rows.findIndex(({ id }) => id === chosen);
  const open = (id: string) => void navigate({ to: '/documents/$id', params: { id }, search: {} });
  const move = (step: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, place + step));
    setChosen(rows[next]?.id ?? null);
    reveal(next);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      if (chosen !== null && place >= 0) open(chosen);
    },
  });
  return { place, open };
}
