/** Agents of every client of ConnectWise Automate, page after page, with the client for Node. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { AutomateAPI } = createRequire(`${process.env.NODE_CLIENTS}/`)('connectwise-rest');
const { serverUrl, clientId, username, password } = JSON.parse(readFileSync(0, 'utf8'));
const client = new AutomateAPI({ serverUrl: new URL(serverUrl).hostname, clientId, username, password });
const api = client.ComputersAPI;
const computers = await api.paginate(api.getComputerList, { pageSize: 200 }, { orderBy: 'Id asc' });
const byClient = Object.entries(Object.groupBy(computers, ({ Client }) => Client.Id));
process.stdout.write(JSON.stringify(Object.fromEntries(byClient.map(([id, { length }]) => [id, length]))));
