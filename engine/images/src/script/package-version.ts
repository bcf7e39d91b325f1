/** A release: no alpha, beta or candidate (PEP 440). */
const RELEASE = /^\d+(\.\d+)*(\.post\d+)?$/;

/** Below, at or above zero, part by part; what is missing is zero. */
export function compareVersions(left: string, right: string): number {
  return differences(left, right).find((difference) => difference !== 0) ?? 0;
}

/** Whether `version` is `wanted` or one of its series: 1.7.6 is a 1.7. */
export function isOfVersion(version: string, wanted: string): boolean {
  return version === wanted || (isSeries(wanted) && version.startsWith(`${wanted}.`));
}

/** `==1.2.1` for a version, `==1.7.*` for a series. */
export function exactly(version: string): string {
  return `==${version}${isSeries(version) ? ".*" : ""}`;
}

/** The release that is equal to the wanted version in the most parts and differs least in the next one; the newest of several. Undefined without releases. */
export function nearestVersion(wanted: string, available: readonly string[]): string | undefined {
  const releases = available.filter((version) => RELEASE.test(version)).toSorted((a, b) => compareVersions(b, a));
  return releases.toSorted((a, b) => compareDistances(distance(wanted, a), distance(wanted, b)))[0];
}

interface Distance {
  /** The first part that differs. */
  readonly part: number;
  readonly difference: number;
}

function distance(wanted: string, version: string): Distance {
  const parts = differences(wanted, version).slice(0, wanted.split(".").length);
  const part = parts.findIndex((difference) => difference !== 0);
  return part === -1 ? { part: parts.length, difference: 0 } : { part, difference: Math.abs(parts[part] ?? 0) };
}

function compareDistances(left: Distance, right: Distance): number {
  return right.part - left.part || left.difference - right.difference;
}

function isSeries(version: string): boolean {
  return version.split(".").length === 2;
}

function differences(left: string, right: string): number[] {
  const [a, b] = [left, right].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  const length = Math.max(a?.length ?? 0, b?.length ?? 0);
  return Array.from({ length }, (_, part) => (a?.[part] ?? 0) - (b?.[part] ?? 0));
}
