'use strict';
// Tables that can be sorted, filtered and saved.
function table(name, columns, data) {
  let sorted = null, descending = false, filter = '', all = false;
  const body = h('tbody'), more = h('div', { class: 'controls' }), headers = columns.map((c, i) => h('th', { class: c.text ? 'text' : null }, h('button', { onclick: () => { descending = sorted === i ? !descending : !c.text; sorted = i; fill(); } }, c.name)));
  const search = h('input', { type: 'search', placeholder: 'Filter, such as l1h3 docs', 'aria-label': 'Filter the table ' + name, oninput: () => { filter = search.value.toLowerCase(); fill(); } });
  function fill() {
    let list = data.filter(r => filter.split(/\s+/).every(word => columns.some(c => String(c.get(r)).toLowerCase().includes(word))));
    if (sorted !== null) { const get = columns[sorted].get; list = [...list].sort((a, b) => { const x = get(a), y = get(b); const o = typeof x === 'string' ? x.localeCompare(String(y), 'en', { numeric: true }) : (isNumber(x) ? x : -Infinity) - (isNumber(y) ? y : -Infinity); return descending ? -o : o; }); }
    headers.forEach((th, i) => { th.setAttribute('aria-sort', sorted === i ? (descending ? 'descending' : 'ascending') : 'none'); th.firstChild.textContent = columns[i].name + (sorted === i ? (descending ? ' \u2193' : ' \u2191') : ''); });
    const limit = all ? list.length : 300;
    body.replaceChildren(...list.slice(0, limit).map(r => h('tr', {}, columns.map(c => h('td', { class: c.wide ? 'text reason' : c.text ? 'text' : null }, c.show ? c.show(c.get(r), r) : String(c.get(r) ?? ''))))));
    more.replaceChildren(h('span', { class: 'soft' }, `${Math.min(limit, list.length)} of ${data.length} rows`), list.length > limit ? h('button', { onclick: () => { all = true; fill(); } }, 'Show all') : '');
  }
  const save = h('button', { onclick: () => {
    const quote = v => /[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v;
    const text = [columns.map(c => c.name), ...data.map(r => columns.map(c => String(c.get(r) ?? '')))].map(r => r.map(quote).join(',')).join('\n');
    const link = h('a', { href: URL.createObjectURL(new Blob([text + '\n'], { type: 'text/csv' })), download: name + '.csv' }); link.click(); URL.revokeObjectURL(link.href);
  } }, 'Save as CSV');
  fill();
  return h('div', {}, h('div', { class: 'controls' }, search, save), h('div', { class: 'scroll', tabindex: '0' }, h('table', {}, h('thead', {}, h('tr', {}, headers)), body)), more);
}
