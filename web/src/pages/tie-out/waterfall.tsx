import { Amount, readerSeparators } from '../../ui/amount.tsx';
import { amountText } from '../../ui/amount-text.ts';
import type { Step, Steps } from './waterfall-steps.ts';

const WIDTH = 10_000;

/** The bridge as bars. The table below says the same, so the picture is one image to a screen reader. */
export function Waterfall({ steps, currency, axis }: { steps: Steps; currency: string; axis: string }) {
  const text = (amount: string, signed = false) => amountText(amount, readerSeparators(), signed);
  const told = steps.rows.map(({ name, amount, isTotal }) => `${name} ${text(amount, !isTotal)}`).join(', ');
  return (
    <figure className="waterfall">
      <div role="img" aria-label={`From Procore to the ERP in ${currency}: ${told}.`}>
        {steps.rows.map((step) => (
          <div className="step" key={step.name}>
            <span className="step-name">{step.name}</span>
            <svg viewBox={`-60 0 ${WIDTH + 120} 20`} preserveAspectRatio="none" aria-hidden="true">
              <StepMark step={step} />
            </svg>
            <span className="step-amount">
              <Amount value={step.amount} signed={!step.isTotal} />
            </span>
          </div>
        ))}
      </div>
      <figcaption className="small quiet axis" aria-hidden="true">
        <span className="number">{text(steps.axisFrom)}</span>
        <span>
          {axis}, {currency}; the axis does not start at zero
        </span>
        <span className="number">{text(steps.axisTo)}</span>
      </figcaption>
    </figure>
  );
}

function StepMark({ step }: { step: Step }) {
  if (step.isTotal) return <line x1={step.left} x2={step.left} y1="1" y2="19" className="level" />;
  const isDown = step.amount.startsWith('-');
  return (
    <rect
      x={step.left}
      width={Math.max(30, step.right - step.left)}
      y="5"
      height="10"
      className={step.name === 'Unexplained' ? 'bar-unexplained' : isDown ? 'bar-down' : 'bar-up'}
    />
  );
}
