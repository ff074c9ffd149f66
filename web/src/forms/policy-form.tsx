import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { ApiFailure } from '../api/client.ts';
import type { Policy, PolicyChange, PolicyChanges, PolicyPage } from '../api/types.ts';
import { useAct } from '../api/use-act.ts';
import { Changes } from '../pages/policy/changes.tsx';
import { Failure } from '../ui/failure.tsx';
import { dropDraft, useDraft } from '../ui/use-draft.ts';
import { PolicyFields } from './policy-fields.tsx';
import { ReasonForm } from './reason-form.tsx';
import './form.css';

interface PolicyFormProps {
  page: PolicyPage;
  onProposed: () => void;
  onCancel: () => void;
}

/** What is typed, and over which version: a reload keeps both, so that nothing is compared with another one unseen. */
interface Typed {
  policy: Policy;
  base: number;
}

const REASON = 'policy.reason';

/** The whole policy, then what would differ, then the reason: only what was read as a difference is proposed. */
export function PolicyForm({ page, onProposed, onCancel }: PolicyFormProps) {
  const [draft, setDraft, dropPolicy] = useDraft('policy');
  const typed: Typed =
    draft === '' ? { policy: page.policy, base: page.version } : (JSON.parse(draft) as Typed);
  const [changes, setChanges] = useState<readonly PolicyChange[]>();
  const form = useRef<HTMLFormElement>(null);
  const end = () => {
    dropPolicy();
    dropDraft(REASON);
  };
  const preview = useAct<PolicyChanges>((answer) => setChanges(answer.changes));
  const propose = useAct(() => {
    end();
    onProposed();
  });
  const { error } = preview;
  const faults = error instanceof ApiFailure ? (error.problem?.fields ?? []) : [];
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);

  return (
    <div className="stack">
      <form
        ref={form}
        className="form policy-form"
        onSubmit={(event) => {
          event.preventDefault();
          preview.mutate({ path: '/policy/preview', body: typed });
        }}
      >
        <PolicyFields
          form={page.form}
          policy={typed.policy}
          faults={faults}
          onChange={(policy) => {
            setDraft(JSON.stringify({ ...typed, policy }));
            setChanges(undefined);
            propose.reset();
          }}
        />
        <Failure failure={error} />
        <div className="actions">
          <Button type="submit" variant={changes ? 'default' : 'filled'} loading={preview.isPending}>
            Show the difference
          </Button>
          <Button
            variant="default"
            onClick={() => {
              end();
              onCancel();
            }}
          >
            Cancel
          </Button>
        </div>
      </form>
      {changes ? (
        <section className="stack" aria-label="What would differ">
          <Changes label="Differences" changes={changes} />
          <ReasonForm
            draft={REASON}
            consequence="Nothing changes yet: a controller who is somebody else is asked in Review. Once approved, it counts for everybody, and what has not left yet is decided by it anew."
            label="Why shall it change?"
            verb="Propose it"
            isHarmless
            isPending={propose.isPending}
            failure={propose.error}
            onReason={(reason) => propose.mutate({ path: '/policy/proposals', body: { ...typed, reason } })}
          />
        </section>
      ) : null}
    </div>
  );
}
