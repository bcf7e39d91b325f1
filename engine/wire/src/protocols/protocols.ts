import type { WireProtocol } from "../service.ts";
import { awsJson } from "./aws-json.ts";
import type { Protocol } from "./protocol.ts";
import { query } from "./query.ts";
import { restJson } from "./rest-json.ts";
import { restXml } from "./rest-xml.ts";
import { rpcV2Cbor } from "./rpc-v2-cbor.ts";

/** The one list of protocols. */
export const protocols: Readonly<Record<WireProtocol, Protocol>> = {
  "aws-json": awsJson,
  "rest-json": restJson,
  "rest-xml": restXml,
  query,
  "rpc-v2-cbor": rpcV2Cbor,
};
