/** Companies of ConnectWise PSA with their names, page after page, with the client for Node. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { ManageAPI } = createRequire(`${process.env.NODE_CLIENTS}/`)('connectwise-rest');
const secret = JSON.parse(readFileSync(0, 'utf8'));
const { companyId, publicKey, privateKey, clientId } = secret;
const companyUrl = `api-${new URL(secret.siteUrl).hostname}`;
const company = await fetch(`https://${companyUrl}/login/companyinfo/${companyId}`);
const entryPoint = (await company.json()).Codebase.replace(/\/$/u, '');
const client = new ManageAPI({ companyId, publicKey, privateKey, clientId, companyUrl, entryPoint });
const api = client.CompanyAPI;
const conditions = 'deletedFlag=false';
const companies = await api.paginate(api.getCompanyCompanies, { pageSize: 15 }, { orderBy: 'id', conditions });
process.stdout.write(JSON.stringify(Object.fromEntries(companies.map(({ id, name }) => [id, name]))));
