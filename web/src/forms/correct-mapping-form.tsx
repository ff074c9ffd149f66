import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Ask, ReviewItem, SetMapping } from '../api/types.ts';
import { Failure } from '../ui/failure.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { AskField } from './ask-field.tsx';
import './form.css';

interface CorrectMappingFormProps {
  item: ReviewItem;
  isPending: boolean;
  failure: unknown;
  onAnswers: (answers: SetMapping[]) => void;
}

const valueKinds = {
  company: 'company',
  project: 'project',
  vendor: 'vendor',
  cost: 'account',
  retainage: 'account',
  customer: 'customer',
  revenue: 'account',
  'retainage-receivable': 'account',
} as const;

/** The missing mapping rows, each with suggestions and a search in the ERP's own codes. */
export function CorrectMappingForm({ item, isPending, failure, onAnswers }: CorrectMappingFormProps) {
  const [draft, setDraft, dropDraft] = useDraft(`answers.${item.id}`);
  const [missing, setMissing] = useState(false);
  const chosen = readDraft(draft);
  const choose = (ask: Ask, code: string) => setDraft(JSON.stringify({ ...chosen, [keyOf(ask)]: code }));
  const isComplete = item.asks.every((ask) => chosen[keyOf(ask)]);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!isComplete);
        if (!isComplete) return;
        onAnswers(item.asks.map((ask) => answerOf(ask, chosen[keyOf(ask)] ?? '')));
        dropDraft();
      }}
    >
      {item.asks.map((ask) => (
        <AskField
          key={keyOf(ask)}
          ask={ask}
          chosen={chosen[keyOf(ask)] ?? ''}
          onChoose={(code) => choose(ask, code)}
        />
      ))}
      {item.asks.some(({ kind }) => kind === 'cost') ? (
        <p className="small">
          A cost code goes to an account of the ERP. Items of the ERP are not read yet, so none are offered.
        </p>
      ) : null}
      <p className="small">
        The answer becomes a new version of the mapping; nothing posts without its own approval.
        {item.alsoReleases > 0
          ? ` It also releases ${item.alsoReleases} other document${item.alsoReleases === 1 ? '' : 's'}.`
          : ''}
      </p>
      {missing && !isComplete ? (
        <p className="small" role="alert">
          Choose a code for every row first.
        </p>
      ) : null}
      <Failure failure={failure} />
      <Button type="submit" fullWidth loading={isPending}>
        Set mapping <kbd>c</kbd>
      </Button>
    </form>
  );
}

function answerOf(ask: Ask, code: string): SetMapping {
  return {
    kind: ask.kind,
    scope: ask.scope?.id ?? '',
    key: ask.key,
    value: { kind: valueKinds[ask.kind], code },
  };
}

function keyOf(ask: Ask): string {
  return `${ask.kind} ${ask.scope?.id ?? ''} ${ask.key}`;
}

function readDraft(draft: string): Record<string, string> {
  if (draft === '') return {};
  return JSON.parse(draft) as Record<string, string>;
}
