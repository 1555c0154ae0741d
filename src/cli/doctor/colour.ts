/** Colour is for terminals, and for nobody who sets NO_COLOR to anything but the empty text (https://no-color.org). */
export const wantsColour = (
  { isTTY }: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
) => isTTY === true && !env['NO_COLOR'];
