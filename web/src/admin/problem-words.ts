import { HubProblem } from '../../../src/api/hub-problem.ts';

/** What went wrong with a call, for people: what the server said, or that nobody answered. */
export function wordsOf(error: unknown): string {
  if (error instanceof HubProblem) {
    const words = sentence(error.message);
    return error.retryAfterSeconds === undefined ? words : `${words} Try again in ${error.retryAfterSeconds} s.`;
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return 'The server has not answered in time. See whether it runs, and whether the network is up.';
  }
  // What fetch rejects with where there is no connection.
  if (error instanceof TypeError) {
    return 'The server does not answer. See whether it runs, and whether the network is up.';
  }
  return sentence(error instanceof Error ? error.message : String(error));
}

/** Some reasons of the server are half sentences. */
function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}
