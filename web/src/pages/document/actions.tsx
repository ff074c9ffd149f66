import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DocumentDetail } from '../../api/types.ts';
import { useAct } from '../../api/use-act.ts';
import { ReasonForm } from '../../forms/reason-form.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { dropDraft } from '../../ui/use-draft.ts';
import { systemName } from '../../ui/words.ts';

/** The actions the service offers this person now; no rule of our own decides which. */
export function Actions({ document }: { document: DocumentDetail }) {
  const { id, actions } = document;
  const [withdrawing, setWithdrawing] = useState(false);
  const notice = useNotice();
  const ask = useAct(() => notice('Asked for. The timeline shows what comes of it.'));
  const withdraw = useAct(() => {
    setWithdrawing(false);
    dropDraft(`withdraw.${id}`);
    notice(`${document.number} is withdrawn.`);
  });
  const openItem = document.review.find(({ state }) => state === 'open');
  const decides = actions.some(
    (action) => action === 'approve' || action === 'reject' || action === 'answer',
  );
  const address = `/documents/${encodeURIComponent(id)}`;

  if (actions.length === 0 && !openItem) return <span className="quiet">Nothing is asked of you.</span>;
  return (
    <>
      {openItem ? (
        <Button
          size="compact-sm"
          variant={decides ? 'filled' : 'default'}
          renderRoot={(props) => <Link to="/review" search={{ item: openItem.id }} {...props} />}
        >
          {decides ? 'Decide in review' : 'See it in review'}
        </Button>
      ) : null}
      <span className="row">
        {actions.includes('probe-again') ? (
          <Button
            size="compact-sm"
            variant="default"
            title={`Looks the document up in ${systemName(document.target.system)} by its reference; sends nothing.`}
            loading={ask.isPending}
            onClick={() => ask.mutate({ path: `${address}/probe-again` })}
          >
            Look it up again
          </Button>
        ) : null}
        {actions.includes('replan') ? (
          <Button
            size="compact-sm"
            variant="default"
            title="Plans it anew from the present record and mappings; sends nothing that was not approved."
            loading={ask.isPending}
            onClick={() => ask.mutate({ path: `${address}/replan` })}
          >
            Plan again
          </Button>
        ) : null}
        {actions.includes('withdraw') ? (
          <Button size="compact-sm" variant="default" onClick={() => setWithdrawing(true)}>
            Withdraw
          </Button>
        ) : null}
      </span>
      <Failure failure={ask.error} />
      <Sheet title={`Withdraw ${document.number}`} open={withdrawing} onClose={() => setWithdrawing(false)}>
        <ReasonForm
          draft={`withdraw.${id}`}
          consequence={`Nothing is sent to ${systemName(document.target.system)} for this revision. ${systemName(document.source.system)} keeps the record as it is, and the tie-out lists the amount as not sent.`}
          label="Why is it withdrawn?"
          verb="Withdraw"
          isPending={withdraw.isPending}
          failure={withdraw.error}
          onReason={(reason) => withdraw.mutate({ path: `${address}/withdraw`, body: { reason } })}
        />
      </Sheet>
    </>
  );
}
