import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../../api/queries.ts';
import { Bone, Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { When } from '../../ui/when.tsx';
import { Connections } from './connections.tsx';
import { Flow } from './flow.tsx';
import { NeedsMe } from './needs-me.tsx';
import { Pace } from './pace.tsx';
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
          <div className="stack">
            <NeedsMe rows={data.needsMe} />
            <WaitingByOwner rows={data.waitingByOwner} currency={data.currency} />
            <States states={data.states} currency={data.currency} />
          </div>
          <div className="stack">
            <WaitingByAge rows={data.waitingByAge} currency={data.currency} />
            <Flow flow={data.flow} />
            <Connections health={data.health} auditEntries={data.auditEntries} />
            <Pace perMinute={data.postedPerMinute} />
          </div>
        </div>
      ) : error ? null : (
        <OverviewBones />
      )}
    </Page>
  );
}

const boneColumns = [
  [
    { part: 'what needs you', rows: 10 },
    { part: 'owners', rows: 3 },
    { part: 'states', rows: 6 },
  ],
  [
    { part: 'ages', rows: 5 },
    { part: 'flow', rows: 3 },
    { part: 'connections', rows: 3 },
    { part: 'pace', rows: 2 },
  ],
];

function OverviewBones() {
  return (
    <div className="overview">
      {boneColumns.map((parts) => (
        <div className="stack" key={parts[0]?.part}>
          {parts.map(({ part, rows }) => (
            <section className="panel" key={part}>
              <header>
                <Bone width={140} />
              </header>
              <Bones rows={rows} label={`Loading ${part}`} />
            </section>
          ))}
        </div>
      ))}
    </div>
  );
}
