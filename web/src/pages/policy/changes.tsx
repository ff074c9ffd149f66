import type { PolicyChange } from '../../api/types.ts';
import { TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** What one policy says otherwise than another, and which of it lets more go without a person. */
export function Changes({ label, changes }: { label: string; changes: readonly PolicyChange[] }) {
  return (
    <TableBox label={label}>
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">From then on</th>
            <th scope="col">Effect</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.label}>
              <th scope="row" className="wide-name">
                <Untrusted text={change.label} />
              </th>
              <td className="wide-name">
                <Untrusted text={change.before} />
              </td>
              <td className="wide-name">
                <Untrusted text={change.after} />
              </td>
              <td>{marks[change.effect]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

const marks = {
  looser: <Mark word="Less is asked" tone="needs" />,
  stricter: <Mark word="More is asked" tone="good" />,
  other: <Mark word="Differs" tone="waiting" />,
} as const satisfies Record<PolicyChange['effect'], unknown>;
