import type { Tx } from '../database/transaction.ts';

/**
 * Plans of a tenant share this until they commit. Between what a plan read and the row that says what it waits for,
 * a release would find nobody to wake, and the document would wait for something that is already there.
 */
export async function joinPlans(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock_shared(hashtextextended('plans of ' || current_tenant(), 0))");
}

/** A release waits for the plans that are running: after it, what they wait for can be read. */
export async function outlastPlans(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended('plans of ' || current_tenant(), 0))");
}

/** One plan at a time sums what a vendor got today: two small orders at once would each see nothing before them. */
export async function lockVendorDay(tx: Tx, vendorId: string): Promise<void> {
  await tx.query(
    "select pg_advisory_xact_lock(hashtextextended('vendor day ' || current_tenant() || '|' || $1, 0))",
    [vendorId],
  );
}

/**
 * Who plans a change of one order takes turns with who plans another, from before either reads what stands in it. A
 * statement that waited for a row does not see rows that were added while it waited: one of them may be posted by then.
 */
export async function lockOrder(tx: Tx, targetConnection: string, root: string): Promise<void> {
  await tx.query(
    "select pg_advisory_xact_lock(hashtextextended('order ' || current_tenant() || '|' || $1 || '|' || $2, 0))",
    [targetConnection, root],
  );
}

/**
 * Who plans a pay application and who records that one was posted take turns on their contract. Always after the rows
 * of the documents themselves are locked, so that two of them never wait for each other.
 */
export async function lockBilling(tx: Tx, targetConnection: string, root: string): Promise<void> {
  await tx.query(
    "select pg_advisory_xact_lock(hashtextextended('billing ' || current_tenant() || '|' || $1 || '|' || $2, 0))",
    [targetConnection, root],
  );
}

/** Who plans a payment and who records that an invoice stands take turns: each looks for the other. */
export async function lockPayments(tx: Tx, connection: string): Promise<void> {
  await tx.query(
    "select pg_advisory_xact_lock(hashtextextended('payments ' || current_tenant() || '|' || $1, 0))",
    [connection],
  );
}
