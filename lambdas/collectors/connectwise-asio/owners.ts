import { ReportError } from '../../report/errors.ts';
import type { Endpoint } from './endpoints.ts';

/** Whose the devices are that no listed company explains: a customer of its own, so that none is lost. */
export const UNMATCHED = 'unmatched';
export const UNMATCHED_NAME = 'Devices that match no company';

/** Whose a device is: its company's, or that of its site where its company id is not listed. */
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

  /** Undefined if the vendor does not say. */
  isActive(id: string): boolean | undefined {
    return this.#active.get(id) ?? undefined;
  }

  /** Takes a device and says whose it is. Errors: `VendorContractError` if its site does not say whose it is. */
  take(endpoint: Endpoint): string {
    const owner = this.#ownerOf(endpoint);
    this.#devices.set(owner, (this.#devices.get(owner) ?? 0) + 1);
    return owner;
  }

  /** Companies of which no device was taken. */
  idle(): string[] {
    return this.ids.filter((id) => !this.#devices.has(id));
  }

  /** How many devices are of no listed company. Errors: `VendorContractError` if all of them are. */
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
    if (clientId && this.#active.has(clientId)) return clientId;
    if (!siteId || !this.#companyOfSite.has(siteId)) return UNMATCHED;
    const owner = this.#companyOfSite.get(siteId);
    if (owner === undefined) {
      throw new ReportError('VendorContractError', `ConnectWise Asio: site ${siteId} does not name its company`);
    }
    return this.#active.has(owner) ? owner : UNMATCHED;
  }
}
