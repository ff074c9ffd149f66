import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { documentQuery, reviewItemQuery } from '../../api/queries.ts';
import type { ReviewItem } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ReviewMark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { BothSides } from '../document/both-sides.tsx';
import { Lines } from '../document/lines.tsx';
import '../document/document.css';
import { Decision } from './decision.tsx';
import { Evidence } from './evidence.tsx';
import { StandingOrders } from './standing-orders.tsx';

/** One question: what is asked, the evidence at the left, the decision at the right. */
export function ReadingPane({ id, onDecided }: { id: string; onDecided: () => void }) {
  const { data: item, error, refetch } = useQuery(reviewItemQuery(id));
  return (
    <section className="pane" aria-label="Reading pane">
      <Link to="/review" search={{}} className="back-to-queue">
        ← Queue
      </Link>
      {error ? <Failure failure={error} retry={() => void refetch()} /> : null}
      {item ? (
        <>
          <Question item={item} />
          <div className="pane-columns">
            <div className="stack">
              <Evidence item={item} />
              {item.adoption ? <StandingOrders adoption={item.adoption} /> : null}
              {item.documentId ? <Sides documentId={item.documentId} /> : null}
            </div>
            <Decision item={item} onDecided={onDecided} />
          </div>
          {item.documentId ? <DocumentLines documentId={item.documentId} /> : null}
        </>
      ) : error ? null : (
        <div className="panel pane-box">
          <Bones rows={14} label="Loading the item" />
        </div>
      )}
    </section>
  );
}

function Question({ item }: { item: ReviewItem }) {
  return (
    <div className="panel question-box">
      <div className="spread">
        <span className="row">
          <ReviewMark kind={item.kind} />
          <h2 className="question-title">
            <Untrusted text={item.title} />
          </h2>
        </span>
        {item.amount === null ? null : (
          <b className="figure">
            <Amount value={item.amount} currency={item.currency} />
          </b>
        )}
      </div>
      <p>
        <Untrusted text={item.question} />
      </p>
      <p className="small quiet">
        Asked <When at={item.openedAt} relative />
        {item.documentId ? (
          <>
            {' · '}
            <Link to="/documents/$id" params={{ id: item.documentId }} search={{}}>
              Open the document
            </Link>
          </>
        ) : null}
      </p>
    </div>
  );
}

function Sides({ documentId }: { documentId: string }) {
  const { data, error } = useQuery(documentQuery(documentId));
  if (error) return <Failure failure={error} />;
  if (!data) {
    return (
      <Panel title="Both sides">
        <Bones rows={8} label="Loading both sides" />
      </Panel>
    );
  }
  return <BothSides document={data} />;
}

function DocumentLines({ documentId }: { documentId: string }) {
  const { data } = useQuery(documentQuery(documentId));
  return data ? <Lines document={data} /> : null;
}
