import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type SetUpWish, setUpQuery } from '../../api/queries.ts';
import type { SetUpPlan, SetUpResults } from '../../api/types.ts';
import { useAct } from '../../api/use-act.ts';
import { Failure } from '../../ui/failure.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import type { Tone } from '../../ui/words.ts';

/** What the Procore company still needs: shown first, done with consent, and told step by step. */
export function SetUpPanel({ hasHook }: { hasHook: boolean }) {
  const [wish, setWish] = useState<SetUpWish | null>(null);
  const plan = useQuery(setUpQuery(wish));
  const consent = useAct<SetUpResults>();
  const results = consent.data?.rows;
  return (
    <Panel title="Set-up in Procore">
      <div className="panel-body stack">
        <WishForm
          hasHook={hasHook}
          isPending={plan.isFetching}
          onWish={(next) => {
            consent.reset();
            setWish(next);
            if (sameWish(wish, next)) void plan.refetch();
          }}
        />
        <Failure failure={plan.error} />
        <Failure failure={consent.error} />
      </div>
      {results ? <Results rows={results} /> : null}
      {plan.data && !results && !plan.isFetching ? (
        <Plan
          plan={plan.data}
          isPending={consent.isPending}
          onConsent={() => consent.mutate({ path: '/set-up', body: { ...wish, digest: plan.data.digest } })}
        />
      ) : null}
    </Panel>
  );
}

function sameWish(one: SetUpWish | null, other: SetUpWish): boolean {
  return one !== null && one.address === other.address && one.freshSecret === other.freshSecret;
}

interface WishFormProps {
  hasHook: boolean;
  isPending: boolean;
  onWish: (wish: SetUpWish) => void;
}

function WishForm({ hasHook, isPending, onWish }: WishFormProps) {
  // A webhook that stands keeps its address unless somebody names another one.
  const [address, setAddress] = useState(hasHook ? '' : window.location.origin);
  const [freshSecret, setFreshSecret] = useState(false);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = address.trim();
        onWish({ freshSecret, ...(typed === '' ? {} : { address: typed }) });
      }}
    >
      <TextInput
        label="Address of this service"
        description={
          hasHook
            ? 'Empty: the webhook keeps the address that it has.'
            : 'Under which Procore reaches it, by HTTPS.'
        }
        type="url"
        required={!hasHook}
        withAsterisk={false}
        maxLength={500}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <label className="choice">
        <input type="checkbox" checked={freshSecret} onChange={() => setFreshSecret(!freshSecret)} />
        <span>
          Give the webhook a new secret
          <span className="quiet small why">
            The former one is good until Procore was seen with the new one.
          </span>
        </span>
      </label>
      <div className="actions">
        <Button type="submit" variant="default" loading={isPending}>
          Show what is missing
        </Button>
      </div>
    </form>
  );
}

interface PlanProps {
  plan: SetUpPlan;
  isPending: boolean;
  onConsent: () => void;
}

function Plan({ plan, isPending, onConsent }: PlanProps) {
  const isWhole = plan.steps.length === 0;
  return (
    <>
      <p className="panel-body small" role="status">
        {isWhole
          ? 'Nothing is missing in Procore.'
          : 'This would be written to Procore, and nothing else. Nothing was written yet.'}
      </p>
      <ol className="steps" aria-label="Steps">
        {plan.steps.map(({ kind, what }) => (
          <li key={kind}>
            <Mark word="Would do" tone="flight" />
            <Untrusted text={what} />
          </li>
        ))}
      </ol>
      <div className="panel-body stack">
        {plan.notes.map((note) => (
          <p key={note} className="small">
            <Untrusted text={note} />
          </p>
        ))}
        <details className="metadata small">
          <summary>What the ERP tool is told, whole</summary>
          <pre className="mono">{plan.metadata}</pre>
        </details>
        {isWhole ? null : (
          <Button loading={isPending} onClick={onConsent}>
            Do this in Procore
          </Button>
        )}
      </div>
    </>
  );
}

const outcomes = {
  done: { word: 'Done', tone: 'good' },
  'not-done': { word: 'Not done', tone: 'bad' },
  unknown: { word: 'Not known', tone: 'needs' },
} as const satisfies Record<SetUpResults['rows'][number]['outcome'], { word: string; tone: Tone }>;

function Results({ rows }: { rows: SetUpResults['rows'] }) {
  const isDone = rows.every(({ outcome }) => outcome === 'done');
  return (
    <>
      <p className="panel-body small" role="status">
        {isDone
          ? 'Done. Each write stands in the audit trail.'
          : 'Not everything was done: show what is missing again.'}
      </p>
      <ol className="steps" aria-label="Results">
        {rows.map(({ what, outcome, message }) => (
          <li key={what}>
            <Mark {...outcomes[outcome]} />
            <span>
              <Untrusted text={what} /> <Untrusted text={message} />
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
