import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { useAct } from '../api/use-act.ts';
import { dictionaries, type PointOfView, renamed } from '../ui/dictionaries.ts';
import { Failure } from '../ui/failure.tsx';
import { useNotice } from '../ui/notices.tsx';
import { humanWord } from '../ui/words.ts';
import './form.css';

const views = Object.keys(dictionaries) as PointOfView[];

/** One of the three, saved only by the button: arrow keys pass every choice on their way. */
export function PointOfViewForm({ present }: { present: PointOfView }) {
  const name = useId();
  const notice = useNotice();
  const [touched, setTouched] = useState<PointOfView>();
  const chosen = touched ?? present;
  const save = useAct(() => notice('The words changed for everybody of this company'));
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ method: 'PUT', path: '/point-of-view', body: { pointOfView: chosen } });
      }}
    >
      <fieldset className="ask">
        <legend>This company works as</legend>
        {views.map((view) => (
          <label key={view} className="choice">
            <input type="radio" name={name} checked={view === chosen} onChange={() => setTouched(view)} />
            <span>
              {humanWord(view)}
              <span className="quiet small why">{wordsOf(view)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Failure failure={save.error} />
      <div className="actions">
        <Button type="submit" variant="default" loading={save.isPending}>
          Use these words
        </Button>
      </div>
    </form>
  );
}

function wordsOf(view: PointOfView): string {
  const others = renamed(view);
  if (others.length === 0) return "Procore's words as they come.";
  return `Says ${others.map(({ from, to }) => `${to} for ${from}`).join(', ')}.`;
}
