/*
 * browser.mjs - a Chromium with a page of SendinGo in it, for the tests of this folder.
 *
 * The server is the one at SENDINGO_URL or, without that, one of its own (tests/api/harness.mjs). A
 * page that logs an error, throws, breaks its Content-Security-Policy or asks any other host for
 * something makes its test fail: Desk.calm() says so.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import axe from 'axe-core';
import { startServer } from '../api/harness.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const WAIT_MS = 60_000;
/* The picture of a template lies at the gateway. */
const PRACTICE_IMAGE = /^http:\/\/127\.0\.0\.1:\d+\/practice\/image/;
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/* What a person's KakaoTalk says when a button is pressed. */
export const KAKAOTALK = 'Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) '
  + 'Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36;KAKAOTALK 2610650';

export const EMAIL = `sky.${process.pid}.${Date.now()}@example.kr`;
export const PASSWORD = 'a long enough sentence';

/** {url, stop}; `server` is there when it is our own. */
export async function openHouse(more = {}) {
  if (process.env.SENDINGO_URL) return { url: process.env.SENDINGO_URL.replace(/\/$/, ''), stop: async () => {} };
  const server = await startServer(more);
  return { url: `http://127.0.0.1:${server.port}`, server, stop: () => server.stop() };
}

/** A customer list: SENDINGO_WORKBOOK, or one of `rows` rows made by the fixture's script. */
export function workbook(rows) {
  if (process.env.SENDINGO_WORKBOOK) return process.env.SENDINGO_WORKBOOK;
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sendingo-browser-')), '고객 명단.xlsx');
  process.once('exit', () => fs.rmSync(path.dirname(file), { recursive: true, force: true }));
  const script = path.join(HERE, '../fixtures/make_customers.py');
  execFileSync('python3', [script, '--rows', String(rows), '--out', file], { stdio: 'ignore' });
  return file;
}

export async function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/** A browser window with its own cookies. The zone is far from Seoul on purpose. */
export class Desk {
  static async open(browser, url, options = {}) {
    const desk = new Desk();
    desk.url = url;
    desk.troubles = [];
    desk.expected = [];
    desk.context = await browser.newContext({
      viewport: { width: 1280, height: 900 }, locale: 'ko-KR', timezoneId: 'America/New_York', ...options });
    desk.context.setDefaultTimeout(WAIT_MS);
    desk.page = await desk.context.newPage();
    desk.page.on('pageerror', (e) => desk.troubles.push(`threw: ${e.message}`));
    desk.page.on('console', (m) => {
      if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) desk.troubles.push(`said: ${m.text()}`);
    });
    desk.page.on('request', (r) => {
      const picture = r.resourceType() === 'image' && PRACTICE_IMAGE.test(r.url());
      if (/^https?:/.test(r.url()) && !r.url().startsWith(url) && !picture) desk.troubles.push(`asked elsewhere: ${r.url()}`);
    });
    desk.page.on('response', (r) => {
      const told = `${r.status()} ${r.request().method()} ${new URL(r.url()).pathname}`;
      if (r.status() >= 400 && !desk.expected.includes(told)) desk.troubles.push(told);
    });
    return desk;
  }

  /** These answers are part of the test: '422 POST /api/v1/companies'. */
  expect(...answers) {
    this.expected.push(...answers);
  }

  /** Nothing went wrong behind the page's back. */
  calm() {
    const found = this.troubles.splice(0);
    assert.deepEqual(found, []);
  }

  async go(where) {
    await this.page.goto(this.url + where);
    await this.settled();
  }

  /** The network is quiet, placeholders are gone and movements have ended. */
  async settled() {
    await this.page.locator('h1').first().waitFor();
    await this.page.waitForFunction(() => !document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root'));
    await this.page.evaluate(async () => {
      await document.fonts.ready;
      const running = document.getAnimations().filter((a) => a.effect?.getTiming().iterations !== Infinity);
      await Promise.all(running.map((a) => a.finished.catch(() => {})));
    });
  }

  async number(testId) {
    return Number((await this.page.getByTestId(testId).innerText()).replace(/\D/g, ''));
  }

  /** Rules of WCAG 2.1 A and AA that the page breaks, as short lines. */
  async axe() {
    await this.settled();
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate(() =>
      window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'], iframes: false }));
    return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary}`));
  }

  /** How much wider than the window the page is. */
  async overflow() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }

  async close() {
    await this.context.close();
  }
}

export async function signUp(desk, { email = EMAIL, company = '하늘꽃집' } = {}) {
  const { page } = desk;
  desk.expect('401 GET /api/v1/sessions/current');
  await desk.go('/signup');
  await page.getByLabel('회사 이름').fill(company);
  await page.getByLabel('이름', { exact: true }).fill('김하늘');
  await page.getByLabel('이메일').fill(email);
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '시작하기' }).click();
  await page.getByRole('heading', { name: '첫 화면' }).waitFor();
}

/** Uploads a file and waits until its columns can be looked at; returns the import's id. */
export async function uploadFile(desk, file) {
  const { page } = desk;
  await desk.go('/imports');
  await page.setInputFiles('input[type=file]', file);
  await page.waitForURL(/\/imports\/\d+/);
  await page.getByRole('button', { name: '다음: 행 확인' }).and(page.locator(':enabled')).waitFor();
  return Number(/imports\/(\d+)/.exec(page.url())[1]);
}

/** The group that the last step offers to make: named like the file. */
export async function newGroup(page) {
  await page.getByRole('heading', { name: '어느 그룹에 넣을까요?' }).waitFor();
  return page.locator('.mantine-TagsInput-pill').first().innerText();
}

/** Uploads the workbook and registers its good rows; returns how many and the group's name. */
export async function importWorkbook(desk, file) {
  const { page } = desk;
  await uploadFile(desk, file);
  await page.getByRole('button', { name: '다음: 행 확인' }).click();
  await page.getByRole('button', { name: /^다음: [\d,]+명 등록/ }).click();
  const group = await newGroup(page);
  await page.getByRole('button', { name: /^[\d,]+명 등록/ }).click();
  await page.getByTestId('import-result').waitFor();
  return { created: await desk.number('result-created'), skipped: await desk.number('result-skipped'), group };
}

export async function syncTemplates(desk) {
  await desk.go('/templates');
  await desk.page.getByRole('button', { name: '템플릿 가져오기' }).first().click();
  await desk.page.getByRole('article', { name: '배송 완료 안내' }).waitFor();
}

/** The page in the other language, from its next load on. */
export async function speak(desk, language) {
  await desk.context.addInitScript((l) => localStorage.setItem('sendingo.language', l), language);
}

/** From the groups to the preview, with the template whose button is tracked. */
export async function compose(desk, group, link) {
  const { page } = desk;
  await desk.go('/campaigns/new');
  await page.getByRole('checkbox', { name: group }).click();
  await page.getByRole('button', { name: '다음: 템플릿' }).click();
  await page.getByRole('radio', { name: '배송 완료 안내' }).click();
  await page.getByRole('button', { name: '다음: 빈칸 채우기' }).click();
  await page.getByRole('combobox', { name: '#{배송완료시간}' }).click();
  await page.getByRole('option', { name: '직접 입력' }).click();
  await page.getByLabel('‘배송완료시간’에 넣을 내용').fill('오후 3시');
  await page.getByLabel(/버튼이 열 주소/).fill(link);
  await page.getByRole('button', { name: '검사하고 미리보기' }).click();
  await page.getByTestId('preview').waitFor();
}
