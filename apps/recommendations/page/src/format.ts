/** How numbers and dates are shown. */
const decimals = new Intl.NumberFormat("en", { maximumFractionDigits: 2, minimumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const days = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const times = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** `£2.55`: the orders that come with the application are in pounds. */
export function money(value: number): string {
  return `£${decimals.format(value)}`;
}

export function count(value: number): string {
  return whole.format(value);
}

/** A share as `12.3 %`; a dash where there is none. */
export function percent(share: number | null | undefined, fractionDigits = 1): string {
  return share === null || share === undefined ? "–" : `${(share * 100).toFixed(fractionDigits)} %`;
}

/** `+3.1 %`, `−0.4 %` */
export function change(share: number): string {
  const text = `${Math.abs(share * 100).toFixed(1)} %`;
  return share < 0 ? `−${text}` : `+${text}`;
}

export function day(iso: string): string {
  return days.format(new Date(iso));
}

export function time(iso: string): string {
  return times.format(new Date(iso));
}
