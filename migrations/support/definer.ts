/**
 * Functions that run with other rights than their caller's. Each is named, owned by the role whose rights it
 * needs, pinned to a search path that nobody can write to, and executable only by the roles listed.
 */
export interface Definer {
  /** Schema, name and arguments: `door.host(wanted text)`. */
  readonly signature: string;
  readonly returns: string;
  readonly body: string;
  readonly language?: 'sql' | 'plpgsql';
  readonly volatility?: 'stable' | 'volatile';
  readonly owner?: 'livery_door' | 'livery_owner';
  readonly callers: readonly string[];
}

export const createDefiner = (wish: Definer): string => {
  const { signature, returns, body, language = 'sql', volatility = 'volatile', owner = 'livery_door' } = wish;
  const called = signature.replace(/\b\w+ (?=[\w[\]. ]+[,)])/g, '');
  return `
  create function ${signature} returns ${returns} language ${language} ${volatility}
    security definer set search_path = pg_catalog, pg_temp as $body$ ${body} $body$;
  revoke all on function ${called} from public;
  ${wish.callers.map((caller) => `grant execute on function ${called} to ${caller};`).join('\n  ')}
  ${owner === 'livery_owner' ? '' : `alter function ${called} owner to ${owner};`}`;
};
