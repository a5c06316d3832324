// What a card says, and how the roster knows it again without holding it.

const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const ADDRESS = /^HTTPS?:\/\/[^\s/?#]+(?:\/[^\s?#]*)?\/C\/([^\s/?#]+)\/?(?:[?#]\S*)?$/;

/**
 * The code in what was scanned or typed, as core/codes.py reads it; null for anything else.
 * @param {string} text
 */
export function cleanCode(text) {
  if (text.length > 512) return null;
  const written = text.normalize("NFKC").trim().toUpperCase();
  const address = ADDRESS.exec(written);
  const code = (address ? address[1] : written).replace(/[- .,_·‐‑–—−]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  return CODE.test(code) ? code : null;
}

/** The first 16 hex digits of a code's SHA-256: the roster holds these instead of codes that buy things. */
export const digestOf = (code) => sha256(new TextEncoder().encode(code)).slice(0, 16);

const primes = (count) => {
  const found = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime)) found.push(n);
  return found;
};
const fraction = (value) => ((value - Math.floor(value)) * 2 ** 32) >>> 0;
const START = primes(8).map((prime) => fraction(Math.sqrt(prime)));
const ROUND = primes(64).map((prime) => fraction(Math.cbrt(prime)));
const turn = (word, by) => (word >>> by) | (word << (32 - by));

/** FIPS 180-4 for messages of one block (at most 55 bytes). crypto.subtle is missing on plain http. */
export function sha256(bytes) {
  if (bytes.length > 55) throw new RangeError("one block only");
  const block = new DataView(new ArrayBuffer(64));
  bytes.forEach((byte, at) => block.setUint8(at, byte));
  block.setUint8(bytes.length, 0x80);
  block.setUint32(60, bytes.length * 8);
  const words = Array.from({ length: 16 }, (_, at) => block.getUint32(at * 4));
  for (let at = 16; at < 64; at += 1) {
    const [near, far] = [words[at - 15], words[at - 2]];
    const first = turn(near, 7) ^ turn(near, 18) ^ (near >>> 3);
    const second = turn(far, 17) ^ turn(far, 19) ^ (far >>> 10);
    words.push((words[at - 16] + first + words[at - 7] + second) | 0);
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let at = 0; at < 64; at += 1) {
    const mixed = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + mixed + ((e & f) ^ (~e & g)) + ROUND[at] + words[at]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h]
    .map((word, at) => ((word + START[at]) >>> 0).toString(16).padStart(8, "0"))
    .join("");
}
