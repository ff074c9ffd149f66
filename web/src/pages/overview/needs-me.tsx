import { Link } from '@tanstack/react-router';
import type { ReviewRow } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { ReviewMark } from '../../ui/state-mark.tsx';
import { Untrusted, visibleText } from '../../ui/untrusted.tsx';

const SHOWN_ROWS = 6;

/** The questions only a person can answer, oldest first as the service gives them. */
export function NeedsMe({ rows }: { rows: ReviewRow[] }) {
  return (
    <Panel
      title="Needs you"
      aside={
        rows.length > 0 ? (
          <Link to="/review" search={{}}>
            All in review
          </Link>
        ) : null
      }
    >
      {rows.length === 0 ? (
        <Empty title="Nothing waits for you">
          Approvals, missing mappings and conflicts appear here as soon as they arise.
        </Empty>
      ) : (
        <ul className="needs">
          {rows.slice(0, SHOWN_ROWS).map((row) => (
            <li key={row.id}>
              <Link to="/review" search={{ item: row.id }}>
                <span className="row">
                  <ReviewMark kind={row.kind} />
                  <span className="title" title={visibleText(row.title)}>
                    <Untrusted text={row.title} />
                  </span>
                </span>
                {row.amount === null ? null : <Amount value={row.amount} currency={row.currency} />}
                <span className="question" title={visibleText(row.question)}>
                  <Untrusted text={row.question} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
