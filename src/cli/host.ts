/** An IPv6 address without the brackets that it has in URLs and before ports; other hosts as they are. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '');
