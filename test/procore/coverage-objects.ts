/** One kind of object in Procore: where it goes, how it is noticed, and the tests that show it. */
export type ObjectCoverage = {
  readonly object: string;
  readonly to: string;
  readonly from: string;
  readonly noticed: string;
  /** File and title of a test. */
  readonly tests: readonly (readonly [string, string])[];
};

const scenario = (name: string, title: string) => [`test/scenarios/${name}.test.ts`, title] as const;

export const OBJECTS: readonly ObjectCoverage[] = [
  {
    object: 'vendors',
    to: 'matched and linked; created where exported, after approval',
    from: 'their code, as origin id; staged for import by Refresh',
    noticed: 'webhook, sweep by `updated_at`, Refresh',
    tests: [
      scenario('waiting', 'waits, then flows when the ERP has the vendor, and its code stands in Procore'),
      scenario('waiting', 'that could be two ERP vendors waits for a person, and flows as chosen'),
      scenario('masters', 'are created once though every answer is lost'),
      scenario('masters', 'is asked about, and linked instead of created'),
      scenario('masters', 'offers vendors that Procore lacks, writes only what changed'),
    ],
  },
  {
    object: 'projects',
    to: 'mapped; created where sent',
    from: 'their code, as origin id; staged for import by Refresh',
    noticed: 'webhook, sweep by `updated_at`, Refresh',
    tests: [
      scenario('masters', 'are created once though every answer is lost'),
      scenario('masters', 'is asked about by its code, and mapped to the one that a person names'),
      scenario('masters', 'offers projects, and an imported one is mapped by itself'),
    ],
  },
  {
    object: 'commitments (subcontracts, purchase orders) with their schedules of values',
    to: 'purchase order, created once, then changed; by a setting a purchase requisition first, whose order is found',
    from: 'ids on header and lines; standing orders taken over; orders that begin there, by a setting, offered for import by Refresh',
    noticed: 'ERP event, webhook, sweep by `updated_at`',
    tests: [
      scenario(
        'one-order',
        'an approved subcontract becomes exactly one purchase order, and Procore is told',
      ),
      scenario('updates', 'reaches the same order once: a changed amount and a new line are revision 2'),
      scenario('erp-events', 'an unlink is refused as long as the order stands'),
      scenario('requisition', 'an export ends as one requisition although its answer was lost'),
      scenario('requisition', 'goes by itself once that was made of the requisition'),
      scenario('adoption', 'an order that is taken over is linked and confirmed'),
      scenario('ledgerline-adoption', 'a change goes out as deltas of its lines'),
      scenario('orders-from-erp', 'what is imported is linked, header and lines'),
      scenario('ledgerline-adoption', 'an order that begins in Ledgerline is offered to Procore'),
      scenario('orders-from-erp', 'what Procore lacks is asked for once, by name'),
    ],
  },
  {
    object: 'commitment change orders (packages, and the newer objects by their package)',
    to: 'change of the order',
    from: 'ids on header and lines; lines added to an order that began there, offered for import by Refresh',
    noticed: 'ERP event, webhook, sweep',
    tests: [
      scenario('change-orders', 'once exported it stands in the order with lines of its own'),
      scenario('change-orders', 'voided after it was posted nothing follows by itself: somebody is asked'),
      scenario('orders-from-erp', 'is unlinked once its lines are taken out of the order'),
      scenario('orders-from-erp', 'a line that somebody adds to the order becomes a change order'),
    ],
  },
  {
    object: 'subcontractor invoices (requisitions) with retainage and stored materials',
    to: 'A/P invoice against its order, on what was received first; release of retainage apart',
    from: 'id, payments',
    noticed: 'ERP event, sweep by `updated_at` (no webhook exists)',
    tests: [
      scenario('pay-application', 'the first application waits for the account of its retainage'),
      scenario('pay-application', 'the second bills what is new'),
      scenario('billing-order', 'an application waits for the one before it'),
      scenario('billing-order', 'is asked about when the next one waits for it'),
      scenario('billing-order', 'is billed on its receipts, the oldest first'),
      scenario('ledgerline-billing', 'what came in is cost once, and billed by its delivery'),
      scenario('billing-order', 'is less than was posted, which the next one bills with its own'),
    ],
  },
  {
    object: 'company-level direct costs',
    to: 'A/P invoice without an order, over all their projects; below zero an A/P credit memo',
    from: 'id',
    noticed: 'ERP event (no address shows one)',
    tests: [
      scenario('owner-billing', 'becomes one bill over two projects, told once, whose answer was lost'),
      scenario('owner-billing', 'stays linked as long as its bill stands in the ERP'),
      scenario('owner-billing', 'whose link was reset is linked again by a person'),
      scenario('ledgerline-billing', 'a direct cost of the company is one bill without an order'),
      scenario('owner-billing', 'is one credit memo above zero, told once with its file'),
      scenario('ledgerline-billing', 'what a vendor gives back is one credit memo'),
    ],
  },
  {
    object: 'owner invoices (payment applications)',
    to: 'A/R invoice with retainage receivable; release of retainage apart',
    from: 'id',
    noticed: 'ERP event, sweep by `updated_at`',
    tests: [
      scenario('owner-billing', 'waits for its customer and accounts'),
      scenario('owner-billing', 'bills on from what stands, releases apart, and adds up to the certificate'),
      scenario('owner-billing', 'bills on from what a controller says was billed'),
    ],
  },
  {
    object: 'prime contracts',
    to: '-',
    from: 'staged for import with their lines by Refresh, where the ERP keeps contracts with owners',
    noticed: 'webhook, sweep by `updated_at`, Refresh',
    tests: [scenario('prime-contracts', 'are offered to Procore with their lines by a Refresh')],
  },
  {
    object: 'change orders of prime contracts',
    to: 'changes of the contract, their markups as revenue, where the ERP keeps contracts with owners',
    from: 'ids on changes, lines and markups',
    noticed: 'ERP event; once sent also webhook',
    tests: [
      scenario('prime-contracts', 'waits for the account of revenue, and then stands in the contract once'),
      scenario('prime-contracts', 'stays linked while it stands in the ERP, and while it is billed there'),
    ],
  },
  {
    object: 'several ERP companies behind one Procore company',
    to: 'each project to its own company; a vendor to each in which it has work',
    from: 'the vendor code, lists of codes and records for import of the first company only',
    noticed: 'with the export; a project that nobody has placed is asked about in Review',
    tests: [
      scenario('two-companies', 'what ran before stays with the company that was connected first'),
      scenario(
        'two-companies',
        'a project that nobody has placed waits, goes where a person says, and stays there',
      ),
      scenario('two-companies', 'a vendor is one in Procore and one in each company'),
      scenario('two-companies', 'both companies are compared, checked and looked after'),
    ],
  },
  {
    object: 'staged records (Ready to Import)',
    to: 'linked when imported, merged or linked by hand',
    from: 'vendors, projects, sub jobs, orders, prime contracts and their changes that Procore lacks, only what changed',
    noticed: 'Refresh, notices of the ERP tool',
    tests: [
      scenario('masters', 'offers vendors that Procore lacks, writes only what changed'),
      scenario('masters', 'tells how many rows Procore refused, asks an engineer'),
    ],
  },
  {
    object: 'attachments of subcontractor and owner invoices, and of company direct costs',
    to: 'attached to the invoice',
    from: '-',
    noticed: 'with their invoice',
    tests: [
      scenario('pay-application', 'its PDF hangs on the invoice, once'),
      scenario('ledgerline-billing', 'its PDF hangs on the invoice, once although'),
      scenario('owner-billing', 'carries its file, which hangs on the invoice once'),
      scenario('owner-billing', 'has the file that it was entered with on its bill, once'),
      scenario('order-files', 'of an application that pays retainage out and bills nothing'),
    ],
  },
  {
    object: 'files of commitments and change orders',
    to: 'attached to the order, by a setting of the connection',
    from: '-',
    noticed: 'with their record, also after it was posted',
    tests: [
      scenario('order-files', 'hang on its order once, those in PDF'),
      scenario('order-files', 'that come later are added'),
    ],
  },
  {
    object: 'payments issued',
    to: 'by a setting of the connection: payment draft or payment against the invoice, after approval',
    from: 'recorded on each invoice, taken back when cancelled',
    noticed: 'ERP event; list of the ERP, Refresh',
    tests: [
      scenario('pay-application', 'a payment of two invoices shows in Procore on each'),
      scenario('vendor-payments', 'is one draft although the answer is lost'),
      scenario('vendor-payments', 'an approved payment is posted once'),
      scenario('vendor-payments', 'what is promised by a draft is open to no other payment'),
      scenario('vendor-payments', 'released by the treasurer it does not come to Procore a second time'),
      scenario('vendor-payments', 'one that came from the ERP is never sent back'),
    ],
  },
  {
    object: 'payments received',
    to: '-',
    from: 'recorded on the prime contract of each invoice, taken back when cancelled',
    noticed: 'list of the ERP',
    tests: [scenario('owner-billing', 'shows in Procore what the owner paid of it, once')],
  },
  {
    object: 'job costs and job cost transactions (direct costs)',
    to: '-',
    from: 'posted cost by month or by entry, and to date with what else is known of each coding, behind a switch',
    noticed: 'journals of the ERP, read upwards, always or at hours of the company',
    tests: [
      scenario('actuals', 'switched on, the budget shows each cent that can be attributed'),
      scenario('actuals', 'entries are shown one by one, and nothing of a month'),
      scenario('actuals', 'the ledger is read when a period is closed there or somebody asks'),
      scenario('budgets', 'estimates go to Procore with posted cost'),
      scenario('ledgerline-billing', 'what is billed is posted cost of the lines of its order'),
    ],
  },
  {
    object: 'direct costs of projects that people entered',
    to: 'never: a bill for accounts payable is sent as a direct cost of the company',
    from: '-',
    noticed:
      'as evidence, by the choice of the connection: webhook, sweep by `updated_at`; compared with the ledger by vendor and number',
    tests: [
      ['src/procore/context/context-fields.test.ts', 'shows a bill that was entered on a project'],
      scenario('context', 'a bill that was entered on a project is compared with the ledger'),
    ],
  },
  {
    object: 'billing periods',
    to: 'read with their invoices, whose accounting date follows from them; as evidence, where the connection asks for it',
    from: '-',
    noticed: 'with their invoice; sweep by `updated_at`',
    tests: [
      [
        'src/procore/billing/sub-invoice-reads.test.ts',
        'that states no days bears those of the billing period',
      ],
      ['src/procore/context/context-reads.test.ts', 'a billing period is known with its days'],
    ],
  },
  {
    object: 'standard cost codes',
    to: 'created where the ERP keeps them and they are sent; never deleted',
    from: 'written to their list by Refresh, only what differs; ids where they were sent',
    noticed: 'ERP event, Refresh',
    tests: [
      scenario('cost-codes', 'sent as a batch are created once each, parents first'),
      scenario('cost-codes', 'of the ERP are written to Procore level by level'),
      [
        'src/engine/requests/sync-codes.db.test.ts',
        'a list of more codes than ten calls carry is written in turns',
      ],
    ],
  },
  {
    object: 'cost codes of projects',
    to: 'mapped to accounts, or used as they are where the ERP keeps codes; assigned to its project there by the setting `projectCodes`; never deleted',
    from: 'written to their project by the same setting; an assignment of a cost type is taken off where it was removed and nothing stands on it',
    noticed: 'with the lines that bear them, ERP event',
    tests: [
      scenario('cost-codes', 'are assigned with its export, once though the answer is lost'),
      scenario('masters', 'Ledgerline creates both as well, once though the answers are lost'),
      scenario('waiting', 'is asked once, and one answer releases every document that waited for it'),
      scenario('cost-codes', 'goes in Procore with its row of cost where nothing stands on it'),
    ],
  },
  {
    object: 'cost types',
    to: 'mapped to accounts together with their cost code; never deleted',
    from: 'written to their list by Refresh, only what differs',
    noticed: 'with the lines that bear them, ERP event, Refresh',
    tests: [scenario('cost-codes', 'cost types are linked by code and name, or made')],
  },
  {
    object: 'ERP connection, metadata, hooks and triggers',
    to: '-',
    from: 'set up after consent; limits of the ERP told to the tool',
    noticed: 'command, web, event',
    tests: [scenario('set-up', 'completes what was left half done')],
  },
  {
    object: 'sub jobs',
    to: 'created in their job where the ERP keeps them and they are sent; what is coded to them stands on them',
    from: 'their id; staged for import by Refresh',
    noticed: 'ERP event, Refresh',
    tests: [
      scenario('cost-codes', 'are created once in their job, though the answer is lost'),
      scenario('cost-codes', 'that Procore lacks are offered for import, and none that it has'),
    ],
  },
  {
    object: 'tax codes',
    to: '-',
    from: 'written to their list, only what differs; archived where closed',
    noticed: 'list of the ERP (no event exists)',
    tests: [
      scenario('cost-codes', 'tax codes follow the ERP by themselves'),
      scenario('masters', 'tax groups of the ERP follow into Procore by themselves'),
    ],
  },
  {
    object: 'WBS and budget codes',
    to: 'the cost code and cost type that a line names by one; as evidence, where the connection asks for it',
    from: '-',
    noticed: 'with the lines that name them; sweep by `updated_at`; compared with what the ERP has',
    tests: [
      ['src/procore/context/context-reads.test.ts', 'a budget change is known by its list alone'],
      scenario('budgets', 'codes that lines of the budget bear have a place in the ERP'),
    ],
  },
  {
    object: 'budgets',
    to: 'original estimate of the job, then changes of it by what moved, where the ERP keeps budgets by project',
    from: 'ids on the budget and its transactions',
    noticed: 'ERP event',
    tests: [
      scenario('budgets', 'then is the original estimate of its job, once although the answer is lost'),
      scenario('budgets', 'an update is one change of exactly what moved'),
      scenario('budgets', 'one update that is told twice is posted once, and both are answered'),
    ],
  },
  {
    object: 'budget changes and modifications',
    to: 'changes of the estimate by what was approved, with the next export of its budget',
    from: '-',
    noticed: 'read with each export; as evidence, where the connection asks for it',
    tests: [scenario('budgets', 'an approved budget change goes with the next export')],
  },
  {
    object: 'forecasts of budgets (lines typed by hand, spreads by months)',
    to: 'never: kept as evidence, where the connection asks for it',
    from: '-',
    noticed: 'whole lists, at the look at the project',
    tests: [
      scenario('context', 'a forecast of the budget is watched'),
      ['src/procore/context/context-reads.test.ts', 'what a budget is expected to come to is known'],
    ],
  },
  {
    object: 'insurances',
    to: 'the payment block of the invoice, with its reason; it follows what holds it',
    from: 'certificates of vendors, where the ERP keeps them (Ledgerline)',
    noticed: 'with the application; webhook; look at unpaid applications in turns; list of the ERP',
    tests: [
      scenario(
        'ledgerline-billing',
        'insurances of the ERP stand in Procore, hold what they do not cover, and free it once renewed',
      ),
      scenario('holds', 'an insurance that lapsed lets the invoice be posted, and blocks its payment'),
      scenario('holds', 'the renewed certificate lifts the block once, although the answer was lost'),
    ],
  },
  {
    object: 'lien waivers, compliance documents, manual holds',
    to: 'the payment block of the invoice, with its reason; it follows what holds it',
    from: '-',
    noticed: 'with the application; look at unpaid applications in turns',
    tests: [
      scenario('holds', 'a hold that no event tells of is found by the regular look, and so is its release'),
      scenario('holds', "a person's own block is respected, and so is one that a person lifted"),
    ],
  },
  {
    object: 'daily logs (every sheet)',
    to: 'never: kept as evidence, where the connection asks for it',
    from: '-',
    noticed: 'webhook, sweep by their days',
    tests: [['src/procore/context/context-reads.test.ts', 'has every sheet of its daily log']],
  },
  {
    object: 'change events, RFIs, submittals, schedule tasks, files',
    to: 'never: kept as evidence, where the connection asks for it',
    from: '-',
    noticed: 'webhook, sweep by `updated_at`',
    tests: [
      scenario('context', 'is kept as evidence in the version that it has'),
      scenario('context', 'whose webhook was lost is found by the next look'),
      scenario('context', 'that was announced and is not shown yet is looked for again'),
    ],
  },
  {
    object: 'workflow instances, of the older and of the newer routes',
    to: 'never: kept as evidence, where the connection asks for it',
    from: '-',
    noticed: 'list of the company; lists of the project by tool',
    tests: [
      scenario('context', 'is told in the words of the business'),
      ['src/procore/context/context-reads.test.ts', 'a workflow of the newer routes is found by its tool'],
    ],
  },
  {
    object: 'units of measure, currencies of projects',
    to: 'never: kept as evidence, where the connection asks for it',
    from: '-',
    noticed: 'list of the company, look at the project',
    tests: [scenario('context', 'of the company its units')],
  },
  {
    object: 'users',
    to: 'who asked, so that nobody approves their own; who may push to accounting, as evidence',
    from: '-',
    noticed: 'with the request; webhook, sweep by `updated_at` where the connection asks for it',
    tests: [
      scenario('billing-order', 'an invoice at the threshold is approved by a second person'),
      scenario('context', 'of the company its units, and its users with what they may send'),
    ],
  },
];
