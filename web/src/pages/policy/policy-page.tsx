import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { policyQuery } from '../../api/queries.ts';
import { PolicyForm } from '../../forms/policy-form.tsx';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useNotice } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { History } from './history.tsx';
import { PresentPolicy } from './present-policy.tsx';
import { Proposal } from './proposal.tsx';
import './policy.css';

const route = getRouteApi('/shell/policy');

/** Who is asked about what, how that became so, and the change that waits for a second person. */
export function PolicyPage() {
  const { change } = route.useSearch();
  const navigate = useNavigate();
  const notice = useNotice();
  const { data, error, refetch } = useQuery(policyQuery);
  const isChanging = change === 'yes' && data?.mayPropose === true && data.proposal === null;
  const show = () => void navigate({ to: '/policy', search: {} });
  return (
    <Page title="Policy" aside={data ? <span className="number">{versionWords(data.version)}</span> : null}>
      {error ? <Failure failure={error} retry={() => void refetch()} /> : null}
      {data?.proposal ? <Proposal proposal={data.proposal} /> : null}
      {data ? (
        isChanging ? (
          <Panel title="Propose a change">
            <div className="panel-body">
              <PolicyForm
                page={data}
                onProposed={() => {
                  notice('The change waits for a second person');
                  show();
                }}
                onCancel={show}
              />
            </div>
          </Panel>
        ) : (
          <>
            <PresentPolicy page={data} />
            {data.proposal ? null : data.mayPropose ? (
              <div>
                <Button
                  variant="default"
                  renderRoot={(props) => <Link to="/policy" search={{ change: 'yes' }} {...props} />}
                >
                  Propose a change
                </Button>
              </div>
            ) : (
              <p className="small quiet">{data.whyNot}</p>
            )}
          </>
        )
      ) : error ? null : (
        <div className="panel policy-box">
          <Bones rows={14} label="Loading the policy" />
        </div>
      )}
      {data && !isChanging ? <History version={data.version} /> : null}
    </Page>
  );
}

function versionWords(version: number): string {
  return version === 0 ? 'As it is from the start' : `Version ${version}`;
}
