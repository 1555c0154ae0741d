const BCD_PLUS = '0123456789 -.:,_';

/**
 * A name as SDR and FRU hold it (IPMI 2.0 §43.15, platform management FRU v1.0 §13).
 * @param encoding the top two bits of the type/length byte: 0 Unicode, 1 BCD plus, 2 packed 6-bit ASCII, 3 Latin-1
 */
export function decodeIdString(encoding: number, bytes: Buffer): string {
  if (encoding === 1) return trim([...bytes].map((b) => bcd(b >> 4) + bcd(b & 0x0f)).join(''));
  if (encoding === 2) return trim(decodeSixBit(bytes));
  // "Unicode" is defined no further; boards that use it store plain or two-byte characters.
  return trim(bytes.toString('latin1').replaceAll('\0', encoding === 0 ? '' : '\0'));
}

const bcd = (nibble: number): string => BCD_PLUS[nibble] as string;

/** Characters of six bits from 20h on, the first one in the lowest bits. */
function decodeSixBit(bytes: Buffer): string {
  let text = '';
  for (let bit = 0; bit + 6 <= bytes.length * 8; bit += 6) {
    const low = bytes[bit >> 3] as number;
    const high = bytes[(bit >> 3) + 1] ?? 0;
    text += String.fromCharCode(0x20 + (((low | (high << 8)) >> (bit & 7)) & 0x3f));
  }
  return text;
}

/** Ends at a NUL, and has no control characters: it becomes a label. */
const trim = (text: string): string => (text.split('\0')[0] as string).replaceAll(/\p{Cc}/gu, '').trim();

/** A sensor record's name: the type/length byte and what is behind it, cut to what the record has. */
export function decodeTypedString(record: Buffer, offset: number): string {
  const typeLength = record[offset] as number;
  return decodeIdString(typeLength >> 6, record.subarray(offset + 1, offset + 1 + (typeLength & 0x1f)));
}
