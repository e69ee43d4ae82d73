import { Unread } from '../../counting/row-forms.ts';
import { ReportError } from '../../report/errors.ts';
import type { Endpoint } from './endpoints.ts';

/** The owner of devices without a listed company: a separate customer, so that none is lost. */
export const UNMATCHED = 'unmatched';
export const UNMATCHED_NAME = 'Devices that match no company';

/** A device's owner: its company, or its site's company if its own company id is not listed. */
export class Owners {
  readonly #active = new Map<string, boolean | null | undefined>();
  readonly #companyOfSite = new Map<string, string | undefined>();
  readonly #devices = new Map<string, number>();

  addCompany(id: string, isActive: boolean | null | undefined): undefined {
    this.#active.set(id, isActive);
  }

  removeCompany(id: string): undefined {
    this.#active.delete(id);
  }

  addSite(id: string, company: string | undefined): undefined {
    this.#companyOfSite.set(id, company);
  }

  get ids(): string[] {
    return [...this.#active.keys()];
  }

  /** Undefined if the vendor does not state it. */
  isActive(id: string): boolean | undefined {
    return this.#active.get(id) ?? undefined;
  }

  /**
   * The owner of a device. Errors: `VendorContractError` if its site has none, and for an unreadable row that names no
   * company, because any company may then count one device too few.
   */
  take(endpoint: Endpoint): string {
    const owner = this.#ownerOf(endpoint);
    if (!endpoint.clientId && !endpoint.siteId) refuseUnread(endpoint.endpointId, endpoint.endpointType);
    this.#devices.set(owner, (this.#devices.get(owner) ?? 0) + 1);
    return owner;
  }

  /** Companies without a device. */
  idle(): string[] {
    return this.ids.filter((id) => !this.#devices.has(id));
  }

  /** The number of devices without a listed company. Errors: `VendorContractError` if that is all of them. */
  unmatched(): number {
    const unmatched = this.#devices.get(UNMATCHED) ?? 0;
    if (unmatched > 0 && this.#devices.size === 1) {
      throw new ReportError(
        'VendorContractError',
        'ConnectWise Asio: no endpoint belongs to a listed company; make sure that the key may read all companies',
      );
    }
    return unmatched;
  }

  #ownerOf({ clientId, siteId }: Endpoint): string {
    if (typeof clientId === 'string' && this.#active.has(clientId)) return clientId;
    if (typeof siteId !== 'string' || !this.#companyOfSite.has(siteId)) {
      refuseUnread(clientId, siteId);
      return UNMATCHED;
    }
    const owner = this.#companyOfSite.get(siteId);
    if (owner === undefined) {
      throw new ReportError('VendorContractError', `ConnectWise Asio: site ${siteId} does not name its company`);
    }
    return this.#active.has(owner) ? owner : UNMATCHED;
  }
}

function refuseUnread(...values: unknown[]): void {
  const unread = values.find((value) => value instanceof Unread);
  if (unread !== undefined) throw new ReportError('VendorContractError', `ConnectWise Asio: ${unread.reason}`);
}
