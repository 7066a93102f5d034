import { HubProblem } from '../../../src/api/hub-problem.ts';
import { who } from '../shell/who.ts';

/** A session may end while somebody looks: the server then wants a login, and so does the page. */
export function heed(error: unknown): void {
  if (error instanceof HubProblem && error.problem === 'unauthenticated') who.value = { name: 'stranger' };
}
