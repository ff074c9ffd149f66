/** Retries as a share of the calls that succeed or fail at first: an outage must not multiply the calls. */
export type RetryBudget = {
  /** A call that is made for the first time earns a part of a retry. */
  readonly called: () => void;
  /** Whether one more try may be made now; true spends it. */
  readonly mayRetry: () => boolean;
};

// One retry for ten calls, after a handful that anybody may need who has just begun.
const EARNED = 0.1;
const SAVED_AT_MOST = 20;

export function retryBudget(): RetryBudget {
  let saved = SAVED_AT_MOST;
  return {
    called() {
      saved = Math.min(SAVED_AT_MOST, saved + EARNED);
    },
    mayRetry() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
