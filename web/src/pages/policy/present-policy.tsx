import type { PolicyChoice, PolicyPage } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { chosenOf, sections } from './sections.ts';

/** What counts now, all of it: nothing is left to a default that nobody sees. */
export function PresentPolicy({ page }: { page: PolicyPage }) {
  return (
    <>
      <Panel title="What has an amount">
        <Rules page={page} />
        <p className="panel-body small">
          Amounts to one vendor are summed over a day, which begins at midnight in{' '}
          <b>{page.policy.timeZone}</b>. In a currency without a rule every one needs an approval.
        </p>
      </Panel>
      <div className="policy">
        {sections.map(({ section, title, note }) => (
          <Panel key={section} title={title}>
            <dl className="choices">
              {page.form.choices
                .filter((choice) => choice.section === section)
                .map((choice) => (
                  <div key={choice.name}>
                    <dt>{choice.label}</dt>
                    <dd>{wordsOf(page, choice)}</dd>
                  </div>
                ))}
            </dl>
            {note ? <p className="panel-body small quiet">{note}</p> : null}
          </Panel>
        ))}
      </div>
    </>
  );
}

function Rules({ page: { policy, form } }: { page: PolicyPage }) {
  return (
    <TableBox label="Approvals by amount">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col" className="right">
              Needs an approval from
            </th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {form.kinds.flatMap(({ kind, label, always }) => {
            const rules = policy.approvals.filter((rule) => rule.kind === kind);
            if (rules.length === 0)
              return [<RuleRow key={kind} label={label} threshold={null} role={form.roles[0] ?? ''} />];
            return rules.map(({ threshold, currency, role }) => (
              <RuleRow
                key={`${kind} ${currency}`}
                label={label}
                threshold={always ? null : { threshold, currency }}
                role={role}
              />
            ));
          })}
        </tbody>
      </table>
    </TableBox>
  );
}

interface RuleRowProps {
  label: string;
  /** Null where every one is asked about. */
  threshold: { threshold: string; currency: string } | null;
  role: string;
}

function RuleRow({ label, threshold, role }: RuleRowProps) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td className="right">
        {threshold === null ? 'always' : <Amount value={threshold.threshold} currency={threshold.currency} />}
      </td>
      <td>{role}</td>
    </tr>
  );
}

function wordsOf({ policy }: PolicyPage, choice: PolicyChoice): string {
  const value = chosenOf(policy, choice);
  return choice.options.find((option) => option.value === value)?.words ?? String(value);
}
