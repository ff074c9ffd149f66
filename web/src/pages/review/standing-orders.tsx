import type { AdoptableOrder, Adoption } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { sumAmounts } from '../../ui/amount-text.ts';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useWords } from '../../ui/use-words.ts';

/** The orders that may be meant: line by line, and what was billed on them before. */
export function StandingOrders({ adoption }: { adoption: Adoption }) {
  return adoption.candidates.map((order) => (
    <Panel key={order.id} title={`Order ${order.number}`}>
      <div className="panel-body stack">
        <p className="small">
          {order.evidence.join(', ')}. Vendor <Untrusted text={order.vendorCode} />
          {order.vendorReference === '' ? null : (
            <>
              , reference <Untrusted text={order.vendorReference} />
            </>
          )}
          , {order.date}.
        </p>
        {order.problem ? <p className="small">{order.problem}</p> : null}
        {order.notes.map((note) => (
          <p key={note} className="small quiet">
            {note}
          </p>
        ))}
      </div>
      <OrderLines order={order} />
      <Openings openings={order.openings} />
    </Panel>
  ));
}

/** The newest application is the usual choice; older ones are a click away. */
function Openings({ openings: [newest, ...older] }: { openings: AdoptableOrder['openings'] }) {
  const words = useWords();
  if (!newest) return null;
  return (
    <>
      <Opening opening={newest} />
      {older.length > 0 ? (
        <details className="panel-body">
          <summary className="small">Earlier {words.application}s</summary>
          {older.map((opening) => (
            <Opening key={opening.application} opening={opening} />
          ))}
        </details>
      ) : null}
    </>
  );
}

function Opening({ opening }: { opening: AdoptableOrder['openings'][number] }) {
  const words = useWords();
  const title = `Billed up to ${words.application} ${opening.application}`;
  return <Figures title={title} rows={opening.lines} total={opening} />;
}

function OrderLines({ order }: { order: AdoptableOrder }) {
  const rows = order.lines.map((line) => ({
    ...line,
    name: line.evidence === null ? `${line.name} (only on one side)` : line.name,
  }));
  return (
    <Figures
      title={`Lines of order ${order.number}`}
      rows={rows}
      total={{
        source: sumAmounts(order.lines.map(({ source }) => source ?? '0')),
        target: order.total,
        difference: order.difference,
      }}
    />
  );
}

interface Figure {
  source: string | null;
  target: string | null;
  difference: string;
}

function Figures({
  title,
  rows,
  total,
}: {
  title: string;
  rows: (Figure & { name: string })[];
  total: Figure;
}) {
  return (
    <TableBox label={title}>
      <table className="ledger tight">
        <caption className="small quiet">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col" className="right">
              Procore
            </th>
            <th scope="col" className="right">
              ERP
            </th>
            <th scope="col" className="right">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no key of their own, and the list never changes.
            <FigureRow key={place} name={row.name} figure={row} />
          ))}
          <FigureRow name="All" figure={total} />
        </tbody>
      </table>
    </TableBox>
  );
}

function FigureRow({ name, figure }: { name: string; figure: Figure }) {
  return (
    <tr>
      <th scope="row" className="wide-name">
        <Untrusted text={name} />
      </th>
      {[figure.source, figure.target, figure.difference].map((value, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: three columns, always the same.
        <td key={column} className="right">
          <Amount value={value} />
        </td>
      ))}
    </tr>
  );
}
