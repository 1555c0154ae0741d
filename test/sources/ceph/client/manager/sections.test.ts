import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wantedSections } from '../../../../../src/sources/ceph/client/manager/sections.ts';

const isWanted = (family: string) => family.startsWith('ceph_');
const read = (text: string) => {
  const page = Buffer.from(text);
  return Array.from(wantedSections(page, isWanted), ({ start, end }) => page.toString('utf8', start, end));
};

const wanted = '# HELP ceph_up Is it?\n# TYPE ceph_up gauge\nceph_up{osd="1"} 1\nceph_up{osd="2"} 1\n';
const unwanted = '# HELP other Is it?\n# TYPE other gauge\nother{osd="1"} 1\nother{osd="2"} 1\n';

test.each([
  ['nothing of an empty page', '', []],
  ['nothing of a page without samples', '# HELP ceph_up Is it?\n', []],
  ['nothing of a comment that is cut off', '# HELP ceph_up Is it?', []],
  ['a wanted family with its comments', wanted, [wanted]],
  ['nothing of one that is not wanted', unwanted, []],
  ['the wanted ones around one that is not', wanted + unwanted + wanted, [wanted, wanted]],
  ['a section that ends with another family', `${unwanted}ceph_up 1\n`, [`${unwanted}ceph_up 1\n`]],
  ['a section that starts with another family', `other 1\nceph_up 1\n${unwanted}`, ['other 1\nceph_up 1\n']],
  ['a last line without an end', `${unwanted}ceph_up 1`, [`${unwanted}ceph_up 1`]],
  [
    'a hash in a label value for what it is',
    '# x\nceph_a{l="#"} 1\nceph_a{l="\\n#"} 2\n',
    ['# x\nceph_a{l="#"} 1\nceph_a{l="\\n#"} 2\n'],
  ],
])('takes %s', (_, page, sections) => {
  expect(read(page)).toEqual(sections);
});

test('ends for any text, and gives parts of it in their order', () => {
  const pieces = fc.constantFrom('ceph_a', 'other', '{', '}', ' ', '\n', '1', '#', '\n#', 'é');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      let last = 0;
      for (const { start, end } of wantedSections(Buffer.from(parts.join('')), isWanted)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
    }),
  );
});
