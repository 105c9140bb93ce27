'use strict';
// Tables that can be sorted, filtered and saved.
function table(name, columns, data) {
  let sorted = null, descending = false, filter = '', all = false;
  const body = h('tbody'), more = h('div', { class: 'controls' });
  const sortBy = (c, i) => { descending = sorted === i ? !descending : !c.text; sorted = i; fill(); };
  const headers = columns.map((c, i) =>
    h('th', { class: c.text ? 'text' : null }, h('button', { onclick: () => sortBy(c, i) }, c.name)));
  const search = h('input', {
    type: 'search', placeholder: 'Filter, such as l1h3 docs', 'aria-label': 'Filter the table ' + name,
    oninput: () => { filter = search.value.toLowerCase(); fill(); },
  });
  const number = v => isNumber(v) ? v : -Infinity;
  const compare = (x, y) => typeof x === 'string'
    ? x.localeCompare(String(y), 'en', { numeric: true })
    : number(x) - number(y);
  const cell = (c, r) => h('td', { class: c.wide ? 'text reason' : c.text ? 'text' : null },
    c.show ? c.show(c.get(r), r) : String(c.get(r) ?? ''));
  function fill() {
    let list = data.filter(r => filter.split(/\s+/).every(word => columns.some(c => String(c.get(r)).toLowerCase().includes(word))));
    if (sorted !== null) {
      const get = columns[sorted].get, sign = descending ? -1 : 1;
      list = [...list].sort((a, b) => sign * compare(get(a), get(b)));
    }
    headers.forEach((th, i) => {
      const isSorted = sorted === i;
      th.setAttribute('aria-sort', isSorted ? (descending ? 'descending' : 'ascending') : 'none');
      th.firstChild.textContent = columns[i].name + (isSorted ? (descending ? ' \u2193' : ' \u2191') : '');
    });
    const limit = all ? list.length : 300;
    body.replaceChildren(...list.slice(0, limit).map(r => h('tr', {}, columns.map(c => cell(c, r)))));
    const showAll = () => h('button', { onclick: () => { all = true; fill(); } }, 'Show all');
    more.replaceChildren(
      h('span', { class: 'soft' }, `${Math.min(limit, list.length)} of ${data.length} rows`),
      list.length > limit ? showAll() : '');
  }
  const save = h('button', { onclick: () => {
    const quote = v => /[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v;
    const lines = [columns.map(c => c.name), ...data.map(r => columns.map(c => String(c.get(r) ?? '')))];
    const text = lines.map(r => r.map(quote).join(',')).join('\n');
    const file = URL.createObjectURL(new Blob([text + '\n'], { type: 'text/csv' }));
    const link = h('a', { href: file, download: name + '.csv' });
    link.click();
    URL.revokeObjectURL(link.href);
  } }, 'Save as CSV');
  fill();
  return h('div', {}, h('div', { class: 'controls' }, search, save),
    h('div', { class: 'scroll', tabindex: '0' }, h('table', {}, h('thead', {}, h('tr', {}, headers)), body)), more);
}
