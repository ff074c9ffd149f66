export type ProtocolVersion = 'v1' | 'v2';

/** A request the Service Layer turns down, with the code and status it does so with. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function sessionExpired(): Refusal {
  return new Refusal(401, 301, 'Invalid session or session already timeout.');
}

// The vendor's code for wrong credentials is not published; clients have to go by the status.
export function loginFailed(): Refusal {
  return new Refusal(401, -304, 'Login failed: wrong user name or password');
}

export function wrongCompany(): Refusal {
  return new Refusal(400, -1, 'Failed to initialize object data');
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, -1000, message);
}

export function invalidProperty(name: string, type: string): Refusal {
  return badRequest(`Property '${name}' of '${type}' is invalid`);
}

export function businessError(message: string): Refusal {
  return new Refusal(400, -5002, message);
}

export function tooLong(name: string, type: string): Refusal {
  return businessError(`Value too long in property '${name}' of '${type}'`);
}

export function periodLocked(): Refusal {
  return new Refusal(400, -4013, 'Posting period locked; specify an alternative date');
}

export function dateOutOfRange(column: string): Refusal {
  return businessError(`Date deviates from permissible range  [${column}]`);
}

export function alreadyExists(table: string): Refusal {
  return new Refusal(400, -2035, `This entry already exists in the following tables '${table}' (ODBC -2035)`);
}

export function notFound(): Refusal {
  return new Refusal(404, -2028, 'No matching records found (ODBC -2028)');
}

export function staleVersion(): Refusal {
  return new Refusal(
    412,
    -2039,
    'Another user or another operation modified data; to continue, open the window again (ODBC -2039)',
  );
}

export function notSupported(action: string): Refusal {
  return new Refusal(400, -5006, `The requested action is not supported for this object: ${action}`);
}

export function wrongSeries(): Refusal {
  return new Refusal(400, -4002, 'The series does not belong to this document sub type');
}

export function unknownResource(path: string): Refusal {
  return new Refusal(404, -1000, `Unrecognized resource path: ${path.slice(0, 200)}`);
}

/** The error body in the form of the protocol version that was asked. */
export function errorBody(refusal: Refusal, version: ProtocolVersion): unknown {
  if (version === 'v1') {
    return { error: { code: refusal.code, message: { lang: 'en-us', value: refusal.message } } };
  }
  return { error: { code: String(refusal.code), message: refusal.message } };
}
