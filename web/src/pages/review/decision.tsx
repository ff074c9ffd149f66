import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { ReviewItem, SetMapping } from '../../api/types.ts';
import { useAct } from '../../api/use-act.ts';
import { AdoptOrderForm } from '../../forms/adopt-order-form.tsx';
import { BillApplicationForm } from '../../forms/bill-application-form.tsx';
import { CorrectMappingForm } from '../../forms/correct-mapping-form.tsx';
import { ReasonForm } from '../../forms/reason-form.tsx';
import { readerSeparators } from '../../ui/amount.tsx';
import { amountText } from '../../ui/amount-text.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { dropDraft } from '../../ui/use-draft.ts';
import { useKeys } from '../../ui/use-keys.ts';

/** Approve, correct or reject; what each would do stands beside it before it is done. */
export function Decision({ item, onDecided }: { item: ReviewItem; onDecided: () => void }) {
  const [rejecting, setRejecting] = useState(false);
  const notice = useNotice();
  const approveButton = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLDivElement>(null);
  const address = `/review/${encodeURIComponent(item.id)}`;
  const decided = (word: string) => () => {
    dropDraft(`reject.${item.id}`);
    notice(`${item.title}: ${word}`);
    onDecided();
  };
  const approve = useAct(decided('approved'));
  const reject = useAct(decided('rejected'));
  const answer = useAct(decided('mapping set'));
  const adopt = useAct(decided('decided'));
  const bill = useAct(decided('decided'));
  const redrive = useAct(decided('tried once more'));
  const { payloadHash } = item;
  const mayApprove = item.mayDecide && isSigned(item) && payloadHash !== null;
  const mayAdopt = item.mayDecide && item.adoption !== undefined && payloadHash !== null;
  const mayBill = item.mayDecide && item.billing !== undefined && payloadHash !== null;
  const mayCorrect = item.mayDecide && item.asks.length > 0;

  useKeys({
    // One key must not sign for money: it goes to the button, and Enter there signs.
    a: () => approveButton.current?.focus(),
    c: () => form.current?.querySelector<HTMLElement>('input')?.focus(),
    r: () => {
      if (item.mayDecide && !mayBill) setRejecting(true);
    },
  });

  if (item.state !== 'open') return <Decided item={item} />;
  if (!item.mayDecide) return <NotYours item={item} />;
  return (
    <Panel title="Decision">
      <div className="panel-body stack">
        {mayCorrect ? (
          <div ref={form}>
            <CorrectMappingForm
              item={item}
              isPending={answer.isPending}
              failure={answer.error}
              onAnswers={(answers: SetMapping[]) =>
                answer.mutate({ path: `${address}/answer`, body: { answers } })
              }
            />
          </div>
        ) : null}
        {mayApprove ? (
          <div className="stack" style={{ gap: 8 }}>
            <p className="small">{approvalConsequence(item)}</p>
            <Button
              ref={approveButton}
              fullWidth
              loading={approve.isPending}
              onClick={() => approve.mutate({ path: `${address}/approve`, body: { payloadHash } })}
            >
              Approve <kbd>a</kbd>
            </Button>
            <Failure failure={approve.error} />
          </div>
        ) : null}
        {mayAdopt && item.adoption ? (
          <div ref={form}>
            <AdoptOrderForm
              key={item.id}
              adoption={item.adoption}
              isPending={adopt.isPending}
              failure={adopt.error}
              onChoice={(choice) =>
                adopt.mutate({ path: `${address}/adopt`, body: { payloadHash, ...choice } })
              }
            />
          </div>
        ) : null}
        {mayBill && item.billing ? (
          <div ref={form}>
            <BillApplicationForm
              key={payloadHash}
              billing={item.billing}
              isPending={bill.isPending}
              failure={bill.error}
              onChoice={(choice) =>
                bill.mutate({ path: `${address}/billing`, body: { payloadHash, ...choice } })
              }
            />
          </div>
        ) : null}
        {mayApprove || mayCorrect || mayAdopt || mayBill ? null : (
          <p className="small">
            This is settled in the system that is wrong, or by planning the document again from its own page.
            Reject it to take the document out of the queue.
          </p>
        )}
        {item.kind === 'quarantined' || item.kind === 'exception' ? (
          <div className="stack" style={{ gap: 8 }}>
            <Button
              variant="default"
              fullWidth
              loading={redrive.isPending}
              onClick={() => redrive.mutate({ path: `${address}/redrive` })}
            >
              Try once more
            </Button>
            <Failure failure={redrive.error} />
          </div>
        ) : null}
        {mayBill ? null : rejecting ? (
          <ReasonForm
            draft={`reject.${item.id}`}
            consequence={rejectConsequence(item)}
            label="Why is it rejected?"
            verb="Reject"
            isPending={reject.isPending}
            failure={reject.error}
            onReason={(reason) => reject.mutate({ path: `${address}/reject`, body: { reason } })}
            onCancel={() => setRejecting(false)}
          />
        ) : (
          <Button variant="default" fullWidth onClick={() => setRejecting(true)}>
            Reject… <kbd>r</kbd>
          </Button>
        )}
      </div>
    </Panel>
  );
}

function isSigned({ kind }: ReviewItem): boolean {
  return kind === 'approval' || kind === 'policy';
}

function rejectConsequence(item: ReviewItem): string {
  if (item.kind === 'policy') return 'The policy stays as it is. Your words are kept with the question.';
  return item.kind === 'adoption'
    ? 'Nothing changes in either system. The order may still be this commitment, so nothing is posted for it until it is proposed again and decided.'
    : 'Nothing is sent to the ERP for this question. The document goes back with your words, and the tie-out lists its amount as not sent.';
}

function approvalConsequence(item: ReviewItem): string {
  if (item.kind === 'policy')
    return 'Approving signs exactly the policy that makes these differences. It counts from then on: what has not left yet is decided by it anew, and nothing that was sent changes.';
  const amount =
    item.amount === null
      ? 'this document'
      : `${amountText(item.amount, readerSeparators())} ${item.currency ?? ''}`.trim();
  return `Approving signs exactly the evidence shown. ${amount} is then posted to the ERP once, and the result is written back to Procore.`;
}

function Decided({ item }: { item: ReviewItem }) {
  return (
    <Panel title="Decision">
      <div className="panel-body">
        This was {item.state}
        {item.decidedBy ? (
          <>
            {' '}
            by <bdi>{item.decidedBy}</bdi>
          </>
        ) : null}
        .
      </div>
    </Panel>
  );
}

function NotYours({ item }: { item: ReviewItem }) {
  return (
    <Panel title="Decision">
      <div className="panel-body">
        <div className="notice tone-waiting">
          <strong>Not yours to decide</strong>
          <span>
            <bdi>{item.whyNot ?? `It waits for the role ${item.role.replace('-', ' ')}.`}</bdi>
          </span>
        </div>
      </div>
    </Panel>
  );
}
