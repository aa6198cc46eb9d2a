/* variables.test.ts - variables are found once each, marked in place, and put in where the cursor is. */
import { describe, expect, it } from 'vitest';
import { insertVariable, markVariables, variableName, variablesOf } from './variables';

describe('variables', () => {
  it('are marked and the rest is left as it is', () => {
    const text = '#{이름}님,\r\n  주문 #{번호} #{';
    const pieces = markVariables(text);
    expect(pieces.map((p) => p.text).join('')).toBe(text);
    expect(pieces.filter((p) => p.kind === 'variable').map((p) => p.text)).toEqual(['#{이름}', '#{번호}']);
  });

  it('are named once, in order', () => {
    expect(variablesOf('#{나} #{가} #{나}')).toEqual(['나', '가']);
  });

  it('go in over what is selected', () => {
    expect(insertVariable('고객님 안녕', '이름', 0, 2)).toEqual({ text: '#{이름}님 안녕', cursor: 5 });
  });

  it('get a name that every gateway takes', () => {
    expect(variableName(' #{주문.번호}\n')).toBe('주문번호');
  });
});
