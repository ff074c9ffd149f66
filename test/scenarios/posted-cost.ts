import { procoreState } from './looking.ts';
import type { World } from './world.ts';

type Shown = {
  readonly job_costs: readonly {
    readonly project_id: number;
    readonly cost_code_id: number;
    readonly job_to_date_cost: string;
    readonly commitment_invoiced: string;
    readonly job_to_date_dollars_paid?: string;
  }[];
  readonly direct_cost_line_items: readonly {
    readonly project_id: number;
    readonly direct_cost_id: number;
    readonly cost_code_id: number;
    readonly amount: string;
    readonly origin_id: string;
  }[];
  readonly direct_costs: readonly {
    readonly id: number;
    readonly project_id: number;
    readonly origin_id: string | null;
    readonly direct_cost_type: string;
    readonly status: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
  readonly write_log: readonly { readonly method: string; readonly path: string }[];
};

/** What Procore has of posted cost, and every write that reached it. */
export async function shownIn(world: World): Promise<Shown> {
  return (await procoreState(world)) as unknown as Shown;
}

/** Whether months are added up, or entries are shown one by one. */
export async function showBy(world: World, grain: 'month' | 'document'): Promise<void> {
  await world.query(
    `update connection set config = config || '{"jobCostGrain":"${grain}"}' where id = 'procore'`,
  );
  world.engine.systems.reopen(world.tenant, 'procore');
  await world.sweep();
}

/** Direct costs of ours that count in the budget, each with its lines that are not zero. */
export async function counted(world: World) {
  const { direct_costs, direct_cost_line_items: lines } = await shownIn(world);
  return direct_costs
    .map(({ id, ...head }) => {
      const own = lines.filter((line) => line.direct_cost_id === id && line.amount !== '0.0');
      return {
        ...head,
        amounts: own.map(({ amount }) => amount),
        codes: own.map(({ cost_code_id }) => cost_code_id),
      };
    })
    .filter(({ status, amounts, origin_id }) => origin_id && status === 'approved' && amounts.length > 0);
}
