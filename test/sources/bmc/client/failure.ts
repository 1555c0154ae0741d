import { codeOf, describeError } from '../../../../src/core/errors.ts';

/** The code and the text of what a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await promise;
  } catch (error) {
    return { code: codeOf(error), text: describeError(error) };
  }
  throw new Error('it did not fail');
}
