import { createHash } from "node:crypto";

/** Of this application: made once, at random. */
const NAMESPACE = Buffer.from("5b0f3c1e6d4a4f0c9a57c2b1a8e4d973", "hex");

/** The same UUID for the same name, version 5 of RFC 9562, so that a thing that is stored twice is stored once. */
export function nameBasedUuid(name: string): string {
  const bytes = createHash("sha1").update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
