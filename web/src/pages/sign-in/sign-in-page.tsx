import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { meQuery } from '../../api/queries.ts';
import type { Me } from '../../api/types.ts';
import { SignInForm } from '../../forms/sign-in-form.tsx';
import { UseLinkForm } from '../../forms/use-link-form.tsx';
import './sign-in.css';

const route = getRouteApi('/sign-in');

/** The door: e-mail and password, or a one-time link. */
export function SignInPage() {
  const { token, next } = route.useSearch();
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    document.title = 'Sign in · Tiebeam';
  }, []);
  const enter = (me: Me) => {
    client.setQueryData(meQuery.queryKey, me);
    void navigate({ href: next ?? '/', replace: true });
  };
  return (
    <main className="door">
      <div className="panel door-box">
        <div className="row">
          <img src="/tiebeam.svg" alt="" width="28" height="28" />
          <h1>{token ? 'Welcome to Tiebeam' : 'Sign in to Tiebeam'}</h1>
        </div>
        {token ? <UseLinkForm token={token} onEntered={enter} /> : <SignInForm onEntered={enter} />}
      </div>
    </main>
  );
}
