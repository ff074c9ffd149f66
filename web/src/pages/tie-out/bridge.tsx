import { Link } from '@tanstack/react-router';
import type { BridgeItem, ProjectTieOut } from '../../api/types.ts';
import { Amount, Unknown } from '../../ui/amount.tsx';
import { isZero, negated } from '../../ui/amount-text.ts';
import { Empty, Panel, TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useWords } from '../../ui/use-words.ts';
import { causeWords, humanWord, systemName } from '../../ui/words.ts';
import { DocumentsLink } from './documents-link.tsx';
import type { Measure } from './measures.ts';
import { Waterfall } from './waterfall.tsx';
import { waterfallSteps } from './waterfall-steps.ts';

interface BridgeProps {
  tieOut: ProjectTieOut;
  measure: Measure;
}

/** From the Procore total to the ERP total of one project: a picture, and the same as a ledger. */
export function Bridge({ tieOut, measure }: BridgeProps) {
  const { subcontract } = useWords();
  return (
    <Panel title={`Bridge: ${tieOut.project.name}`} aside={<span className="quiet">{tieOut.currency}</span>}>
      {tieOut.items.length === 0 && isZero(tieOut.residual) ? (
        <Empty title="Both sides agree to the cent">
          {measure.of === undefined
            ? `Every ${subcontract} and purchase order of this project stands in the ERP with the same amount.`
            : 'Nothing of this project stands on one side only.'}
        </Empty>
      ) : (
        <>
          <Waterfall steps={waterfallSteps(tieOut)} currency={tieOut.currency} axis={measure.axis} />
          <BridgeTable tieOut={tieOut} measure={measure} />
        </>
      )}
    </Panel>
  );
}

function BridgeTable({ tieOut, measure }: BridgeProps) {
  return (
    <TableBox label="Bridge, item by item">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col">Cause</th>
            <th scope="col">Why</th>
            <th scope="col">With</th>
            <th scope="col" className="right">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row" colSpan={4}>
              {measure.sourceTotal}
            </th>
            <td className="right">
              <DocumentsLink project={tieOut.project.id} opens={measure.opens}>
                <Amount value={tieOut.source} />
              </DocumentsLink>
            </td>
          </tr>
          {tieOut.items.map((item) => (
            <ItemRow
              key={`${item.documentId ?? ''} ${item.number} ${item.cause} ${item.amount}`}
              item={item}
            />
          ))}
          <tr>
            <th scope="row" colSpan={4}>
              {isZero(tieOut.residual) ? (
                'Unexplained'
              ) : (
                <Mark word="Unexplained: a fault of Tiebeam, please report it" tone="bad" />
              )}
            </th>
            <td className="right">
              <Amount value={negated(tieOut.residual)} signed />
            </td>
          </tr>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={4}>
              {measure.targetTotal}
            </th>
            <td className="right">
              <Amount value={tieOut.target} />
            </td>
          </tr>
          {tieOut.received === undefined || isZero(tieOut.received) ? null : (
            <tr>
              <th scope="row" colSpan={4}>
                Of both, received in the ERP and not billed
              </th>
              <td className="right">
                <Amount value={tieOut.received} />
              </td>
            </tr>
          )}
          {(tieOut.foreign ?? []).map(({ number, currency, amount, rate }) => (
            <tr key={number}>
              <th scope="row" colSpan={4}>
                In neither, in {currency}: <bdi>{number}</bdi>, rate in the ERP {rate ?? 'not known'}
              </th>
              <td className="right">
                <Amount value={amount} />
              </td>
            </tr>
          ))}
        </tfoot>
      </table>
    </TableBox>
  );
}

function ItemRow({ item }: { item: BridgeItem }) {
  const amount = <Amount value={negated(item.amount)} signed />;
  return (
    <tr>
      <th scope="row">
        <bdi>{item.number}</bdi>{' '}
        <span className="quiet">
          <Untrusted text={item.title} />
        </span>
      </th>
      <td className="number">{causeWords[item.cause]}</td>
      <td>
        <Untrusted text={item.explanation} />
      </td>
      <td>
        {item.owner ? (
          systemName(item.owner) === item.owner ? (
            humanWord(item.owner)
          ) : (
            systemName(item.owner)
          )
        ) : (
          <Unknown />
        )}
      </td>
      <td className="right">
        {item.documentId ? (
          <Link to="/documents/$id" params={{ id: item.documentId }} search={{}}>
            {amount}
            <span className="hidden-word">, open the document</span>
          </Link>
        ) : (
          amount
        )}
      </td>
    </tr>
  );
}
