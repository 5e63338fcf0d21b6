/** How the balancer is started: as JSON in {@link BALANCER_VARIABLE}. */
export interface BalancerSettings {
  /** 0: any free port. */
  readonly port: number;
  readonly servers: readonly BalancedServer[];
  readonly byKey: boolean;
}

/** A server: a fleet with a port that its workers share, and a folder that tells who they are. */
export interface BalancedServer {
  readonly port: number;
  readonly runFolder: string;
}

export const BALANCER_VARIABLE = 'CACHE_LAB_BALANCER';

/** What the lab asks of it: from now on only these servers, by index, get requests. */
export interface BalancerRequest {
  readonly use: readonly number[];
}

/** What it tells the lab. */
export type BalancerReport = { readonly port: number } | { readonly using: readonly number[] };
