import type { Samples } from './harness.ts';

/** A vendor and a project with all that can be said of them, for any ERP. */
export const SAMPLE_MASTERS: Required<Samples>['masters'] = {
  'create-vendor': {
    kind: 'create-vendor',
    body: {
      kind: 'vendor',
      reference: 'TAC2345VENDORAA2',
      revision: 1,
      code: 'V-NEW-1',
      name: 'Brand New Roofing',
      taxId: '98-4450089',
      email: 'office@roofing.example',
      phone: '555 0100',
      address: { street: '4 Quay', city: 'Harbor', state: 'CA', zip: '90001', country: 'US' },
    },
  },
  'create-project': {
    kind: 'create-project',
    body: {
      kind: 'project',
      reference: 'TAC2345PROJECTA2',
      revision: 1,
      code: 'P-NEW-1',
      name: 'Warehouse 7',
    },
  },
};

/** A cost code at the top and a sub job of a project that the ERP has. */
export function sampleJobCost(projectCode: string): Required<Samples>['masters'] {
  return {
    'create-cost-code': {
      kind: 'create-cost-code',
      body: {
        kind: 'cost-code',
        reference: 'TAC2345COSTCODE2',
        revision: 1,
        code: '05',
        parent: null,
        name: 'Metals',
      },
    },
    'create-sub-job': {
      kind: 'create-sub-job',
      body: {
        kind: 'sub-job',
        reference: 'TAC2345SUBJOBAA2',
        revision: 1,
        projectCode,
        code: 'EAST',
        name: 'East pier',
      },
    },
  };
}
