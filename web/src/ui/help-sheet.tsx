import { Sheet } from './sheet.tsx';

const keys: readonly [string[], string][] = [
  [['/'], 'Search documents'],
  [['g', 'o'], 'Overview'],
  [['g', 'd'], 'Documents'],
  [['g', 'r'], 'Review'],
  [['g', 't'], 'Tie-out'],
  [['g', 'c'], 'Connections'],
  [['g', 'p'], 'Policy'],
  [['g', 'a'], 'Audit'],
  [['g', 'm'], 'Mail: what you are told of'],
  [['j', 'k'], 'Next, previous row'],
  [['enter'], 'Open the row'],
  [['a'], 'Review: go to Approve; enter then approves'],
  [['c'], 'Review: correct the mapping'],
  [['r'], 'Review: reject with a reason'],
  [['esc'], 'Leave a field or a dialog'],
];

/** Every key in one place. */
export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Sheet title="Keyboard" open={open} onClose={onClose}>
      <dl className="keys">
        {keys.map(([pressed, meaning]) => (
          <div key={meaning} style={{ display: 'contents' }}>
            <dt>
              {pressed.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
