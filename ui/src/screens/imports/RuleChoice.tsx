/* RuleChoice.tsx - numbers that are there twice: in the file, and among the customers; each rule with what follows from it. */
import { Paper, Radio, SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rules } from '../../lib/mapping';

const order = ['keep', 'overwrite', 'fill'] as const;

interface Props {
  rules: Rules;
  busy: boolean;
  onChange: (rules: Rules) => void;
}

export function RuleChoice({ rules, busy, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      {(['duplicates', 'existing'] as const).map((which) => (
        <Paper key={which} withBorder p={{ base: 'sm', sm: 'md' }}>
          <Radio.Group
            label={t(`import.rules.${which}.title`)}
            labelProps={{ fw: 700, mb: 8 }}
            value={rules[which]}
            onChange={(v) => onChange({ ...rules, [which]: v as (typeof order)[number] })}
          >
            <Stack gap="sm">
              {order.map((rule) => (
                <Radio
                  key={rule}
                  value={rule}
                  disabled={busy}
                  label={t(`import.rules.${which}.${rule}`)}
                  description={t(`import.rules.${which}.${rule}Note`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
