declare module 'vitest' {
  interface ProvidedContext {
    /** Port on 127.0.0.1 that answers with the test cluster, starting it at the first question. */
    clusterPort: number;
  }
}

/** The answer: a login that may create databases, and the migrated database to clone. */
export interface TestCluster {
  ownerUrl: string;
  template: string;
}

/** Every role password of a test database derives from this. */
export const TEST_SECRET = 'a secret for test databases only';
