import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { PolicyPage } from '../../api/types.ts';
import { useAct } from '../../api/use-act.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { Changes } from './changes.tsx';

/** The change that waits: decided in Review by somebody else, taken back here by whoever proposed it. */
export function Proposal({ proposal }: { proposal: NonNullable<PolicyPage['proposal']> }) {
  const { id, at, proposedBy, reason, changes, mayDecide, mayTakeBack } = proposal;
  const notice = useNotice();
  const takeBack = useAct(() => notice('The change was taken back'));
  return (
    <Panel
      title="A change waits for a second person"
      aside={
        <span className="quiet">
          <When at={at} relative />
        </span>
      }
    >
      <p className="panel-body">
        <bdi>{proposedBy}</bdi> proposes it: <Untrusted text={reason} />
      </p>
      <Changes label="Proposed differences" changes={changes} />
      <div className="panel-body stack proposal-end">
        <p className="small">Until a controller who is somebody else approves it, the policy below counts.</p>
        <Failure failure={takeBack.error} />
        <div className="row">
          {mayDecide ? (
            <Button renderRoot={(props) => <Link to="/review" search={{ item: id }} {...props} />}>
              Decide it in Review
            </Button>
          ) : null}
          {mayTakeBack ? (
            <Button
              variant="default"
              loading={takeBack.isPending}
              onClick={() =>
                takeBack.mutate({
                  path: `/review/${encodeURIComponent(id)}/reject`,
                  body: { reason: 'Taken back by whoever proposed it.' },
                })
              }
            >
              Take it back
            </Button>
          ) : null}
        </div>
      </div>
    </Panel>
  );
}
