// Functions that run in the browser: text, because this program has no document and its types have none either.

/** What a person reads in a row of a table, cell by cell. */
export const readRows = `(table) =>
  [...document.querySelectorAll('table.' + table + ' tbody tr')].map((row) =>
    [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim()),
  )`;

/** Whether an element is wider inside than outside. */
export const overflows = '(element) => element.scrollWidth > element.clientWidth';

/** What has the focus, and how that shows. */
export const describeFocus = `() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  const { innerText: text } = document.activeElement;
  return { text, ring: outlineStyle + ' ' + outlineWidth, marked: document.activeElement.matches(':focus-visible') };
}`;

/** The ratio of contrast of a text to what is behind it, as the Web Content Accessibility Guidelines 2.2 (1.4.3) define it. */
export const contrast = `(selector) => {
  const luminance = (color) => {
    const [red, green, blue] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  document.body.style.background = 'Canvas';
  const element = document.querySelector(selector);
  let behind = element;
  while (/^rgba\\(.*, 0\\)$/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  const lights = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(luminance);
  return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
}`;
