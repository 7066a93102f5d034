import type { HttpOptions } from '../../src/http/open-http.ts';

/** Machines and join tokens of which there are none. */
export function fakeKeyOptions(): Required<Pick<HttpOptions, 'machines' | 'tokens' | 'joinPlace'>> {
  const none = async (): Promise<{ readonly type: 'no-such-machine' }> => ({ type: 'no-such-machine' });
  return {
    machines: { machines: () => [], approve: none, revoke: none, forget: none, rename: none },
    tokens: {
      tokens: () => [],
      newToken: async () => ({ type: 'store-unavailable' }),
      revokeToken: async () => ({ type: 'no-such-token' }),
    },
    joinPlace: () => undefined,
  };
}
