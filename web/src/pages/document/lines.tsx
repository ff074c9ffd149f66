import type { DocumentDetail } from '../../api/types.ts';
import { Amount, Unknown } from '../../ui/amount.tsx';
import { isZero, subtractAmounts, sumAmounts } from '../../ui/amount-text.ts';
import { Empty, Panel, TableBox } from '../../ui/panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { systemName } from '../../ui/words.ts';

/** The schedule of values line by line, with both totals. A vendor or a project has none, and misses none. */
export function Lines({ document }: { document: DocumentDetail }) {
  if (document.lines.length > 0) return <LineTable document={document} />;
  if (!document.reasons.some(({ code }) => code === 'no-lines')) return null;
  return (
    <Panel title="Lines">
      <Empty title="No lines">Without lines it is never posted.</Empty>
    </Panel>
  );
}

function LineTable({ document }: { document: DocumentDetail }) {
  const { lines, source, target, currency } = document;
  const sourceTotal = sumAmounts(lines.map((line) => line.sourceAmount));
  const targetTotal = sumAmounts(lines.map((line) => line.targetAmount ?? '0'));
  const hasTarget = lines.some((line) => line.targetAmount !== null);
  const isCounted = lines.some(({ units }) => units !== undefined);
  const isReceived = lines.some(({ received }) => received !== undefined);
  const isPosted = lines.some((line) => line.targetLine !== null);
  return (
    <Panel title="Lines" aside={<span className="quiet">{currency}</span>}>
      <TableBox label="Lines">
        <table className="ledger tight">
          <thead>
            <tr>
              <th scope="col">Description</th>
              <th scope="col">Cost code</th>
              <th scope="col">Coding</th>
              {isCounted ? <th scope="col">Counts</th> : null}
              <th scope="col" className="right">
                {systemName(source.system)}
              </th>
              <th scope="col" className="right">
                {systemName(target.system)}
              </th>
              <th scope="col" className="right">
                Difference
              </th>
              {isReceived ? (
                <th scope="col" className="right">
                  Received, not billed
                </th>
              ) : null}
              {isPosted ? (
                <th scope="col" className="right">
                  ERP line
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <th scope="row" className="wide-name">
                  <Untrusted text={line.description} />
                  <Drawn on={line.drawnOn} />
                </th>
                <td className="number">
                  <bdi>{line.costCode}</bdi>
                </td>
                <td className="number">{line.coding === null ? <Unknown /> : <bdi>{line.coding}</bdi>}</td>
                {isCounted ? (
                  <td>
                    <Counted units={line.units} />
                  </td>
                ) : null}
                <td className="right">
                  <Amount value={line.sourceAmount} />
                </td>
                <td className="right">
                  <Amount value={line.targetAmount} />
                </td>
                <td className="right">
                  <Difference source={line.sourceAmount} target={line.targetAmount} />
                </td>
                {isReceived ? (
                  <td className="right">
                    {line.received === undefined ? null : <Amount value={line.received} />}
                  </td>
                ) : null}
                {isPosted ? (
                  <td className="right">
                    {line.targetLine === null ? <Unknown /> : <bdi>{line.targetLine}</bdi>}
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={isCounted ? 4 : 3}>
                Total
              </th>
              <td className="right">
                <Amount value={sourceTotal} />
              </td>
              <td className="right">
                <Amount value={hasTarget ? targetTotal : null} />
              </td>
              <td className="right">
                <Difference source={sourceTotal} target={hasTarget ? targetTotal : null} />
              </td>
              {isReceived ? (
                <td className="right">
                  <Amount value={sumAmounts(lines.map(({ received }) => received ?? '0'))} />
                </td>
              ) : null}
              {isPosted ? <td /> : null}
            </tr>
          </tfoot>
        </table>
      </TableBox>
    </Panel>
  );
}

/** What a line counts is for people: only its amount is posted. */
function Counted({ units }: Pick<DocumentDetail['lines'][number], 'units'>) {
  if (units === undefined) return null;
  const { quantity, unit, unitPrice, comesTo } = units;
  return (
    <>
      <bdi>
        {[quantity, unit].filter(Boolean).join(' ')}
        {unitPrice === null ? '' : ` at ${unitPrice}`}
      </bdi>
      {comesTo === null ? null : (
        <p className="quiet">That comes to {comesTo}. The amount is what is posted.</p>
      )}
    </>
  );
}

/** The rest of the line is billed on its order. */
function Drawn({ on = [] }: { on: DocumentDetail['lines'][number]['drawnOn'] }) {
  return on.map(({ receipt, amount }) => (
    <p key={`${receipt} ${amount}`} className="quiet small">
      <Amount value={amount} /> on goods receipt <bdi>{receipt}</bdi>
    </p>
  ));
}

function Difference({ source, target }: { source: string; target: string | null }) {
  if (target === null) return <Unknown />;
  const difference = subtractAmounts(source, target);
  return (
    <span className={isZero(difference) ? 'quiet' : undefined}>
      <Amount value={difference} signed />
    </span>
  );
}
