import { Button, NativeSelect } from '@mantine/core';
import { useId, useState } from 'react';
import type { ChosenMail, MailSettings } from '../api/types.ts';
import { useAct } from '../api/use-act.ts';
import { Failure } from '../ui/failure.tsx';
import { useNotice } from '../ui/notices.tsx';
import './form.css';

const deliveries = [
  ['off', 'Not by mail'],
  ['at-once', 'At once'],
  ['daily', 'Once a day, all in one mail'],
] as const;

const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** What one person is told of by mail: saved only by the button, because arrow keys pass every choice on their way. */
export function MailForm({ present }: { present: MailSettings }) {
  const notice = useNotice();
  const [touched, setTouched] = useState<Partial<ChosenMail>>({});
  const { waits, ordered, hour } = { ...present, ...touched };
  const save = useAct(() => {
    setTouched({});
    notice('Your choice is kept');
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ method: 'PUT', path: '/mail', body: { waits, ordered, hour } });
      }}
    >
      <Delivery
        title="Questions in Review that your roles may answer"
        value={waits}
        onChange={(next) => setTouched({ ...touched, waits: next })}
      />
      <Delivery
        title="Orders that were made or changed in the ERP"
        value={ordered}
        onChange={(next) => setTouched({ ...touched, ordered: next })}
      />
      <NativeSelect
        label="Hour of the daily mail"
        description="The clock is UTC, beside it is yours."
        value={String(hour)}
        onChange={(event) => setTouched({ ...touched, hour: Number(event.currentTarget.value) })}
        data={hours.map((each) => ({ value: String(each), label: hourWords(each) }))}
      />
      <Failure failure={save.error} />
      <div className="actions">
        <Button type="submit" variant="default" loading={save.isPending}>
          Keep this choice
        </Button>
      </div>
    </form>
  );
}

interface DeliveryProps {
  title: string;
  value: MailSettings['waits'];
  onChange: (value: MailSettings['waits']) => void;
}

function Delivery({ title, value, onChange }: DeliveryProps) {
  const name = useId();
  return (
    <fieldset className="ask">
      <legend>{title}</legend>
      {deliveries.map(([delivery, words]) => (
        <label key={delivery} className="choice">
          <input type="radio" name={name} checked={delivery === value} onChange={() => onChange(delivery)} />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

function hourWords(hour: number): string {
  const at = new Date();
  at.setUTCHours(hour, 0, 0, 0);
  const own = at.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
  return `${String(hour).padStart(2, '0')}:00 (${own})`;
}
