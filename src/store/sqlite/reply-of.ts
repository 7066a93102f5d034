/** The reply, if it is of the type that was asked for. Whoever answers has one type of reply for each request. */
export function replyOf<Reply extends { readonly type: string }, Type extends Reply['type']>(
  reply: Reply,
  type: Type,
): Extract<Reply, { readonly type: Type }> {
  if (reply.type !== type) throw new Error(`invariant broken: ${reply.type} answers what wants ${type}`);
  return reply as Extract<Reply, { readonly type: Type }>;
}
