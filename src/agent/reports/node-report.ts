import type { ClientBase } from 'pg';
import { DIRECTORY_SCHEMA_VERSION } from '#libs/directory-file';
import type { FollowerState } from '../feed/feed-follower.js';

/** Tells Postgres how far this node is: what is not live yet somewhere, and how far the feed may be pruned. */
export const reportNode = async (client: ClientBase, node: string, state: FollowerState): Promise<void> => {
  const report = {
    name: node,
    schemaVersion: DIRECTORY_SCHEMA_VERSION,
    generation: `gen-${state.generation}`,
    cursorXid: String(state.cursor),
    cursorSeq: '0',
    appliedAt: state.appliedAt.toISOString(),
  };
  await client.query('select directory.report_node($1)', [JSON.stringify(report)]);
};
