import { Button } from '@mantine/core';
import { wordingOf } from '../api/errors.ts';

/** What happened, what it means for the money, what to do. */
export function Failure({ failure, retry }: { failure: unknown; retry?: () => void }) {
  if (failure === null || failure === undefined) return null;
  const { title, meaning, remedy, fields } = wordingOf(failure);
  return (
    <div className="notice tone-bad" role="alert">
      <strong>{title}</strong>
      <span>{meaning}</span>
      <span className="small">{remedy}</span>
      {fields.map(({ field, message }) => (
        <span key={field} className="small">
          <span className="mono">{field}</span>: <bdi>{message}</bdi>
        </span>
      ))}
      {retry ? (
        <div>
          <Button size="compact-sm" variant="default" onClick={retry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  );
}
