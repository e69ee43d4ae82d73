import { getLanguageService, TextDocument } from 'amazon-states-language-service';
import aslValidator from 'asl-validator';
import { expect, it } from 'vitest';
import { loadDefinition } from '../../scripts/local/definition.ts';

const definition = loadDefinition('billing-count-report-');

it('is valid for asl-validator, paths and resource names included', () => {
  const { isValid, errorsText } = aslValidator(definition, { checkPaths: true, checkArn: true });
  expect(isValid ? '' : errorsText('\n')).toBe('');
});

it('is valid for the language service of the AWS console', async () => {
  const service = getLanguageService({});
  const document = TextDocument.create('file://report.asl', 'asl', 1, JSON.stringify(definition, null, 2));
  const found = await service.doValidation(document, service.parseJSONDocument(document));
  expect(found.map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)).toEqual([]);
});

it('gets its function names from the prefix alone', () => {
  expect(JSON.stringify(definition)).toContain('billing-count-report-collector-{}');
  expect(JSON.stringify(loadDefinition())).toContain("States.Format('psa-{}', $.run.psa)");
});
