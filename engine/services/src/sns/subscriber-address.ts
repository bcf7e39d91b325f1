import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Where http and https subscribers may be. */
export interface AddressPolicy {
  /** Loopback and private networks. On a laptop the subscriber is on localhost; on a server they hold what outsiders must not reach. */
  readonly allowsPrivate: boolean;
}

/** A subscriber whose address messages are not sent to. */
export class ForbiddenAddress extends Error {
  constructor(host: string, address: string) {
    super(`${host} is at ${address}, which messages are not sent to`);
    this.name = "ForbiddenAddress";
  }
}

const privateNetworks = listOf([
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["::", 127],
  ["fc00::", 7],
  ["fec0::", 10],
]);

/**
 * Link-local and metadata services of clouds, multicast, broadcast, and IPv6 forms that carry an IPv4 address past the lists: IPv4-compatible,
 * translated (NAT64), 6to4 and Teredo.
 */
const neverReached = listOf([
  ["100.100.100.200", 32],
  ["169.254.0.0", 16],
  ["192.0.0.192", 32],
  ["224.0.0.0", 3],
  ["fe80::", 10],
  ["fd00:ec2::", 32],
  ["ff00::", 8],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2001::", 32],
  ["2002::", 16],
]);

const ipv4Compatible = listOf([["::", 96]]);
/** The unspecified and the loopback address lie among the IPv4-compatible ones. */
const self = listOf([["::", 127]]);

function listOf(networks: readonly (readonly [address: string, bits: number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of networks) list.addSubnet(address, bits, isIP(address) === 4 ? "ipv4" : "ipv6");
  return list;
}

/** Whether messages may be sent to an IP address. */
export function isAllowed(address: string, { allowsPrivate }: AddressPolicy): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isAllowed(mapped, { allowsPrivate });
  const version = isIP(address);
  if (version === 0 || (version === 6 && /^::ffff:/i.test(address))) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  if (neverReached.check(address, family) || (ipv4Compatible.check(address, family) && !self.check(address, family)))
    return false;
  return allowsPrivate || !privateNetworks.check(address, family);
}

/** Throws ForbiddenAddress for a host that is such an address itself: those are not looked up. */
export function checkHost(hostname: string, policy: AddressPolicy): void {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(address) > 0 && !isAllowed(address, policy)) throw new ForbiddenAddress(hostname, address);
}

/** A look-up for sockets that fails when any address of the name is forbidden. What was checked is what is connected to, whatever the DNS says next. */
export function createGuardedLookup(
  policy: AddressPolicy,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, []);
      const forbidden = addresses.find(({ address }) => !isAllowed(address, policy));
      if (forbidden !== undefined) return callback(new ForbiddenAddress(hostname, forbidden.address), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
