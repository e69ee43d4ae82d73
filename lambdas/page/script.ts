/**
 * Search, filter, sort and print buttons. The page is complete without it: it adds its own controls, and only hides and
 * moves what is there.
 */
export const SCRIPT = `
'use strict';
(() => {
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const rows = [...document.querySelectorAll('table.list tbody tr')];
  const companies = [...document.querySelectorAll('.company')];
  const texts = new WeakMap();
  const textOf = (element) => {
    const known = texts.get(element) ?? element.textContent.toLowerCase();
    texts.set(element, known);
    return known;
  };
  const filters = new WeakMap();
  const status = make('span', { className: 'quiet' });
  status.setAttribute('role', 'status');
  const input = make('input', { type: 'search', id: 'find' });

  const show = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const fits = (element) => words.every((word) => textOf(element).includes(word));
    for (const row of rows) {
      const state = filters.get(row.closest('table'));
      row.hidden = !(fits(row) && (state === undefined || state === '' || row.dataset.state === state));
    }
    for (const company of companies) company.hidden = !fits(company);
    const shown = companies.filter((company) => !company.hidden).length;
    status.textContent = words.length === 0 ? '' : shown + ' of ' + companies.length + ' companies';
  };

  const label = make('label', { htmlFor: 'find', textContent: 'Find' });
  const find = make('div', { className: 'find' });
  find.append(label, input, status);
  document.querySelector('.bar').append(find);
  let waiting;
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 100);
  });

  for (const table of document.querySelectorAll('table.list')) {
    const body = table.tBodies[0];
    const states = [...new Set([...body.rows].map((row) => row.dataset.state).filter(Boolean))];
    if (states.length > 1) {
      const select = make('select', { id: 'filter-' + table.getAttribute('aria-labelledby') });
      select.append(make('option', { value: '', textContent: 'all' }));
      for (const state of states) select.append(make('option', { value: state, textContent: state }));
      select.addEventListener('change', () => {
        filters.set(table, select.value);
        show();
      });
      const line = make('div', { className: 'filter' });
      line.append(make('label', { htmlFor: select.id, textContent: 'Show' }), select);
      table.closest('.frame').before(line);
    }
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      const button = make('button', { type: 'button', textContent: head.textContent });
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === 'ascending';
        for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const valueOf = (row) => row.cells[index].querySelector('data')?.value ?? row.cells[index].textContent.trim();
        const numeric = head.classList.contains('n');
        const compare = (a, b) => {
          const [left, right] = [valueOf(a), valueOf(b)];
          if (left === '' || right === '') return (left === '') - (right === '');
          if (numeric && !Number.isNaN(Number(left)) && !Number.isNaN(Number(right))) {
            return (Number(left) - Number(right)) * (down ? -1 : 1);
          }
          return left.localeCompare(right, undefined, { numeric: true }) * (down ? -1 : 1);
        };
        body.append(...[...body.rows].sort(compare));
      });
    });
  }

  for (const company of companies) {
    const button = make('button', { type: 'button', textContent: 'Print this company alone' });
    button.setAttribute('aria-describedby', company.querySelector('h3').id);
    button.addEventListener('click', () => {
      location.hash = company.id.replace(/%/g, '%25');
      print();
    });
    company.append(button);
  }
})();
`;
