/** A resource as it came; nothing in it is trusted to be there or to have the right type. */
export type Resource = Readonly<Record<string, unknown>>;

export const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object property; an empty one where there is none. */
export const objectOf = (resource: Resource, key: string): Resource => {
  const value = resource[key];
  return isResource(value) ? value : {};
};

/** The objects of an array property. */
export const listOf = (resource: Resource, key: string): Resource[] => {
  const value = resource[key];
  return Array.isArray(value) ? value.filter(isResource) : [];
};

export const numberOf = (resource: Resource, key: string): number | undefined => {
  const value = resource[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

/** A text that says something. */
export const textOf = (resource: Resource, ...keys: string[]): string | undefined => {
  for (const key of keys) {
    const value = resource[key];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
};

/** Where a link property leads (DSP0266 §9.6). */
export const linkOf = (resource: Resource, key: string): string | undefined => pathOf(objectOf(resource, key));

export const pathOf = (resource: Resource): string | undefined => textOf(resource, '@odata.id');

/** `OK`, `Warning`, `Critical`; undefined where the BMC says nothing (DSP2046, Resource.Health). */
export const healthOf = (resource: Resource): string | undefined =>
  textOf(objectOf(resource, 'Status'), 'Health', 'HealthRollup');

/** Whether the thing is there at all. Boards give an absent DIMM a temperature of 0 °C. */
export const isAbsent = (resource: Resource): boolean => textOf(objectOf(resource, 'Status'), 'State') === 'Absent';

/** Absent, or there and not working at the moment: its readings mean nothing. */
export const isSilent = (resource: Resource): boolean => {
  const state = textOf(objectOf(resource, 'Status'), 'State');
  return state !== undefined && ['Absent', 'Disabled', 'UnavailableOffline', 'StandbyOffline'].includes(state);
};
