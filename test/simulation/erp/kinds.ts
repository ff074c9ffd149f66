import { changeSet } from './change-set.ts';
import { enforced } from './enforced.ts';
import type { ErpKind } from './erp.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { importJob } from './import-job.ts';
import { none } from './none.ts';
import { upsert } from './upsert.ts';

export const erpKinds: readonly ErpKind[] = [none, enforced, idempotencyKey, upsert, importJob, changeSet];
