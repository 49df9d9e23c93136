import type { Stops, Switches } from './restrictions.schemas.js';

/** The strictest of everything in force, whatever its cause and level. */
export const judgeSwitches = (inForce: readonly { readonly stops: Stops }[]): Switches => ({
  maySend: !inForce.some(({ stops }) => stops.sending),
  maySignIn: !inForce.some(({ stops }) => stops.signIn),
  mayReceive: !inForce.some(({ stops }) => stops.receiving),
});
