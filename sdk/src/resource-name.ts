const LONGEST_NAME = 63;

/**
 * A name that sorts by time, as the SageMaker Python SDK makes them: `blazingtext-2026-11-21-14-03-27-512`. The base is cut so that the
 * whole keeps AWS's limit of 63 characters.
 */
export function nameFromBase(base: string, now: Date): string {
  const stamp = now
    .toISOString()
    .slice(0, 23)
    .replace(/[^0-9]/g, "-");
  const legalBase = base.replace(/[^a-zA-Z0-9-]+/g, "-").slice(0, LONGEST_NAME - stamp.length - 1);
  return `${legalBase.replace(/^-+|-+$/g, "") || "rondo"}-${stamp}`;
}

/** `…/blazingtext:1` → `blazingtext`. */
export function baseNameOfImage(imageUri: string): string {
  return imageUri.split("/").at(-1)?.split(/[:@]/)[0] ?? imageUri;
}
