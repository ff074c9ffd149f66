import { Link } from '@tanstack/react-router';
import type { Overview } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { sumAmounts } from '../../ui/amount-text.ts';
import { Empty, Panel, TableBox } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../ui/use-words.ts';
import { stateWords } from '../../ui/words.ts';

interface StatesProps {
  states: Overview['states'];
  currency: string;
}

/** All documents by the state they are in; every number opens the documents behind it. */
export function States({ states, currency }: StatesProps) {
  const { subcontract } = useWords();
  const path = Object.keys(stateWords);
  const held = states
    .filter(({ count }) => count > 0)
    .sort((left, right) => path.indexOf(left.state) - path.indexOf(right.state));
  return (
    <Panel title="Documents by state" aside={<span className="quiet">{currency}</span>}>
      {held.length === 0 ? (
        <Empty title="No documents yet">
          The first approved {subcontract} or purchase order in Procore shows up within seconds.
        </Empty>
      ) : (
        <TableBox label="Documents by state">
          <table className="ledger">
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col" className="right">
                  Documents
                </th>
                <th scope="col" className="right">
                  Amount
                </th>
              </tr>
            </thead>
            <tbody>
              {held.map(({ state, count, amount }) => (
                <tr key={state}>
                  <th scope="row">
                    <StateMark state={state} />
                  </th>
                  <td className="right number">
                    <Link to="/documents" search={{ state }}>
                      {count}
                      <span className="hidden-word"> documents {state}</span>
                    </Link>
                  </td>
                  <td className="right">
                    <Link to="/documents" search={{ state }}>
                      <Amount value={amount} />
                      <span className="hidden-word"> {state}</span>
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">All</th>
                <td className="right number">
                  <Link to="/documents" search={{}}>
                    {held.reduce((sum, { count }) => sum + count, 0)}
                  </Link>
                </td>
                <td className="right">
                  <Link to="/documents" search={{}}>
                    <Amount value={sumAmounts(held.map(({ amount }) => amount))} />
                  </Link>
                </td>
              </tr>
            </tfoot>
          </table>
        </TableBox>
      )}
    </Panel>
  );
}
