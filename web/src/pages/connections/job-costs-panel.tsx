import { Button } from '@mantine/core';
import { useAct } from '../../api/use-act.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';

/** The switch for posted cost in the budget: the one thing that is written whatever the phase says. */
export function JobCostsPanel({ allowed, may }: { allowed: boolean; may: boolean }) {
  const notice = useNotice();
  const act = useAct(() =>
    notice(allowed ? 'Posted cost is no longer shown' : 'Posted cost is shown from now on'),
  );
  const ask = useAct(() => notice('The ledger of the ERP is read now'));
  return (
    <Panel
      title="Posted cost in the budget"
      aside={<Mark word={allowed ? 'Shown' : 'Not shown'} tone={allowed ? 'good' : 'waiting'} />}
    >
      <div className="panel-body stack">
        <p className="small">
          {allowed
            ? 'Cost that is posted in the ERP is written to the budgets in Procore, whatever the phase. What was written stays when this is switched off.'
            : 'Cost that is posted in the ERP could be shown in the budgets in Procore, whatever the phase: it is written there as direct costs and job costs. Nothing is written to the ERP.'}
        </p>
        <Failure failure={act.error ?? ask.error} />
        {may ? (
          <div className="row">
            <Button
              variant="default"
              loading={act.isPending}
              onClick={() => act.mutate({ path: '/job-costs', body: { allowed: !allowed } })}
            >
              {allowed ? 'Stop showing posted cost' : 'Show posted cost in Procore'}
            </Button>
            {allowed ? (
              <Button
                variant="default"
                loading={ask.isPending}
                onClick={() => ask.mutate({ path: '/job-costs/now' })}
              >
                Read the ledger now
              </Button>
            ) : null}
          </div>
        ) : (
          <p className="small quiet">An engineer or a controller may switch this.</p>
        )}
      </div>
    </Panel>
  );
}
