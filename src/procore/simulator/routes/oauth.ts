import { formFields } from '../form-fields.ts';
import { bearerOf, invalidToken, TOKEN_LIFE_S, type Tokens } from '../http/auth.ts';
import { ApiError } from '../http/errors.ts';
import type { Answer } from '../http/router.ts';
import type { World } from '../state.ts';

export type OauthCall = {
  method: string;
  path: string;
  contentType: string;
  authorization: string | undefined;
  body: Buffer;
};

/** The three OAuth routes; only the client credentials grant is served. */
export function oauthAnswer(world: World, tokens: Tokens, call: OauthCall): Answer {
  const asked = `${call.method} ${call.path}`;
  if (asked === 'POST /oauth/token') return issueToken(world, tokens, call);
  if (asked === 'POST /oauth/revoke') {
    const token = formFields(call.contentType, call.body)?.token;
    if (token !== undefined) tokens.revoke(token);
    return { status: 200, body: {} };
  }
  if (asked === 'GET /oauth/token/info') return tokenInfo(world, tokens, call);
  throw new ApiError(404, { error: 'Not Found' });
}

function issueToken(world: World, tokens: Tokens, call: OauthCall): Answer {
  const fields = formFields(call.contentType, call.body);
  if (!fields) throw oauthError(400, 'invalid_request', 'The body cannot be read.');
  if (fields.grant_type === undefined) {
    throw oauthError(400, 'invalid_request', 'The field grant_type is missing.');
  }
  if (fields.grant_type !== 'client_credentials') {
    throw oauthError(
      400,
      'unsupported_grant_type',
      'This authorization server does not serve the grant type.',
    );
  }
  const app = world.apps.get(fields.client_id ?? '');
  if (!app || app.client_secret !== fields.client_secret) {
    throw oauthError(401, 'invalid_client', 'Client authentication failed.');
  }
  const issued = tokens.issue(app.client_id, world.clock.now());
  return {
    status: 200,
    body: {
      access_token: issued.access_token,
      token_type: 'bearer',
      expires_in: TOKEN_LIFE_S,
      created_at: issued.created_at,
    },
  };
}

function tokenInfo(world: World, tokens: Tokens, call: OauthCall): Answer {
  const now = world.clock.now();
  const token = tokens.valid(bearerOf(call.authorization), now);
  if (!token) throw invalidToken();
  const connections = [...(world.apps.get(token.client_id)?.connections.values() ?? [])];
  return {
    status: 200,
    body: {
      resource_owner_id: connections[0]?.user_id ?? null,
      scopes: [],
      expires_in_seconds: Math.floor((token.expires_at - now) / 1_000),
      application: { uid: token.client_id },
      created_at: token.created_at,
    },
  };
}

function oauthError(status: number, error: string, error_description: string): ApiError {
  return new ApiError(status, { error, error_description });
}
