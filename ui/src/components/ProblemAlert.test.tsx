/* ProblemAlert.test.tsx - what is wrong, what to do, and the gateway's own words, told apart. */
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import '../app/i18n';
import { ApiProblem } from '../api/problem';
import { ProblemAlert, sentences } from './ProblemAlert';

afterEach(cleanup);

const alert = (code: string, title: string, detail?: string) => {
  render(
    <MantineProvider>
      <ProblemAlert error={new ApiProblem(422, code, title, detail, [])} />
    </MantineProvider>,
  );
  return screen.getByRole('alert');
};

it('parts the first sentence from the rest', () => {
  expect(sentences('키가 맞지 않습니다. 키를 확인해 주세요. 고맙습니다.')).toEqual([
    '키가 맞지 않습니다.',
    '키를 확인해 주세요. 고맙습니다.',
  ]);
  expect(sentences('한 문장입니다.')).toEqual(['한 문장입니다.', '']);
  expect(sentences('주소 a.kr이 없습니다')).toEqual(['주소 a.kr이 없습니다', '']);
});

it("quotes the gateway's words, and only those", () => {
  const told = alert('gateway_key', '아이디나 API Key가 맞지 않습니다. 확인해 주세요.', '인증오류입니다.');
  expect(told.textContent).toContain('게이트웨이의 말: “인증오류입니다.”');
  cleanup();
  expect(alert('invalid', '입력한 내용을 확인해 주세요', '자세히').textContent).not.toContain('게이트웨이');
});
