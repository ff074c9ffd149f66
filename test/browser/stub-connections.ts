import type { FastifyInstance, FastifyReply } from 'fastify';
import type { z } from 'zod';
import { connectors } from '../../src/connectors/registry.ts';
import { Done } from '../../src/http/schemas/answers.ts';
import {
  AllowJobCosts,
  ConnectionForm,
  ConnectionPage,
  ConnectionRow,
  type Finding,
  NewConnection,
  SaveConnection,
  SystemPage,
} from '../../src/http/schemas/connections.ts';
import { RunSetUp, SetUpPlan, SetUpResults } from '../../src/http/schemas/set-up.ts';
import { MakeSupportBundle } from '../../src/http/schemas/support-bundle.ts';
import { formFields } from '../../src/lib/form-fields.ts';
import { procore } from '../../src/procore/index.ts';

/** What the stub knows of connections, and how a test can change it. */
export interface StubConnections {
  rows: z.infer<typeof ConnectionRow>[];
  findings: z.infer<typeof Finding>[];
  /** Steps that are still missing, until somebody consents to them. */
  steps: z.infer<typeof SetUpPlan>['steps'];
}

const lately = new Date(Date.now() - 60_000).toISOString();

export function stubConnections(): StubConnections {
  const row = (change: Partial<z.infer<typeof ConnectionRow>>) =>
    ConnectionRow.parse({
      phase: 'read-only',
      ok: true,
      message: 'Everything reads.',
      lastReadAt: lately,
      lastWriteAt: null,
      selfTest: null,
      projects: [],
      jobCosts: null,
      hasHook: null,
      lacks: [],
      ...change,
    });
  return {
    rows: [
      row({
        id: 'procore',
        system: 'procore',
        name: 'Cascade in Procore',
        code: 'PC',
        jobCosts: false,
        hasHook: false,
        lacks: ['No webhook: changes are noticed by looking at the lists.'],
      }),
      row({
        id: 'erp',
        system: 'sap-business-one',
        name: 'Cascade books',
        code: 'B1',
        ok: false,
        message: 'the sign-in of tiebeam to SBO_CASCADE was refused',
        selfTest: {
          at: lately,
          findings: [{ subject: 'uniqueness', ok: true, message: 'A second is refused.' }],
        },
      }),
    ],
    findings: [
      { subject: 'sign-in and company', ok: true, message: 'signed in; company 7 Cascade' },
      {
        subject: 'Commitments on project 4 Pier',
        ok: false,
        message: 'Commitments: Admin on project 4 Pier is missing, needed to write ERP ids.',
        remedy: 'Give the service account Admin on Commitments.',
      },
      { subject: 'Directory on the company', ok: true, unproven: true, message: 'Shows at the first write.' },
    ],
    steps: [
      { kind: 'erp-connection', what: 'Create the ERP connection with the metadata of Cascade books.' },
      { kind: 'create-hook', what: 'Create a webhook to https://tiebeam.example.' },
    ],
  };
}

export function connectionRoutes(
  api: FastifyInstance,
  stub: StubConnections,
  problem: (reply: FastifyReply, status: number, title: string, detail?: string) => unknown,
): void {
  api.get('/connections', async () => ConnectionPage.parse({ rows: stub.rows }));
  api.get('/systems', async () =>
    SystemPage.parse({
      rows: [procore, ...connectors].map((system) => ({
        id: system.id,
        title: system.title,
        side: system.id === procore.id ? 'procore' : 'erp',
        fields: formFields(system.config, system.secrets),
      })),
    }),
  );
  api.get<{ Params: { id: string } }>('/connections/:id', async ({ params }, reply) => {
    const row = stub.rows.find(({ id }) => id === params.id);
    if (!row) return problem(reply, 404, 'No such connection');
    return ConnectionForm.parse({ ...row, values: { companyId: '7', baseUrl: 'https://b1.example:50000' } });
  });
  api.post<{ Params: { id: string } }>('/connections/:id', async ({ params, body }, reply) => {
    const row = stub.rows.find(({ id }) => id === params.id);
    const { name, values } = SaveConnection.parse(body);
    if (!row) return problem(reply, 404, 'No such connection');
    if (values.baseUrl === 'nowhere')
      return reply
        .code(422)
        .type('application/problem+json')
        .send(
          JSON.stringify({
            type: 'about:blank',
            title: 'Not valid',
            status: 422,
            detail: 'Nothing was saved.',
            fields: [{ field: 'baseUrl', message: 'must be an https address' }],
          }),
        );
    row.name = name;
    return Done.parse({ ok: true });
  });
  api.post('/connections', async ({ body }) => {
    const { id, system, name, code } = NewConnection.parse(body);
    stub.rows.push({ ...stub.rows[0]!, id, system, name, code, lacks: [], selfTest: null });
    return Done.parse({ ok: true });
  });
  api.get('/connections/:id/check', async (_, reply) => {
    reply.type('application/x-ndjson; charset=utf-8');
    return stub.findings.map((finding) => `${JSON.stringify(finding)}\n`).join('');
  });
  api.post('/job-costs', async ({ body }) => {
    stub.rows[0]!.jobCosts = AllowJobCosts.parse(body).allowed;
    return Done.parse({ ok: true });
  });
  api.post('/support-bundle', async ({ body }, reply) => {
    MakeSupportBundle.parse(body);
    return reply.type('application/gzip').send(Buffer.from('an archive'));
  });
  api.post('/job-costs/now', async () => Done.parse({ ok: true }));
  setUpRoutes(api, stub, problem);
}

function setUpRoutes(
  api: FastifyInstance,
  stub: StubConnections,
  problem: (reply: FastifyReply, status: number, title: string, detail?: string) => unknown,
): void {
  const digest = () => `v1:${stub.steps.length}`;
  api.get<{ Querystring: { address?: string } }>('/set-up', async ({ query }, reply) => {
    if (!query.address?.startsWith('https://'))
      return problem(reply, 422, 'The address of this service is needed', 'It is no https address.');
    return SetUpPlan.parse({
      address: query.address,
      digest: digest(),
      steps: stub.steps,
      notes: [],
      metadata: '{}',
    });
  });
  api.post('/set-up', async ({ body }, reply) => {
    if (RunSetUp.parse(body).digest !== digest()) return problem(reply, 409, 'The company changed');
    const rows = stub.steps
      .splice(0)
      .map(({ what }) => ({ what, outcome: 'done' as const, message: 'It stands.' }));
    stub.rows[0]!.lacks = [];
    return SetUpResults.parse({ rows });
  });
}
