import { job } from '../kit/shared.ts';

/** The one instance that is chosen at the top. */
export const one = `${job}, project="$project", name="$name"`;
