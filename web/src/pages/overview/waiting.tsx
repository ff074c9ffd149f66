import { Link } from '@tanstack/react-router';
import type { Overview } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { compareAmounts, positionBetween } from '../../ui/amount-text.ts';
import { Empty, Panel, TableBox } from '../../ui/panel.tsx';
import { When } from '../../ui/when.tsx';
import { humanWord, openStatesText, systemName } from '../../ui/words.ts';

/** Money waiting, by how long: a bar for the eye and the amount for the ledger. */
export function WaitingByAge({ rows, currency }: { rows: Overview['waitingByAge']; currency: string }) {
  const largest = rows.reduce((most, row) => (compareAmounts(row.amount, most) > 0 ? row.amount : most), '0');
  return (
    <Panel title="Money waiting, by age" aside={<span className="quiet">{currency}</span>}>
      {rows.every(({ count }) => count === 0) ? (
        <Empty title="No money waits">Everything that was approved is in the ERP.</Empty>
      ) : (
        <TableBox label="Money waiting, by age">
          <table className="ledger">
            <thead>
              <tr>
                <th scope="col">Waiting for</th>
                <th scope="col">
                  <span className="hidden-word">Share of the largest</span>
                </th>
                <th scope="col" className="right">
                  Documents
                </th>
                <th scope="col" className="right">
                  Amount
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ age, count, amount }) => (
                <tr key={age}>
                  <th scope="row">{age}</th>
                  <td className="bar-cell">
                    <span
                      className="bar"
                      aria-hidden="true"
                      style={{ width: `${Math.max(0, positionBetween(amount, '0', largest)) / 100}%` }}
                    />
                  </td>
                  <td className="right number">
                    <Link to="/documents" search={{ state: openStatesText }}>
                      {count}
                    </Link>
                  </td>
                  <td className="right">
                    <Link to="/documents" search={{ state: openStatesText }}>
                      <Amount value={amount} />
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </Panel>
  );
}

/** Who or what the money waits for, so that somebody can be asked. */
export function WaitingByOwner({ rows, currency }: { rows: Overview['waitingByOwner']; currency: string }) {
  return (
    <Panel title="Money waiting, by whom" aside={<span className="quiet">{currency}</span>}>
      {rows.length === 0 ? (
        <Empty title="Nobody is waited for" />
      ) : (
        <TableBox label="Money waiting, by whom">
          <table className="ledger">
            <thead>
              <tr>
                <th scope="col">Waits for</th>
                <th scope="col" className="right">
                  Documents
                </th>
                <th scope="col" className="right">
                  Amount
                </th>
                <th scope="col">Oldest</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ owner, count, amount, oldestAt }) => (
                <tr key={owner}>
                  <th scope="row">{systemName(owner) === owner ? humanWord(owner) : systemName(owner)}</th>
                  <td className="right number">
                    <Link to="/documents" search={{ state: openStatesText, owner }}>
                      {count}
                    </Link>
                  </td>
                  <td className="right">
                    <Link to="/documents" search={{ state: openStatesText, owner }}>
                      <Amount value={amount} />
                    </Link>
                  </td>
                  <td>
                    <When at={oldestAt} compact />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </Panel>
  );
}
