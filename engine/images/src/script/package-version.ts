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

/** The release that differs least from the wanted version: in the major part, then in the minor one and so on; the newer of two. Undefined without releases. */
export function nearestVersion(wanted: string, available: readonly string[]): string | undefined {
  const releases = available.filter((version) => RELEASE.test(version)).toSorted((a, b) => compareVersions(b, a));
  return releases.toSorted((a, b) => compareDistances(wanted, a, b))[0];
}

function compareDistances(wanted: string, a: string, b: string): number {
  const [left, right] = [differences(wanted, a), differences(wanted, b)].map((parts) => parts.map(Math.abs));
  for (let part = 0; part < Math.max(left?.length ?? 0, right?.length ?? 0); part += 1) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isSeries(version: string): boolean {
  return version.split(".").length === 2;
}

function differences(left: string, right: string): number[] {
  const [a, b] = [left, right].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  const length = Math.max(a?.length ?? 0, b?.length ?? 0);
  return Array.from({ length }, (_, part) => (a?.[part] ?? 0) - (b?.[part] ?? 0));
}
