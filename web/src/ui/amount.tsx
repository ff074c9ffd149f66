import { amountText, type Separators, separatorsOf } from './amount-text.ts';

interface AmountProps {
  value: string | null;
  currency?: string | null;
  /** Differences carry their sign both ways. */
  signed?: boolean;
}

/** An amount: never cut, never rounded, never a float. Unknown is a dash. */
export function Amount({ value, currency, signed = false }: AmountProps) {
  if (value === null) return <Unknown />;
  return (
    <span className="amount">
      {amountText(value, readerSeparators(), signed)}
      {currency ? <span className="quiet"> {currency}</span> : null}
    </span>
  );
}

/** What nobody knows yet. */
export function Unknown() {
  return (
    <span className="quiet">
      <span aria-hidden="true">–</span>
      <span className="hidden-word">not known</span>
    </span>
  );
}

/** The separators of the person reading. */
export function readerSeparators(): Separators {
  return separatorsOf(navigator.language);
}
