import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { reviewQuery } from '../../api/queries.ts';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/panel.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { ReadingPane } from './reading-pane.tsx';
import { ReviewQueue } from './review-queue.tsx';
import './review.css';

const route = getRouteApi('/shell/review');

/** A queue and a reading pane. Deciding one item brings the next without a click. */
export function ReviewPage() {
  const { item } = route.useSearch();
  const navigate = useNavigate();
  const { data: rows, error, refetch } = useQuery(reviewQuery);
  // A narrow screen starts with the queue; only a wide one shows the first item by itself.
  const shownId = item ?? (isWide() ? rows?.[0]?.id : undefined);
  const place = rows?.findIndex(({ id }) => id === shownId) ?? -1;

  const show = useCallback(
    (id: string | undefined) =>
      void navigate({ to: '/review', search: { item: id }, replace: true, resetScroll: false }),
    [navigate],
  );
  const move = (step: number) => {
    const next = rows?.[Math.min(rows.length - 1, Math.max(0, place + step))];
    if (next) show(next.id);
  };
  const showNext = () => show((rows?.[place + 1] ?? rows?.[place - 1])?.id);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      const documentId = rows?.[place]?.documentId;
      if (documentId) void navigate({ to: '/documents/$id', params: { id: documentId }, search: {} });
    },
  });

  return (
    <Page
      title="Review"
      aside={
        rows ? (
          <span role="status" className="number">
            {rows.length} open
            <span className="keys-hint">
              {' '}
              · <kbd>j</kbd> <kbd>k</kbd> move · <kbd>?</kbd> all keys
            </span>
          </span>
        ) : null
      }
    >
      {error ? <Failure failure={error} retry={() => void refetch()} /> : null}
      <div className={shownId ? 'review reading' : 'review'}>
        <div className="panel queue-box">
          {!rows ? (
            <Bones rows={12} label="Loading the queue" />
          ) : rows.length === 0 ? (
            <Empty title="The queue is empty">
              Everything that needs a person has been decided.{' '}
              <Link to="/tie-out" search={{}}>
                See the tie-out
              </Link>
            </Empty>
          ) : (
            <ReviewQueue rows={rows} shownId={shownId} />
          )}
        </div>
        {shownId ? (
          <ReadingPane key={shownId} id={shownId} onDecided={showNext} />
        ) : rows && rows.length > 0 ? null : (
          <div className="panel pane-box" />
        )}
      </div>
    </Page>
  );
}

function isWide(): boolean {
  return window.matchMedia('(min-width: 1001px)').matches;
}
