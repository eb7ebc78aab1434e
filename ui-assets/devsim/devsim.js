// The page of devsim. It knows nothing that a program could not learn: all it does are the calls of
// /openapi.json.
'use strict';

const by_id = id => document.getElementById(id);
const poll_every_ms = 300;

const notes = [[10, '#d9c08b'], [50, '#a9c3de'], [100, '#d8b98a'], [200, '#a8cfa2'],
  [500, '#c9a3c9'], [1000, '#9ccabf'], [2000, '#9fb6e0'], [5000, '#e0a98f']];

const validator_faults = [
  [{fault: 'power_cut'}, 'питание пропало', 'power cut'],
  [{fault: 'power_cut_at', at: 'escrow'}, 'питание пропадёт, когда купюра в эскроу', 'at escrow'],
  [{fault: 'power_cut_at', at: 'stacking'}, 'питание пропадёт на пути в кассету', 'at stacking'],
  [{fault: 'power_cut_at', at: 'stacked'}, 'питание пропадёт, когда купюра в кассете', 'at stacked'],
  [{fault: 'reject_next'}, 'не узнает следующую купюру', 'rejects the next'],
  [{fault: 'cheat'}, 'купюру тянут назад', 'cheat'],
  [{fault: 'jammed'}, 'замятие', 'jammed'],
  [{fault: 'stacker_full'}, 'кассета полна', 'stacker full'],
  [{fault: 'stacker_removed'}, 'кассета вынута', 'stacker removed'],
  [{fault: 'lose_reply', times: 3}, 'теряет ответы', 'loses replies'],
  [{fault: 'corrupt_reply', times: 3}, 'портит ответы', 'corrupts replies'],
];

const printer_faults = [
  [{fault: 'no_paper'}, 'нет бумаги', 'no paper'],
  [{fault: 'no_paper', after_lines: 8}, 'бумага кончится посреди чека', 'no paper in a ticket'],
  [{fault: 'near_end'}, 'бумага кончается', 'near end'],
  [{fault: 'cover_open'}, 'открыта крышка', 'cover open'],
  [{fault: 'jam', after_lines: 8}, 'замятие посреди чека', 'jam in a ticket'],
  [{fault: 'cutter'}, 'нож не режет', 'cutter'],
  [{fault: 'head_hot'}, 'головка перегрелась', 'head hot'],
  [{fault: 'xoff', milliseconds: 5000}, 'просит подождать 5 с', 'XOFF'],
  [{fault: 'lost_status', milliseconds: 5000}, 'молчит 5 с', 'silent'],
  [{fault: 'power_cut', after_lines: 8}, 'питание пропадёт посреди чека', 'power cut in a ticket'],
];

const words = {
  taken: 'взят', at_mouth: 'в лотке', retracted: 'втянут назад', ejected: 'выброшен',
  in_printer: 'внутри', stacked: 'в кассете', returned: 'возвращена', rejected: 'не узнана',
  not_taken: 'не принята', up: 'есть', down: 'нет',
  // CCNET's own words for what the validator does.
  'power up': 'только что включён', initialize: 'проверяет себя', idling: 'ждёт купюру',
  accepting: 'смотрит купюру', 'escrow position': 'держит купюру', stacking: 'убирает в кассету',
  'bill stacked': 'убрал в кассету', returning: 'возвращает', 'bill returned': 'вернул',
  rejecting: 'не узнал купюру', 'unit disabled': 'закрыт', 'validator jammed': 'замятие',
  'drop cassette full': 'кассета полна', 'drop cassette out of position': 'кассета вынута',
  'drop cassette jammed': 'замятие в кассете', failure: 'неисправен', cheated: 'купюру тянут назад',
  'device busy': 'занят', pause: 'мешает вторая купюра',
};
const in_words = word => words[word] || word;

function say(text, is_bad) {
  by_id('notice').textContent = text;
  by_id('notice').className = is_bad ? 'bad' : '';
}

// The answer as JSON; a refusal is said and thrown.
async function call(method, path, body, type) {
  const answer = await fetch(path, {method, body,
    headers: body === undefined ? {} : {'Content-Type': type || 'application/json'}});
  const value = await answer.json();
  if (!answer.ok) {
    say(value.error || `${path}: ${answer.status}`, true);
    throw new Error(value.error || path);
  }
  return value;
}
const post = (path, value) => call('POST', path, JSON.stringify(value || {}));
// What went wrong is said by `call`; there is nobody else to tell.
const on = (element, event, action) => element.addEventListener(event, happening => {
  happening.preventDefault();
  Promise.resolve(action(happening)).catch(error => console.info(error.message)).finally(look);
});

function roubles(kopecks) {
  return Math.floor(kopecks / 100).toLocaleString('ru-RU') + ',' +
    String(kopecks % 100).padStart(2, '0') + ' ₽';
}

// ---- what can be done

function note_button([value, colour]) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = value + ' ₽';
  element.style.setProperty('--note', colour);
  on(element, 'click', async () => {
    say(`Вставляем ${value} ₽…`);
    const outcome = await post('/notes', {value: value * 100});
    say(`${value} ₽: ${in_words(outcome.outcome)}${outcome.why ? ' — ' + outcome.why : ''}`,
      outcome.outcome !== 'stacked');
  });
  return element;
}

function prepare_faults(id, path, faults) {
  const form = by_id(id);
  const select = form.querySelector('select');
  for (const [, ru, en] of faults)
    select.add(new Option(`${ru} · ${en}`));
  on(form, 'submit', async () => {
    await post(path, faults[select.selectedIndex][0]);
    say(faults[select.selectedIndex][1]);
  });
  on(form.querySelector('.quiet'), 'click', async () => {
    await post(path, {fault: 'none'});
    say('Починено');
  });
}

function touch(happening) {
  const screen = by_id('screen');
  const box = screen.getBoundingClientRect();
  const x = Math.floor((happening.clientX - box.left) * screen.naturalWidth / box.width);
  const y = Math.floor((happening.clientY - box.top) * screen.naturalHeight / box.height);
  const spot = by_id('touch');
  const bezel = spot.parentElement.getBoundingClientRect();
  spot.style.left = happening.clientX - bezel.left + 'px';
  spot.style.top = happening.clientY - bezel.top + 'px';
  spot.classList.remove('shown');
  void spot.offsetWidth; // Begins the animation anew.
  spot.classList.add('shown');
  return post('/touch', {x, y});
}

// A picture of any kind as PNG, the only kind that the call takes.
async function as_png(file) {
  if (file.type === 'image/png')
    return file;
  const picture = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
}

async function scan_picture(file) {
  if (!file)
    return;
  say('Читаем картинку…');
  const answer = await call('POST', '/scan/picture', await as_png(file), 'image/png');
  say(`Считано байтов: ${answer.scanned}`);
}

async function scan_text() {
  const answer = await post('/scan',
    {text: by_id('code').value, encoding: by_id('encoding').value});
  say(`Считано байтов: ${answer.scanned}`);
}

const flip = (id, path, name) => on(by_id(id), 'click',
  () => post(path, {[name]: by_id(id).getAttribute('aria-checked') !== 'true'}));

// ---- what is shown

function show_switch(id, is_on) {
  by_id(id).setAttribute('aria-checked', String(is_on));
  by_id(id).querySelector('b').textContent = is_on ? 'вкл' : 'выкл';
}

let drawn = null;
function show_screen(screen, pid) {
  document.body.classList.toggle('is-on', screen.drawn !== undefined);
  by_id('screen-name').textContent = screen.screen || '';
  const version = screen.drawn === undefined ? null : `${pid}.${screen.drawn}`;
  if (version !== drawn && version !== null)
    by_id('screen').src = '/screen.png?' + version;
  drawn = version;
}

function facts_of(state) {
  const kiosk = state.kiosk_state;
  const stacker = Object.entries(state.validator.stacker);
  const total = stacker.reduce((sum, [value, count]) => sum + value * count, 0);
  return [
    ['Процесс', state.kiosk.running ? `pid ${state.kiosk.pid}` : state.kiosk.last_end || 'нет'],
    ['Состояние', kiosk.state],
    ['Сеанс', kiosk.session],
    ['Внесено', kiosk.inserted === undefined ? undefined : roubles(kiosk.inserted)],
    ['В кассете', roubles(total)],
    ['Купюры', stacker.map(([value, count]) => `${count} × ${value / 100}`).join(', ')],
    ['Записей журнала', kiosk.journal_entries],
    ['Последняя запись', kiosk.last_sequence],
    ['Не подтверждено', kiosk.unacknowledged],
    ['Связь у киоска', kiosk.link && in_words(kiosk.link)],
    ['Отправлено, принято', `${state.link.bytes_up}, ${state.link.bytes_down} Б`],
    ['Соединений', state.link.connections],
  ].filter(([, value]) => value !== undefined && value !== '');
}

function show_facts(state) {
  by_id('state').replaceChildren(...facts_of(state).flatMap(fact =>
    ['dt', 'dd'].map((tag, part) => {
      const element = document.createElement(tag);
      element.textContent = fact[part];
      return element;
    })));
  by_id('validator').textContent = state.validator.power
    ? `Купюроприёмник ${in_words(state.validator.state)}` : 'Купюроприёмник без питания';
  by_id('broken').textContent = state.printer.faults.length
    ? 'Принтер: ' + state.printer.faults.join(', ') : '';
}

const figures = new Map(); // By the ticket's number.
function figure_of(number) {
  if (!figures.has(number)) {
    const figure = document.createElement('figure');
    const picture = document.createElement('img');
    picture.src = `/paper/${number}.png`;
    picture.alt = `Чек ${number}`;
    figure.append(picture, document.createElement('figcaption'));
    by_id('tickets').prepend(figure);
    figures.set(number, figure);
  }
  return figures.get(number);
}

function show_tickets(printer) {
  by_id('take').disabled = !printer.ticket_at_mouth;
  for (const {number, whereabouts} of printer.last_tickets) {
    const figure = figure_of(number);
    if (figure.className === whereabouts)
      continue;
    figure.className = whereabouts;
    figure.querySelector('figcaption').textContent = `Чек ${number}: ${in_words(whereabouts)}`;
  }
}

let is_looking = false;
async function look() {
  if (is_looking)
    return;
  is_looking = true;
  try {
    const state = await call('GET', '/state');
    show_switch('power', state.kiosk.running);
    show_switch('link', state.link.up);
    show_screen(state.screen, state.kiosk.pid);
    show_facts(state);
    show_tickets(state.printer);
  } catch (error) {
    say('devsim не отвечает · devsim does not answer', true);
    console.info(error.message);
  }
  is_looking = false;
}

by_id('notes').append(...notes.map(note_button));
prepare_faults('validator-fault', '/validator/fault', validator_faults);
prepare_faults('printer-fault', '/printer/fault', printer_faults);
on(by_id('screen'), 'click', touch);
flip('power', '/power', 'on');
flip('link', '/link', 'up');
on(by_id('take'), 'click', () => post('/paper/take'));
on(by_id('scan'), 'submit', scan_text);
const drop = by_id('picture');
drop.querySelector('input').addEventListener('change', happening => {
  scan_picture(happening.target.files[0]).catch(error => console.info(error.message));
  happening.target.value = ''; // The same picture may be chosen again.
});
on(drop, 'dragover', () => drop.classList.add('over'));
on(drop, 'dragleave', () => drop.classList.remove('over'));
on(drop, 'drop', happening => {
  drop.classList.remove('over');
  return scan_picture(happening.dataTransfer.files[0]);
});
look();
setInterval(look, poll_every_ms);
