import './ui/styles.ts';
import { createTheme, MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiFailure } from './api/client.ts';
import { isDefinite } from './api/errors.ts';
import { meQuery } from './api/queries.ts';
import { makeRouter } from './routes/router.ts';
import { NoticeProvider } from './ui/notices.tsx';

const MOST_RETRIES = 2;

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (failure, query) => {
      // A session that ended shows at whichever request comes first; asking who we are leads to the sign-in.
      const signedOut = failure instanceof ApiFailure && failure.status === 401;
      if (signedOut && query.queryKey[0] !== 'me') void queries.resetQueries({ queryKey: meQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      retry: (count, failure) => count < MOST_RETRIES && !isDefinite(failure),
      staleTime: 1_000,
    },
    mutations: { retry: false },
  },
});

const theme = createTheme({ cursorType: 'pointer', respectReducedMotion: true });
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <NoticeProvider>
          <RouterProvider router={makeRouter()} />
        </NoticeProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
