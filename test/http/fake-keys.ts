import { FakeFacts } from './fake-facts.ts';
import type { HttpOptions } from '../../src/http/open-http.ts';

/** Machines and join tokens of which there are none, and the server's own figures: whatever makes all routes be there. */
export function fakeKeyOptions(): Required<Pick<HttpOptions, 'machines' | 'tokens' | 'joinPlace' | 'facts'>> {
  const none = async (): Promise<{ readonly type: 'no-such-machine' }> => ({ type: 'no-such-machine' });
  return {
    machines: { machines: () => [], approve: none, revoke: none, forget: none, rename: none },
    tokens: {
      tokens: () => [],
      newToken: async () => ({ type: 'store-unavailable' }),
      revokeToken: async () => ({ type: 'no-such-token' }),
    },
    joinPlace: () => undefined,
    facts: new FakeFacts(),
  };
}
