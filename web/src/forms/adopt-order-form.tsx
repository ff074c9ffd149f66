import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import type { AdoptableOrder, Adoption } from '../api/types.ts';
import { Failure } from '../ui/failure.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useWords } from '../ui/use-words.ts';
import './form.css';

export interface AdoptionChoice {
  order: string | null;
  application: number | null;
}

interface AdoptOrderFormProps {
  adoption: Adoption;
  isPending: boolean;
  failure: unknown;
  onChoice: (choice: AdoptionChoice) => void;
}

const NONE = 'none';

/** Which order is the commitment's, and up to which application it was billed before. */
export function AdoptOrderForm({ adoption, isPending, failure, onChoice }: AdoptOrderFormProps) {
  const names = { order: useId(), application: useId() };
  const words = useWords();
  const [only] = adoption.candidates;
  const [chosen, setChosen] = useState(adoption.certain && only ? only.id : '');
  const order = adoption.candidates.find(({ id }) => id === chosen);
  const [application, setApplication] = useState<number | null | undefined>(undefined);
  // The newest approved application, until somebody chooses another one.
  const billed = application === undefined ? (order?.openings[0]?.application ?? null) : application;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen === NONE) onChoice({ order: null, application: null });
        else if (order) onChoice({ order: order.id, application: billed });
      }}
    >
      <fieldset className="ask">
        <legend>The order of this commitment</legend>
        {adoption.candidates.map((candidate) => (
          <label key={candidate.id} className="choice">
            <input
              type="radio"
              name={names.order}
              checked={candidate.id === chosen}
              onChange={() => {
                setChosen(candidate.id);
                setApplication(undefined);
              }}
            />
            <span>
              <b className="mono">{candidate.number}</b> of <Untrusted text={candidate.vendorCode} />
              <span className="quiet small why">{candidate.evidence.join(', ')}</span>
            </span>
          </label>
        ))}
        <label className="choice">
          <input type="radio" name={names.order} checked={chosen === NONE} onChange={() => setChosen(NONE)} />
          <span>None of them: it is a new order</span>
        </label>
      </fieldset>
      {order ? (
        <Openings name={names.application} order={order} chosen={billed} onChoose={setApplication} />
      ) : null}
      <p className="small">{consequenceOf(chosen, order, words.application)}</p>
      <Failure failure={failure} />
      <Button type="submit" fullWidth loading={isPending} disabled={chosen === '' || !!order?.problem}>
        {chosen === NONE ? 'It is a new order' : 'Take over'}
      </Button>
    </form>
  );
}

interface OpeningsProps {
  name: string;
  order: AdoptableOrder;
  chosen: number | null;
  onChoose: (application: number | null) => void;
}

function Openings({ name, order, chosen, onChoose }: OpeningsProps) {
  const words = useWords();
  if (order.openings.length === 0) return null;
  return (
    <fieldset className="ask">
      <legend>Billed before go-live</legend>
      {order.openings.map(({ application, difference }) => (
        <label key={application} className="choice">
          <input
            type="radio"
            name={name}
            checked={application === chosen}
            onChange={() => onChoose(application)}
          />
          <span>
            Up to {words.application} {application}
            <span className="quiet small why">difference to the ERP {difference}</span>
          </span>
        </label>
      ))}
      <label className="choice">
        <input type="radio" name={name} checked={chosen === null} onChange={() => onChoose(null)} />
        <span>Nothing was billed before</span>
      </label>
    </fieldset>
  );
}

function consequenceOf(chosen: string, order: AdoptableOrder | undefined, application: string): string {
  if (chosen === NONE)
    return 'The commitment goes its usual way: exported, it becomes a second order beside those shown.';
  if (order?.problem) return order.problem;
  if (order)
    return `The order and its lines are linked as shown. Nothing is sent to the ERP; the next ${application} bills only what is beyond.`;
  return 'Until this is decided nothing is posted for the commitment.';
}
