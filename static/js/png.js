/* A true 8-bit greyscale PNG (color type 0), which a canvas can't write: `toBlob` always gives color with alpha, and Recraft
   refuses such a mask. Source: PNG specification, third edition: chunks, filter type 0, CRC-32. */
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const ROWS = 256; // in one piece; between two pieces the page may answer

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(...parts) {
  let crc = 0xffffffff;
  for (const part of parts) for (const byte of part) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function number(value) {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function chunk(name, data) {
  const type = new TextEncoder().encode(name);
  return [number(data.length), type, data, number(crc32(type, data))];
}

/* `writeRow(y, into)` fills one row of `width` bytes. */
export async function encodeGrey(width, height, writeRow) {
  const deflate = new CompressionStream("deflate"); // with zlib's head and checksum, as PNG wants it
  const packed = new Response(deflate.readable).arrayBuffer();
  const writer = deflate.writable.getWriter();
  for (let top = 0; top < height; top += ROWS) {
    const rows = Math.min(ROWS, height - top);
    const piece = new Uint8Array(rows * (width + 1)); // each row opens with its filter type, 0
    for (let row = 0; row < rows; row += 1) {
      const start = row * (width + 1) + 1;
      writeRow(top + row, piece.subarray(start, start + width));
    }
    await writer.write(piece);
  }
  writer.close();
  const header = Uint8Array.of(...number(width), ...number(height), 8, 0, 0, 0, 0);
  const data = new Uint8Array(await packed);
  const parts = [Uint8Array.from(SIGNATURE), ...chunk("IHDR", header), ...chunk("IDAT", data), ...chunk("IEND", new Uint8Array(0))];
  return new Blob(parts, { type: "image/png" });
}
