import { randomBytes } from 'node:crypto';
import type { App, AppConnection, Company, Project } from '../records.ts';
import type { World } from '../state.ts';
import { ApiError, accessError } from './errors.ts';

/** Every grant lives 5,400 seconds. */
export const TOKEN_LIFE_S = 5_400;

type Token = { client_id: string; created_at: number; expires_at: number };

/** Access tokens by the simulator's clock. */
export class Tokens {
  private readonly tokens = new Map<string, Token>();

  issue(clientId: string, now: number): { access_token: string; created_at: number } {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const access_token = `${part({ alg: 'ES512', typ: 'JWT' })}.${part({ client: clientId })}.${randomBytes(32).toString('base64url')}`;
    const createdAtS = Math.floor(now / 1_000);
    this.tokens.set(access_token, {
      client_id: clientId,
      created_at: createdAtS,
      expires_at: now + TOKEN_LIFE_S * 1_000,
    });
    return { access_token, created_at: createdAtS };
  }

  valid(token: string | null, now: number): Token | null {
    const found = token === null ? undefined : this.tokens.get(token);
    return found && found.expires_at > now ? found : null;
  }

  revoke(token: string): void {
    this.tokens.delete(token);
  }

  reset(): void {
    this.tokens.clear();
  }
}

/** The bearer token of an Authorization header, if there is one. */
export function bearerOf(authorization: string | undefined): string | null {
  const match = /^Bearer (\S+)$/i.exec(authorization ?? '');
  return match?.[1] ?? null;
}

export function invalidToken(): ApiError {
  return accessError(401, 'The access token is invalid');
}

/** The company named by the mandatory header; the status of the refusal is inferred, its first words are not. */
export function companyIdFrom(header: string | undefined): number {
  if (header === undefined || !/^\d{1,16}$/.test(header)) {
    throw accessError(
      400,
      'Missing Procore-Company-Id header! Send the id of the company in this field with every call.',
    );
  }
  return Number(header);
}

/** The app's connection to the company, or the observed 403. */
export function connectionTo(
  world: World,
  app: App,
  companyId: number,
): { company: Company; connection: AppConnection } {
  const connection = app.connections.get(companyId);
  const company = world.companies.get(companyId);
  if (!connection || !company) throw accessError(403, 'App is not connected to this company.');
  return { company, connection };
}

/** Company ids in path, query and body must name the company of the header (status inferred). */
export function assertSameCompany(headerId: number, named: unknown): void {
  if (named === undefined || named === null) return;
  if (String(named) !== String(headerId)) {
    throw accessError(403, 'The company of the request is not the one in Procore-Company-Id.');
  }
}

/** The project when the service account may see it: unknown or foreign is 404, not permitted is 403. */
export function permittedProject(world: World, connection: AppConnection, projectId: number): Project {
  const project = world.projects.get(projectId);
  if (!project || project.company_id !== connection.company_id) {
    throw new ApiError(404, { error: 'Project not found' });
  }
  if (!isPermitted(connection, projectId)) {
    throw accessError(403, 'You do not have permission to access this project.');
  }
  return project;
}

export function isPermitted(connection: AppConnection, projectId: number): boolean {
  return connection.project_ids?.has(projectId) ?? true;
}
