const statuses = ["completed", "incomplete", "failed", "cancelled"];

/** The statuses with which a reply ends. */
export const endStatuses: ReadonlySet<unknown> = new Set(statuses);

/** The events that end a reply, each with the status that it means. */
export const endings: ReadonlyMap<unknown, string> = new Map(statuses.map((status) => [`response.${status}`, status]));
