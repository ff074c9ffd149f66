import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ReviewRow } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { ReviewMark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** The open questions in the order the service gives them. */
export function ReviewQueue({ rows, shownId }: { rows: ReviewRow[]; shownId: string | undefined }) {
  const shown = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (shownId) shown.current?.scrollIntoView({ block: 'nearest' });
  }, [shownId]);
  return (
    <nav aria-label="Review queue">
      <ol className="queue">
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              to="/review"
              search={{ item: row.id }}
              replace
              resetScroll={false}
              activeOptions={{ exact: true, includeSearch: true }}
              className={row.id === shownId ? 'shown' : undefined}
              aria-current={row.id === shownId ? 'true' : undefined}
              {...(row.id === shownId ? { ref: shown } : {})}
            >
              <span className="spread">
                <ReviewMark kind={row.kind} />
                {row.amount === null ? null : <Amount value={row.amount} currency={row.currency} />}
              </span>
              <span className="queue-title">
                <Untrusted text={row.title} />
              </span>
              <span className="quiet small">
                {row.project ? <Untrusted text={row.project} /> : 'All projects'}
                {row.mayDecide ? null : ' · not yours to decide'}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
