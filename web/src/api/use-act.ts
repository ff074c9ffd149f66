import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { act, newKey } from './client.ts';
import { isDefinite } from './errors.ts';

interface Wish {
  path: string;
  body?: unknown;
  method?: 'POST' | 'PUT';
}

/**
 * One thing a person asks for. A repeat after a lost reply carries the same idempotency key; a repeat after
 * a clear answer, or with other words, is a new request.
 */
export function useAct<Answer = unknown>(onDone?: (answer: Answer) => void) {
  const client = useQueryClient();
  const pending = useRef({ request: '', key: '' });
  return useMutation({
    mutationFn: ({ path, body = {}, method = 'POST' }: Wish) => {
      const request = `${path} ${JSON.stringify(body)}`;
      if (pending.current.request !== request) pending.current = { request, key: newKey() };
      return act<Answer>(path, body, pending.current.key, method);
    },
    onSuccess: (answer) => {
      pending.current = { request: '', key: '' };
      onDone?.(answer);
    },
    onError: (failure) => {
      if (isDefinite(failure)) pending.current = { request: '', key: '' };
    },
    // Which lists a decision touches is the service's business, so everything on screen is read again.
    onSettled: () => client.invalidateQueries(),
  });
}
