import { billingSteps } from './billing.ts';
import { type Cast, type CastCommitment, type CommitmentPart, having } from './cast.ts';
import { approveShown, type Desk, shownHash } from './desk.ts';
import { createVendor, editByHand } from './erp-clerk.ts';
import { editSchedule } from './procore-people.ts';
import type { SeenReview } from './seen.ts';
import type { Simulators } from './simulators.ts';
import type { Truth } from './truth.ts';
import type { World } from './world.ts';

/** One turn of the story: it happens once, as soon as what it builds on stands. */
export type Step = {
  readonly told: string;
  readonly ready: (view: View) => boolean;
  readonly act: (view: View) => Promise<void>;
};
export type View = Truth & { readonly reviews: readonly SeenReview[] };

const FIRST_NEW_LINE_ID = 562_949_953_480_001;
const POSTED_BEFORE_LATE_VENDOR = 5;
const CHANGES_CENTS = [125_050n, -48_025n, 207_799n, 33_333n] as const;

/** The turns that follow the first exports, each waiting for its moment. */
export function laterSteps({ cast }: World, simulators: Simulators, desk: Desk): Step[] {
  return [
    ...edits(simulators, cast),
    handEdit(simulators, cast),
    editBehindHand(simulators, cast),
    lateVendor(simulators, cast),
    changeOrder(simulators, cast),
    changeUnderApproval(simulators, cast, desk),
    ...billingSteps(simulators.hands, having(cast, 'billed')),
  ];
}

function only(cast: Cast, part: CommitmentPart): CastCommitment {
  const [first] = having(cast, part);
  if (first === undefined) throw new Error(`nobody plays the part ${part}`);
  return first;
}

/** Procore shows it as synced and its order stands. */
export function isSynced({ procore, businessOne }: Truth, id: number): boolean {
  const contract = procore.contracts.find((row) => row.id === String(id));
  return (
    contract !== undefined &&
    contract.originId !== null &&
    businessOne.orders.some(({ contractId }) => contractId === contract.id)
  );
}

function edits({ hands }: Simulators, cast: Cast): Step[] {
  return having(cast, 'edited-after-posting').map((commitment, index) => ({
    told: `${commitment.number} is changed in Procore after it was posted`,
    ready: (view) => isSynced(view, commitment.id),
    act: () =>
      editSchedule(hands, cast, {
        commitment,
        moreCents: CHANGES_CENTS[index % CHANGES_CENTS.length]!,
        newLine: index % 2 === 0 ? { id: FIRST_NEW_LINE_ID + index, cents: 86_540n } : null,
      }),
  }));
}

function handEdit({ hands }: Simulators, cast: Cast): Step {
  const commitment = only(cast, 'edited-by-hand-in-erp');
  return {
    told: `somebody edits the order of ${commitment.number} by hand in SAP Business One`,
    ready: (view) => isSynced(view, commitment.id),
    act: async ({ businessOne }) => {
      const order = businessOne.orders.find(({ contractId }) => contractId === String(commitment.id));
      if (order === undefined) throw new Error(`the order of ${commitment.number} is gone`);
      await editByHand(hands, order);
    },
  };
}

function editBehindHand({ hands }: Simulators, cast: Cast): Step {
  const commitment = only(cast, 'edited-by-hand-in-erp');
  const wasEdited = ({ businessOne }: Truth) => {
    const order = businessOne.orders.find(({ contractId }) => contractId === String(commitment.id));
    const planned = commitment.lines.reduce((sum, { cents }) => sum + cents, 0n);
    return order !== undefined && order.totalCents !== planned;
  };
  return {
    told: `${commitment.number} is changed in Procore as well`,
    ready: wasEdited,
    act: () => editSchedule(hands, cast, { commitment, moreCents: 71_015n, newLine: null }),
  };
}

function lateVendor({ businessOne }: Simulators, cast: Cast): Step {
  const vendor = cast.vendors.find(({ standing }) => standing === 'comes-later');
  if (vendor === undefined) throw new Error('no vendor comes later');
  return {
    told: `${vendor.name} is set up in SAP Business One`,
    ready: (view) =>
      view.businessOne.orders.filter(({ reference }) => reference !== null).length >=
      POSTED_BEFORE_LATE_VENDOR,
    act: async (view) => {
      if (!view.businessOne.vendors.has(vendor.cardCode ?? '')) await createVendor(businessOne.url, vendor);
    },
  };
}

function changeOrder({ hands }: Simulators, cast: Cast): Step {
  const { id, contractId } = cast.changeOrderToApprove;
  const commitment = cast.commitments.find((row) => row.id === contractId);
  return {
    told: `a change order of ${commitment?.number} is approved in Procore`,
    ready: (view) => isSynced(view, contractId),
    act: async () => {
      await hands.inProcore({
        as: commitment?.manager ?? 0,
        action: 'approve_change_order',
        change_order_package_id: id,
      });
    },
  };
}

/** The controller approves what was on the screen while the manager changed it: the old approval must not post. */
function changeUnderApproval({ hands }: Simulators, cast: Cast, desk: Desk): Step {
  const commitment = only(cast, 'changed-while-approved');
  const itemIn = (view: View) =>
    view.reviews.find((review) => review.kind === 'approval' && review.title.startsWith(commitment.number));
  return {
    told: `${commitment.number} changes in Procore while a controller approves it`,
    ready: (view) => itemIn(view) !== undefined,
    act: async (view) => {
      const [controller] = desk.controllers;
      const item = itemIn(view);
      if (controller === undefined || item === undefined) return;
      const payloadHash = await shownHash(controller, item.id);
      await editSchedule(hands, cast, { commitment, moreCents: 512_375n, newLine: null });
      if (payloadHash !== null) await approveShown(controller, item.id, payloadHash);
    },
  };
}
