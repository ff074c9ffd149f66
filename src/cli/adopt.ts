import type { AdoptionProposal, ProposedOrder } from '../domain/orders/match-order-proposal.ts';
import { type AdoptionReport, findAdoptions, proposeAdoptions } from '../engine/plan/adopt.ts';
import { readApplications, readEverything } from '../engine/watch/sweep.ts';
import { type Command, exit, table, tenantFlag, tenantsOf, UsageError } from './shell.ts';

export const adopt: Command = {
  usage: 'tiebeam adopt PROJECT [--propose] [--cached] [--tenant ID] [--json]',
  words: 1,
  summary:
    'Match orders that stand in the ERP to the commitments of a project that ran before. Posts nothing.',
  flags: {
    ...tenantFlag,
    propose: { type: 'boolean', help: 'open a question in Review for each, and hold its commitment back' },
    cached: { type: 'boolean', help: 'use what was read of Procore before instead of reading it first' },
  },
  async run(shell) {
    const [project] = shell.words;
    if (project === undefined) throw new UsageError('name the Procore project id');
    const house = await shell.open();
    try {
      const [tenant, ...others] = await tenantsOf(shell, house);
      if (tenant === undefined || others.length > 0)
        throw new UsageError('name the tenant of the project with --tenant');
      if (shell.flags.cached !== true) {
        await readEverything(house.engine, tenant, (list) => shell.say(`reading ${list} ...`));
        await readApplications(house.engine, tenant, project);
      }
      const { report, left } =
        shell.flags.propose === true
          ? await proposeAdoptions(house.engine, tenant, project)
          : { report: await findAdoptions(house.engine, tenant, project), left: [] };
      shell.print(shell.json ? JSON.stringify({ tenant, ...report, left }) : worded(report));
      for (const why of left) shell.say(`not asked about ${why}`);
      const asked = report.proposals.length - left.length;
      shell.say(
        shell.flags.propose === true
          ? `${asked} wait in Review for a controller. Nothing was sent.`
          : `${report.proposals.length} could be taken over; --propose brings them to Review. Nothing was written.`,
      );
      const isClear =
        report.proposals.length + report.unmatchedCommitments.length + report.unmatchedOrders.length;
      return isClear === 0 ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

function worded({ project, proposals, unmatchedCommitments, unmatchedOrders }: AdoptionReport): string {
  const alone = (title: string, rows: AdoptionReport['unmatchedOrders']) =>
    rows.length === 0
      ? []
      : [
          `${title}\n${table(
            rows.map(({ number, title: name, total, currency, why }) => [
              `  ${number}`,
              name,
              total,
              currency,
              why,
            ]),
            [2],
          )}`,
        ];
  return [
    `${project.name} (${project.erpCode})`,
    ...proposals.map(proposalText),
    ...alone('Commitments without an order', unmatchedCommitments),
    ...alone('Orders without a commitment', unmatchedOrders),
  ].join('\n\n');
}

function proposalText({ commitment, certain, candidates }: AdoptionProposal): string {
  const { number, title, total, currency } = commitment;
  const choice = certain ? 'one order' : `${candidates.length} possible, a person chooses`;
  return [`${number}  ${title}  ${total} ${currency}  (${choice})`, ...candidates.map(orderText)].join('\n');
}

function orderText(order: ProposedOrder): string {
  const [opening] = order.openings;
  const lines = order.lines.map(({ name, source, target, difference, evidence }) => [
    `    ${name}`,
    source ?? '-',
    target ?? '-',
    difference,
    evidence ?? 'only on one side',
  ]);
  return [
    `  order ${order.number} of ${order.vendorCode}, ${order.date}: ${order.evidence.join(', ')}`,
    table(
      [
        ['    line', 'Procore', 'ERP', 'difference', ''],
        ...lines,
        ['    total', '', order.total, order.difference, ''],
      ],
      [1, 2, 3],
    ),
    ...(opening === undefined
      ? []
      : [
          `    billed up to application ${opening.application}: Procore ${opening.source}, ERP ${opening.target}, difference ${opening.difference}`,
        ]),
    ...(order.problem === null ? [] : [`    first: ${order.problem}`]),
    ...order.notes.map((note) => `    ${note}`),
  ].join('\n');
}
