import { Button, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { BillApplication, BillingToDecide } from '../api/types.ts';
import { Failure } from '../ui/failure.tsx';
import { useWords } from '../ui/use-words.ts';
import './form.css';

export type BillingChoice = Pick<BillApplication, 'answer' | 'number' | 'difference'>;
type Answer = BillingChoice['answer'];

interface BillApplicationFormProps {
  billing: BillingToDecide;
  isPending: boolean;
  failure: unknown;
  onChoice: (choice: BillingChoice) => void;
}

/** What becomes of an application that cannot be billed in its turn; nothing is chosen before somebody does. */
export function BillApplicationForm({ billing, isPending, failure, onChoice }: BillApplicationFormProps) {
  const name = useId();
  const { application } = useWords();
  const [answer, setAnswer] = useState<Answer | ''>('');
  const [number, setNumber] = useState(billing.parts[0]?.number ?? '');
  const [difference, setDifference] = useState('');
  const stands = answer === 'standing';
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (answer === '') return;
        const accepted = difference.trim() === '' ? null : difference.trim();
        onChoice(
          stands
            ? { answer, number: number.trim(), difference: accepted }
            : { answer, number: null, difference: null },
        );
      }}
    >
      <fieldset className="ask">
        <legend>
          {billing.application === null
            ? 'What becomes of it'
            : `What becomes of ${application} ${billing.application}`}
        </legend>
        {billing.answers.map((each) => (
          <label key={each} className="choice">
            <input type="radio" name={name} checked={each === answer} onChange={() => setAnswer(each)} />
            <span>{words[each](application)}</span>
          </label>
        ))}
      </fieldset>
      {stands ? (
        <>
          <TextInput
            label="Its number in the ERP"
            description="It is read there before it is linked."
            value={number}
            maxLength={100}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <TextInput
            label="By how much it differs"
            description={`In ${billing.currency}, such as -10.00. Empty where it is the same.`}
            value={difference}
            inputMode="decimal"
            onChange={(event) => setDifference(event.currentTarget.value)}
          />
        </>
      ) : null}
      <p className="small">
        {answer === '' ? 'Until this is decided it is not posted.' : consequences[answer](application)}
      </p>
      <Failure failure={failure} />
      <Button
        type="submit"
        fullWidth
        loading={isPending}
        disabled={answer === '' || (stands && number.trim() === '')}
      >
        Decide
      </Button>
    </form>
  );
}

const words: Readonly<Record<Answer, (application: string) => string>> = {
  next: (application) => `The next ${application} bills what it moved`,
  standing: () => 'Its invoice stands in the ERP already',
  opening: () => 'It and all before it were billed before',
  itself: () => 'It is billed by itself after all',
};

const consequences: Readonly<Record<Answer, (application: string) => string>> = {
  next: (application) =>
    `It becomes no invoice. The next ${application} bills its amounts with its own, and is approved with them.`,
  standing: () => 'The invoice is linked as it stands and counts as billed. Nothing is sent to the ERP.',
  opening: (application) =>
    `What it says was billed to date is where billing begins: the next ${application} bills only what is beyond. Nothing is sent to the ERP.`,
  itself: () => 'What was decided before is void. Export it again in Procore, and it goes its usual way.',
};
