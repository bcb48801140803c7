'use strict';

// Asks /v1/dashboard for what is new, twice a second, and shows it. Everything that came from outside is put in as text, never as markup.
const each = 500, shown = 60, kept = 120;
const at = id => document.getElementById(id);
const known = ['approve', 'review', 'decline'];
const paint = action => known.includes(action) ? action : 'other';
const rates = [];
let after = 0, last = null, paused = false, actions = '', curlShown = false;

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const whole = number => Math.round(number).toLocaleString('en');
const short = number => number === null ? 'missing' : typeof number === 'string' ? number
  : Number.isInteger(number) ? number.toLocaleString('en') : Number(number.toPrecision(6)).toString();
const ms = number => number === null ? '–' : number < 10 ? number.toFixed(2) : number.toFixed(0);

function span(milliseconds) {
  if (milliseconds === null) return 'nothing to read';
  if (milliseconds === 0) return 'this request';
  const s = milliseconds / 1000;
  if (s < 60) return `${s.toFixed(s < 10 ? 1 : 0)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
}

function row(served) {
  const d = served.decision;
  const open = element('button', { type: 'button', title: 'Every feature of this decision' },
    element('span', { className: 'wide', textContent: d.at.slice(0, 10) + ' ' }), d.at.slice(11, 19));
  const line = element('tr', { className: 'new' },
    element('td', {}, open),
    element('td', { textContent: `${d.owner.kind} ${d.owner.key}` }),
    element('td', {}, element('span', { className: 'action ' + paint(d.action), textContent: d.action })),
    element('td', { className: 'right', textContent: d.score === null ? '–' : d.score.toFixed(3) }),
    element('td', { textContent: d.reasons.join(', ') }),
    element('td', { className: 'right wide', textContent: ms(served.latency_ms) + ' ms' }));
  if (d.fallback) line.cells[2].append(element('span', { className: 'mark', textContent: 'fallback' }));
  if (d.duplicate) line.cells[2].append(element('span', { className: 'mark', textContent: 'again' }));
  line.dataset.action = d.action;
  line.addEventListener('click', () => show(d));
  return line;
}

function show(d) {
  at('detail-title').textContent = `${d.decision}: ${d.action}`;
  const facts = { Decision: d.decision_id, Owner: `${d.owner.kind} ${d.owner.key}`, Event: d.event_id, Moment: d.at,
    Score: d.score === null ? 'none (fallback)' : d.score.toFixed(6), Reasons: d.reasons.join(', ') || 'none', Model: d.model, Bundle: d.bundle };
  at('facts').replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [element('dt', { textContent: name }), element('dd', { textContent: value })]));
  at('features').replaceChildren(...d.features.map(f => element('tr', {},
    element('td', { textContent: f.name }),
    element('td', { className: 'right', textContent: short(f.value) + (f.approximate ? ' (approximate)' : '') }),
    element('td', { className: 'right', textContent: span(f.age_ms) }))));
  at('detail').showModal();
}

function showDecisions(served) {
  if (served.length === 0) return;
  at('empty').hidden = true;
  const rows = at('rows');
  rows.prepend(...served.map(row).reverse());
  while (rows.rows.length > shown) rows.deleteRow(-1);
  filter();
}

function filter() {
  const wanted = at('filter').value;
  for (const line of at('rows').rows) line.hidden = wanted !== '' && line.dataset.action !== wanted;
}

function showSplit(counts) {
  const entries = Object.entries(counts).sort();
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return;
  const share = count => `${(100 * count / total).toFixed(1)} %`;
  at('split').replaceChildren(...entries.map(([action, count]) => {
    const part = element('span', { className: 'paint-' + paint(action) });
    part.style.flexGrow = count;
    return part;
  }));
  at('split').setAttribute('aria-label', entries.map(([action, count]) => `${action} ${share(count)}`).join(', '));
  at('legend').replaceChildren(...entries.map(([action, count]) =>
    element('li', {}, element('i', { className: 'paint-' + paint(action) }), `${action} ${share(count)}`)));
  const names = entries.map(([action]) => action).join();
  if (names !== actions) {
    actions = names;
    const chosen = at('filter').value;
    at('filter').replaceChildren(element('option', { value: '', textContent: 'every action' }),
      ...entries.map(([action]) => element('option', { value: action, textContent: `${action} only` })));
    at('filter').value = chosen;
  }
}

function showRate(news) {
  if (last !== null && news.now > last.now) {
    rates.push(1000 * Math.max(0, news.count - last.count) / (news.now - last.now));
    if (rates.length > 2 * kept) rates.shift();
    const recent = rates.slice(-4);
    at('rate').textContent = whole(recent.reduce((sum, rate) => sum + rate, 0) / recent.length);
    const most = Math.max(1, ...rates), step = 120 / (2 * kept - 1), from = 120 - step * (rates.length - 1);
    const line = rates.map((rate, i) => `${i === 0 ? 'M' : 'L'}${(from + i * step).toFixed(1)} ${(27 - 25 * rate / most).toFixed(1)}`).join('');
    at('spark-line').setAttribute('d', line);
    at('spark-area').setAttribute('d', `${line}L120 28L${from.toFixed(1)} 28Z`);
  }
  last = news;
}

function showState(word, text) {
  at('light').className = 'light ' + word;
  if (at('state-text').textContent !== text) at('state-text').textContent = text;
}

async function showCurl() {
  curlShown = true;
  const schema = await (await ask('/v1/schema')).json();
  const decision = schema.decisions[0];
  const event = decision && schema.events.find(e => e.type === decision.event);
  if (!event) return;
  const sample = f => f.type === 'boolean' ? false : f.type === 'timestamp' ? new Date().toISOString() : f.type === 'string' ? `${f.name}-1` : Math.max(f.min ?? 1, 1);
  const body = Object.fromEntries(event.fields.filter(f => f.required || f.name === event.time_field).map(f => [f.name, sample(f)]));
  at('curl').textContent = `curl -s ${location.origin}/v1/decisions/${decision.name} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}

async function ask(address) {
  const key = sessionStorage.getItem('key');
  const answer = await fetch(address, { headers: key ? { 'X-Api-Key': key } : {}, cache: 'no-store' });
  if (answer.status === 401) {
    if (!at('ask').open) at('ask').showModal();
    throw new Error('a key is needed');
  }
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer;
}

async function turn() {
  try {
    const news = await (await ask(`/v1/dashboard?after=${after}`)).json();
    if (last !== null && news.started !== last.started) {
      after = 0; // another process answers now, and counts from the start
      last = null;
      at('rows').replaceChildren();
      return;
    }
    showState('on', 'live');
    at('bundle').textContent = news.bundle;
    at('count').textContent = whole(news.count);
    at('uptime').textContent = `started ${span(news.now - news.started)} ago`;
    at('p50').textContent = ms(news.p50_ms);
    at('p99').textContent = ms(news.p99_ms);
    showRate(news);
    showSplit(news.actions);
    if (!paused) {
      showDecisions(news.decisions);
      after = news.decisions.reduce((most, served) => Math.max(most, served.number), after);
    }
    if (news.count === 0 && !curlShown) await showCurl();
  } catch (fault) {
    showState('off', `no answer (${fault.message}); asking again`);
  }
}

at('filter').addEventListener('change', filter);
at('pause').addEventListener('click', () => {
  paused = !paused;
  at('pause').setAttribute('aria-pressed', paused);
  at('pause').textContent = paused ? 'Go on' : 'Pause';
});
at('ask-form').addEventListener('submit', () => sessionStorage.setItem('key', at('key').value));

(async function loop() {
  await turn();
  setTimeout(loop, document.hidden ? 4 * each : each);
})();
