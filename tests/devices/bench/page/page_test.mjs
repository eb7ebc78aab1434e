// devsim's page in a real browser, with a stand-in for kioskd behind it.
//   node --test page_test.mjs     KIOSK_BUILD=build/dev   KIOSK_BROWSER=/usr/bin/chromium
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {after, before, test} from 'node:test';
import {chromium} from 'playwright-core';

const repo = resolve(import.meta.dirname, '../../../..');
const build = resolve(process.env.KIOSK_BUILD || join(repo, 'build/dev'));
const deadline = {timeout: 20_000};
let folder, devsim, browser, page, address;
const problems = [];

function write_configs() {
  writeFileSync(join(folder, 'kioskd.toml'),
    `[control]\nenabled = true\nsocket = "${folder}/control"\n`);
  writeFileSync(join(folder, 'devsim.toml'), `
[page]
port = 0
assets = "${repo}/ui-assets/devsim"
[kiosk]
program = "${build}/tests/devices/bench/fake_kiosk"
config = "kioskd.toml"
run = "run"
`);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devsim-page-'));
  write_configs();
  devsim = spawn(join(build, 'bin/devsim'), ['--config', join(folder, 'devsim.toml')],
    {stdio: ['ignore', 'pipe', 'inherit']});
  address = await new Promise((resolved, refused) => {
    devsim.stdout.on('data', text => resolved(String(text).trim()));
    devsim.on('exit', code => refused(new Error(`devsim ended with ${code}`)));
  });
  browser = await chromium.launch({
    executablePath: process.env.KIOSK_BROWSER || '/usr/bin/chromium', args: ['--no-sandbox']});
  page = await browser.newPage({viewport: {width: 1500, height: 950}});
  page.on('pageerror', error => problems.push(error.message));
  await page.goto(address);
  await page.locator('body.is-on').waitFor(deadline);
});

after(async () => {
  await browser?.close();
  if (devsim && devsim.exitCode === null) {
    const ended = new Promise(resolved => devsim.on('exit', resolved));
    devsim.kill('SIGTERM');
    assert.equal(await ended, 0);
  }
  rmSync(folder, {recursive: true, force: true});
});

const state = async () => (await fetch(address + 'state')).json();
async function until(what, condition) {
  for (const end = Date.now() + deadline.timeout; Date.now() < end;) {
    if (await condition())
      return;
    await page.waitForTimeout(50);
  }
  assert.fail(`waited in vain: ${what}`);
}
const notice = text => page.locator('#notice', {hasText: text}).waitFor(deadline);

test('the screen is shown, and a click reaches the pixel under it', async () => {
  const screen = page.locator('#screen');
  await until('the picture is there', () => screen.evaluate(image => image.naturalWidth === 1280));
  const before = await screen.getAttribute('src');
  const box = await screen.boundingBox();
  const answer = page.waitForResponse('**/touch');
  await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
  const touched = await (await answer).json();
  assert.ok(Math.abs(touched.x - 320) <= 2, `x is ${touched.x}`);
  await until('the picture is drawn anew', async () => before !== await screen.getAttribute('src'));
});

test('a note goes in and is counted', async () => {
  await until('notes are taken', async () => (await state()).validator.takes_note);
  await page.getByRole('button', {name: '500 ₽', exact: true}).click();
  await notice('500 ₽: в кассете');
  assert.equal((await state()).validator.stacker['50000'], 1);
  await page.locator('#state', {hasText: '500,00 ₽'}).waitFor(deadline);
});

test('a text is scanned in the chosen encoding', async () => {
  await page.locator('#code').fill('Привет');
  await page.locator('#encoding').selectOption('windows-1251');
  await page.getByRole('button', {name: 'Поднести'}).click();
  await notice('Считано байтов: 6');
  await until('the kiosk has it', async () => (await state()).screen.texts[0] === 'CFF0E8E2E5F20D');
});

test('a picture of a bill is scanned, and what is no bill is refused in words', async () => {
  const choose = picture => page.locator('#picture input').setInputFiles(picture);
  await choose(join(repo, 'tests/fixtures/bills/uniservis-st00011-cp1251.png'));
  await notice('Считано байтов: ');
  await choose({name: 'empty.png', mimeType: 'image/png', buffer: Buffer.from('no picture')});
  await notice('is not a PNG');
});

test('a ticket comes out, is shown and taken', async () => {
  await fetch(address + 'touch', {method: 'POST', body: '{"action":"act:print"}'});
  const picture = page.locator('#tickets figure img');
  await picture.waitFor(deadline);
  await until('it is drawn', () => picture.evaluate(image => image.naturalWidth === 640));
  await page.locator('#tickets figcaption', {hasText: 'в лотке'}).waitFor(deadline);
  await page.getByRole('button', {name: 'Взять'}).click();
  await page.locator('#tickets figcaption', {hasText: 'взят'}).waitFor(deadline);
  assert.ok(await page.getByRole('button', {name: 'Взять'}).isDisabled());
});

test('the link is cut and mended', async () => {
  const link = page.getByRole('switch', {name: 'Связь'});
  await link.click();
  await until('it is down', async () => !(await state()).link.up);
  await until('it is shown', async () => await link.getAttribute('aria-checked') === 'false');
  await link.click();
  await until('it is up', async () => (await state()).link.up);
});

test('the power is cut, the screen goes dark, and comes back', async () => {
  const power = page.getByRole('switch', {name: 'Питание'});
  const {pid} = (await state()).kiosk;
  await power.click();
  await page.locator('#dark').waitFor(deadline);
  assert.equal((await state()).kiosk.running, false);
  await until('it is shown', async () => await power.getAttribute('aria-checked') === 'false');
  await power.click();
  await page.locator('body.is-on').waitFor(deadline);
  assert.notEqual((await state()).kiosk.pid, pid);
});

test('devices are broken and mended', async () => {
  const form = page.locator('#printer-fault');
  await form.locator('select').selectOption({index: 0});
  await form.getByRole('button', {name: 'Сломать'}).click();
  await page.locator('#broken', {hasText: 'no_paper'}).waitFor(deadline);
  await form.getByRole('button', {name: 'Починить'}).click();
  await page.locator('#broken', {hasText: /^$/}).waitFor({...deadline, state: 'attached'});
  for (const name of ['validator-fault', 'printer-fault']) {
    const faults = page.locator(`#${name} option`);
    for (let index = 0; index < await faults.count(); ++index) {
      await page.locator(`#${name} select`).selectOption({index});
      const answer = page.waitForResponse('**/fault');
      await page.locator(`#${name}`).getByRole('button', {name: 'Сломать'}).click();
      assert.equal((await answer).status(), 200, await faults.nth(index).textContent());
    }
    await page.locator(`#${name}`).getByRole('button', {name: 'Починить'}).click();
  }
});

test('the page fits screens of every width', async () => {
  for (const width of [1920, 1280, 1000, 700, 400]) {
    await page.setViewportSize({width, height: 900});
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `${width}: ${overflow} pixels too wide`);
  }
  await page.setViewportSize({width: 1500, height: 950});
});

test('no script has failed meanwhile', async () => {
  if (process.env.KIOSK_SAVE_PICTURE)
    await page.screenshot({path: process.env.KIOSK_SAVE_PICTURE, fullPage: true});
  assert.deepEqual(problems, []);
});
