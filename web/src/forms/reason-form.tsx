import { Button, Textarea } from '@mantine/core';
import { Failure } from '../ui/failure.tsx';
import { useDraft } from '../ui/use-draft.ts';
import './form.css';

const SHORTEST_REASON = 3;

interface ReasonFormProps {
  /** Under which name the typed text survives a reload. */
  draft: string;
  /** What will happen in both systems. */
  consequence: string;
  label: string;
  verb: string;
  /** Whether it only asks for something that can still be taken back. */
  isHarmless?: boolean;
  isPending: boolean;
  failure: unknown;
  onReason: (reason: string) => void;
  onCancel?: () => void;
}

/** Something that needs a reason: what will happen first, then the words for the audit trail. */
export function ReasonForm(props: ReasonFormProps) {
  const [reason, setReason, dropReason] = useDraft(props.draft);
  const isReady = reason.trim().length >= SHORTEST_REASON;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) props.onReason(reason.trim());
      }}
    >
      <p className="small">{props.consequence}</p>
      <Textarea
        label={props.label}
        description="It is kept in the audit trail for good."
        rows={3}
        data-autofocus
        autoFocus
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <Failure failure={props.failure} />
      <div className="actions">
        <Button
          type="submit"
          {...(props.isHarmless ? {} : { color: 'red' })}
          disabled={!isReady}
          loading={props.isPending}
        >
          {props.verb}
        </Button>
        {props.onCancel ? (
          <Button
            variant="default"
            onClick={() => {
              dropReason();
              props.onCancel?.();
            }}
          >
            Cancel
          </Button>
        ) : null}
      </div>
    </form>
  );
}
