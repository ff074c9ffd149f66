import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../../api/queries.ts';
import { Bone, Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { When } from '../../ui/when.tsx';
import { Connections } from './connections.tsx';
import { Flow } from './flow.tsx';
import { NeedsMe } from './needs-me.tsx';
import { States } from './states.tsx';
import { WaitingByAge, WaitingByOwner } from './waiting.tsx';
import './overview.css';

/** What needs me, how much money waits and for whom, and whether the systems are well. */
export function OverviewPage() {
  const { data, error, refetch, dataUpdatedAt } = useQuery(overviewQuery);
  return (
    <Page
      title="Overview"
      aside={
        data ? (
          <>
            As of <When at={new Date(dataUpdatedAt).toISOString()} />
          </>
        ) : null
      }
    >
      {error ? <Failure failure={error} retry={() => void refetch()} /> : null}
      {data ? (
        <div className="overview">
          <NeedsMe rows={data.needsMe} />
          <States states={data.states} currency={data.currency} />
          <WaitingByAge rows={data.waitingByAge} currency={data.currency} />
          <WaitingByOwner rows={data.waitingByOwner} currency={data.currency} />
          <Flow flow={data.flow} perMinute={data.postedPerMinute} />
          <Connections health={data.health} auditEntries={data.auditEntries} />
        </div>
      ) : error ? null : (
        <OverviewBones />
      )}
    </Page>
  );
}

function OverviewBones() {
  return (
    <div className="overview">
      {['What needs you', 'States', 'Age', 'Owner', 'Flow', 'Connections'].map((part) => (
        <section className="panel" key={part}>
          <header>
            <Bone width={140} />
          </header>
          <Bones rows={6} label={`Loading ${part}`} />
        </section>
      ))}
    </div>
  );
}
