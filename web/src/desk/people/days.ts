/** Ends of grants as days of the city: a grant that ends with a day ends when the next one begins. */
const zone = "+08:00";
const hour = 3_600_000;

/** The instant at which a day of the city is over. */
export const dayAfter = (on: string): string => new Date(Date.parse(`${on}T00:00:00${zone}`) + 24 * hour).toISOString();

/** The last day on which something holds that ends at an instant. */
export function lastDay(at: string | null | undefined): string | null {
  return at ? new Date(Date.parse(at) - 1 + 8 * hour).toISOString().slice(0, 10) : null;
}
