import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { connectionsQuery, meQuery, systemsQuery } from '../../api/queries.ts';
import type { ConnectionRow, Me, SystemForm } from '../../api/types.ts';
import { ConnectionForm } from '../../forms/connection-form.tsx';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { CheckPanel } from './check-panel.tsx';
import { ConnectionsTable } from './connections-table.tsx';
import { JobCostsPanel } from './job-costs-panel.tsx';
import { PointOfViewPanel } from './point-of-view-panel.tsx';
import { SelfTestPanel } from './self-test-panel.tsx';
import { SetUpPanel } from './set-up-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { SupportPanel } from './support-panel.tsx';
import './connections.css';

const route = getRouteApi('/shell/connections');

/** Every system that is connected, whether it is well, what it lacks, and what an engineer may do about it. */
export function ConnectionsPage() {
  const { open, add } = route.useSearch();
  const rows = useQuery(connectionsQuery);
  const { data: systems = [], isPending } = useQuery(systemsQuery);
  const { data: me } = useQuery(meQuery);
  const isEngineer = me?.user.roles.includes('engineer') ?? false;
  const mayTakeBundle = isEngineer || (me?.user.roles.includes('admin') ?? false);
  const chosen = rows.data?.find(({ id }) => id === open);
  const added = isEngineer ? systems.find(({ id }) => id === add) : undefined;
  // Drawn earlier, it would be pushed down by the panels above it.
  const isSettled = !rows.isPending && !isPending;
  return (
    <Page
      title="Connections"
      aside={isEngineer ? <AddLinks systems={systems} rows={rows.data ?? []} /> : null}
    >
      {rows.error ? <Failure failure={rows.error} retry={() => void rows.refetch()} /> : null}
      <div className="panel connections-box">
        {rows.isPending ? (
          <Bones rows={3} label="Loading the connections" />
        ) : rows.data?.length === 0 ? (
          <Empty title="Nothing is connected yet">
            {isEngineer
              ? 'Connect Procore first, then the ERP.'
              : 'An engineer connects Procore and the ERP here.'}
          </Empty>
        ) : (
          <ConnectionsTable rows={rows.data ?? []} chosen={open} />
        )}
      </div>
      {added ? <AddPanel key={added.id} system={added} /> : null}
      {chosen && me ? <Chosen key={chosen.id} row={chosen} me={me} systems={systems} /> : null}
      {me && isSettled ? <PointOfViewPanel me={me} /> : null}
      {isSettled && mayTakeBundle ? <SupportPanel /> : null}
    </Page>
  );
}

/** What can be connected besides: one Procore company, and as many ERP companies as there are. */
function AddLinks({ systems, rows }: { systems: readonly SystemForm[]; rows: readonly ConnectionRow[] }) {
  const sides = new Set(rows.map((row) => systems.find(({ id }) => id === row.system)?.side));
  const free = systems.filter(({ side }) => side === 'erp' || !sides.has(side));
  return free.map(({ id, title }) => (
    <span key={id}>
      <Link to="/connections" search={{ add: id }}>
        Connect {title}
      </Link>{' '}
    </span>
  ));
}

function AddPanel({ system }: { system: SystemForm }) {
  const navigate = useNavigate();
  const notice = useNotice();
  return (
    <Panel title={`Connect ${system.title}`}>
      <div className="panel-body">
        <ConnectionForm
          system={system}
          onSaved={(id) => {
            notice(`${system.title} is connected, read-only`);
            void navigate({ to: '/connections', search: { open: id } });
          }}
          onCancel={() => void navigate({ to: '/connections', search: {} })}
        />
      </div>
    </Panel>
  );
}

interface ChosenProps {
  row: ConnectionRow;
  me: Me;
  systems: readonly SystemForm[];
}

function Chosen({ row, me, systems }: ChosenProps) {
  const system = systems.find(({ id }) => id === row.system);
  const isEngineer = me.user.roles.includes('engineer');
  const isSource = row.jobCosts !== null;
  const mayShowCosts = isEngineer || me.user.roles.includes('controller');
  return (
    <div className="connections">
      <div className="stack">
        {isEngineer ? <CheckPanel id={row.id} name={row.name} /> : <NotYours />}
        {row.selfTest ? <SelfTestPanel selfTest={row.selfTest} /> : null}
      </div>
      <div className="stack">
        {isEngineer && isSource ? <SetUpPanel hasHook={row.hasHook === true} /> : null}
        {isSource ? <JobCostsPanel allowed={row.jobCosts === true} may={mayShowCosts} /> : null}
        {isEngineer && system ? <SettingsPanel id={row.id} system={system} /> : null}
      </div>
    </div>
  );
}

function NotYours() {
  return (
    <Panel title="Check">
      <div className="panel-body small">
        A person with the role engineer may try the connection, set it up and change its settings.
      </div>
    </Panel>
  );
}
