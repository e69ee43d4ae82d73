import type { Registry } from '../registry.ts';
import { listed } from '../report/text.ts';
import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';
import { collectorSubject, type Installation, psaSubject, sourceSubject } from './subjects.ts';

/** Everything that a run would call, and a note on each that it would not or that cannot be called from here. */
export function installedSubjects(registry: Registry, of: Installation): { subjects: Subject[]; notes: Finding[] } {
  const { integrations, delivery } = of.configuration;
  const sources = of.billing?.sources ?? [];
  const counted = registry.collectors.flatMap((collector) => {
    const configuration = integrations.get(collector.id);
    return configuration === undefined ? [] : [collectorSubject(collector, configuration, of)];
  });
  const psas = registry.psas.flatMap((psa) => {
    const configuration = integrations.get(psa.id);
    const isUsed = delivery.psa?.integration === psa.id;
    return configuration === undefined || !isUsed ? [] : [psaSubject(psa, configuration, of)];
  });
  const billed = sources.flatMap(({ kind, id, settings }) => {
    const source = kind === 'psa' ? registry.sources.find((each) => each.id === id) : undefined;
    const create = registry.psas.find((each) => each.id === id)?.setup.create ?? '';
    const configuration = integrations.get(id) ?? {};
    return source === undefined ? [] : [sourceSubject(source, create, configuration, { ...settings }, of)];
  });
  const subjects = [...counted, ...psas, ...billed];
  return { subjects, notes: [...idleNotes(registry, of, subjects), ...mailNotes(of)] };
}

/** Installed, and neither delivered to nor read from: its credentials are not needed. */
const idleNotes = ({ psas }: Registry, { configuration }: Installation, subjects: readonly Subject[]): Finding[] =>
  psas
    .filter(({ id }) => configuration.integrations.has(id) && !subjects.some((subject) => subject.id === id))
    .map(({ name }) => ({
      verdict: 'note',
      subject: name,
      sentence: 'not checked: nothing is delivered there, and billing.json does not read from it',
    }));

function mailNotes({ configuration: { delivery } }: Installation): Finding[] {
  const { email } = delivery;
  if (email === undefined) return [];
  const sentence = `not checked: only a mail shows whether ${email.from} may write to ${listed(email.recipients)}; their form is right`;
  return [{ verdict: 'note', subject: 'e-mail', sentence }];
}
