/** An answer that is not a success; the body forms are the ones that live side by side in the vendor's API. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** What is wrong with a record, by the names of its fields. */
export type Errors = Record<string, string[]>;

export const BLANK = ["can't be blank"];
export const TAKEN: Errors = { origin_id: ['has already been taken'] };

/** Form 1, the documented generic one; used for 406 because it alone names the offending fields. */
export function unknownFields(fields: readonly string[]): ApiError {
  return new ApiError(406, {
    code: 406,
    message: 'The request contains fields that are not accepted.',
    fields: fields.join(', '),
    reason: 'unknown_fields',
  });
}

/** Form 2: messages per field, `base` for the whole object. */
export function fieldErrors(status: 400 | 422, errors: Errors): ApiError {
  return new ApiError(status, { errors });
}

/** Form 3: access and request errors as a list of texts. */
export function accessError(status: number, text: string): ApiError {
  return new ApiError(status, { errors: [text] });
}

/** Form 4: not found on the finance endpoints. */
export function financeNotFound(model: string, id: string | number): ApiError {
  return new ApiError(404, {
    message: `Couldn't find ${model} with 'id'=${id}`,
    exception: 'ActiveRecord::RecordNotFound',
  });
}

/** Form 5: new-style errors of the change order endpoints. */
export function changeOrderError(status: number, code: string, message: string, source: string): ApiError {
  return new ApiError(status, { error: { code, message, details: [{ code, message, source }] } });
}

/** A short not-found for the other endpoints. */
export function notFound(text = 'Not Found'): ApiError {
  return new ApiError(404, { error: text });
}
