/** How a raw sensor byte becomes a value (IPMI 2.0 §36.3): y = L[(M·x + B·10^K1)·10^K2]. */
export interface ReadingFactors {
  readonly m: number;
  readonly b: number;
  /** K1, exponent of B. */
  readonly bExponent: number;
  /** K2, exponent of the result. */
  readonly resultExponent: number;
}

/** 0 unsigned, 1 one's complement, 2 two's complement; 3 is a sensor without an analogue reading. */
export type AnalogFormat = 0 | 1 | 2;

const linearizations: readonly ((x: number) => number)[] = [
  (x) => x,
  Math.log,
  Math.log10,
  Math.log2,
  Math.exp,
  (x) => 10 ** x,
  (x) => 2 ** x,
  (x) => 1 / x,
  (x) => x * x,
  (x) => x ** 3,
  Math.sqrt,
  Math.cbrt,
];

/** 70h and above: the factors differ from reading to reading and are asked for with each (§35.5). */
export const isNonLinear = (linearization: number): boolean => linearization >= 0x70;

/**
 * M, tolerance, B, accuracy and the exponents, as six bytes of a full sensor record (§43.1, bytes 25 to 30) and of Get
 * Sensor Reading Factors hold them.
 */
export function decodeFactors(bytes: Buffer): ReadingFactors {
  const [mLow, mHigh, bLow, bHigh, , exponents] = bytes as unknown as [number, number, number, number, number, number];
  return {
    m: signed(mLow | ((mHigh & 0xc0) << 2), 10),
    b: signed(bLow | ((bHigh & 0xc0) << 2), 10),
    bExponent: signed(exponents & 0x0f, 4),
    resultExponent: signed(exponents >> 4, 4),
  };
}

/** The value in the sensor's unit; undefined where the formula has none (the logarithm of a negative number). */
export function convertRaw(
  raw: number,
  format: AnalogFormat,
  factors: ReadingFactors,
  linearization: number,
): number | undefined {
  const { m, b, bExponent, resultExponent } = factors;
  const linear = scale(m * signedRaw(raw, format) + scale(b, bExponent), resultExponent);
  const linearize = isNonLinear(linearization) ? linearizations[0] : linearizations[linearization];
  const value = linearize?.(linear);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Dividing by a power of ten gives 12.189 where multiplying by its inverse gives 12.189000000000002. */
const scale = (value: number, exponent: number): number =>
  exponent < 0 ? value / 10 ** -exponent : value * 10 ** exponent;

function signedRaw(raw: number, format: AnalogFormat): number {
  if (format === 0 || raw < 0x80) return raw;
  return format === 1 ? raw - 0xff : raw - 0x100;
}

function signed(value: number, bits: number): number {
  return value >= 1 << (bits - 1) ? value - (1 << bits) : value;
}
