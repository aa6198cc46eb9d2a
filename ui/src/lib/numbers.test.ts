import { describe, expect, it } from 'vitest';
import { inPortions, nothingAdded, pastedNumbers, together } from './numbers';

describe('pasted numbers', () => {
  it('are one a line, or cells of a spreadsheet without the names', () => {
    expect(pastedNumbers('010-1111-2222\r\n\n홍길동\t010 3333 4444\n01055556666, 01077778888;')).toEqual([
      { text: '010-1111-2222', line: 1 },
      { text: '010 3333 4444', line: 3 },
      { text: '01055556666', line: 4 },
      { text: '01077778888', line: 4 },
    ]);
  });

  it('keep what is no number alone on its line, so that it is refused in sight', () => {
    expect(pastedNumbers('홍길동')).toEqual([{ text: '홍길동', line: 1 }]);
    expect(pastedNumbers('   \n\t')).toEqual([]);
  });

  it('go in portions, and what was refused is found in the text again', () => {
    const all = pastedNumbers(['010-1', '', '02', '010-2'].join('\n'));
    const [first, second] = inPortions(all, 2);
    expect([first!.length, second!.length]).toEqual([2, 1]);
    const refused = { text: '02', reason: 'landline', reason_text: '' };
    const answer = { added: 1, already: 0, refused_count: 1, refused: [{ ...refused, row: 2 }], stopped: 1 };
    const sum = together(nothingAdded, first!, answer);
    expect(sum.refused).toEqual([{ ...refused, row: 3 }]);
    expect(together(sum, second!, { ...nothingAdded, already: 1 })).toMatchObject({
      added: 1,
      already: 1,
      refused_count: 1,
      stopped: 1,
    });
  });
});
