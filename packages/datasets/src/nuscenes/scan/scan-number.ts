/** 10^0 to 10^22: the powers of ten that are exact doubles. */
const powers = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
const [minus, plus, point, zero, nine, upperE, lowerE] = [0x2d, 0x2b, 0x2e, 0x30, 0x39, 0x45, 0x65];
// The largest integer to which a digit can be added with the result still exact.
const roomForDigit = 900_719_925_474_098;
const splitter = 134_217_729; // 2^27 + 1
const half = 134_217_728;

/**
 * Reads a JSON number.
 *
 * Numbers of up to 19 digits, which is all that are written for doubles, are converted here, correctly rounded; for the
 * rest `Number` is asked. The result is the same as that of JSON.parse, bit for bit.
 *
 * @param bytes must have something after the number that is no part of it.
 * @param out where the value goes, at `slot`; undefined: the number is only passed over.
 * @returns the place after the number; 0 when there is no JSON number, or one beyond the doubles.
 */
export const scanNumber = (
  bytes: Uint8Array,
  start: number,
  out: Float64Array | undefined,
  slot: number,
): number => {
  let i = start;
  const negative = bytes[i] === minus;
  if (negative) i++;
  let c = bytes[i];
  if (c < zero || c > nine) return 0;
  // The number is (digits * 10^extraDigits + extra) * 10^exponent.
  let digits = 0;
  let extra = 0;
  let extraDigits = 0;
  let exponent = 0;
  if (c === zero) {
    c = bytes[++i];
    if (c >= zero && c <= nine) return 0;
  } else
    for (; c >= zero && c <= nine; c = bytes[++i]) {
      if (extraDigits === 0 && digits <= roomForDigit) digits = digits * 10 + (c - zero);
      else {
        extra = extra * 10 + (c - zero);
        extraDigits++;
      }
    }
  if (c === point) {
    c = bytes[++i];
    if (c < zero || c > nine) return 0;
    for (; c >= zero && c <= nine; c = bytes[++i]) {
      if (extraDigits === 0 && digits <= roomForDigit) digits = digits * 10 + (c - zero);
      else {
        extra = extra * 10 + (c - zero);
        extraDigits++;
      }
      exponent--;
    }
  }
  if (c === upperE || c === lowerE) {
    c = bytes[++i];
    const down = c === minus;
    if (down || c === plus) c = bytes[++i];
    if (c < zero || c > nine) return 0;
    let power = 0;
    for (; c >= zero && c <= nine; c = bytes[++i]) power = Math.min(power * 10 + (c - zero), 100_000);
    exponent += down ? -power : power;
  }
  if (!out) return i;
  let value: number;
  if (extraDigits === 0 && exponent >= -22 && exponent <= 22)
    // Both are exact, so that the one operation rounds correctly (Clinger 1990).
    value = exponent < 0 ? digits / powers[-exponent] : digits * powers[exponent];
  else if (extraDigits > 0 && extraDigits <= 4 && exponent >= -22 && exponent <= 0)
    value = divideLong(digits, extra, powers[extraDigits], powers[-exponent]);
  else value = Number.NaN;
  if (Number.isNaN(value))
    value = Math.abs(
      Number(Buffer.from(bytes.buffer, bytes.byteOffset + start, i - start).toString('latin1')),
    );
  if (value === Number.POSITIVE_INFINITY) return 0;
  out[slot] = negative ? -value : value;
  return i;
};

/**
 * (digits * scale + extra) / divisor, correctly rounded, in double-double arithmetic (Dekker 1971); NaN where that is
 * not precise enough to tell.
 */
const divideLong = (digits: number, extra: number, scale: number, divisor: number): number => {
  // digits is cut into 26 and 27 bits, so that both products with scale (14 bits) are exact.
  const high = Math.floor(digits / half) * half;
  const a = high * scale;
  const b = (digits - high) * scale + extra;
  const sum = a + b;
  const lost = b - (sum - a);
  const quotient = sum / divisor;
  // The remainder, from the exact product quotient * divisor = product + error.
  const product = quotient * divisor;
  let t = splitter * quotient;
  const qHigh = t - (t - quotient);
  const qLow = quotient - qHigh;
  t = splitter * divisor;
  const dHigh = t - (t - divisor);
  const dLow = divisor - dHigh;
  const error = qLow * dLow - (product - qHigh * dHigh - qLow * dHigh - qHigh * dLow);
  const correction = (sum - product - error + lost) / divisor;
  const up = quotient + correction * (1 + 1e-9);
  return up === quotient + correction * (1 - 1e-9) ? up : Number.NaN;
};
