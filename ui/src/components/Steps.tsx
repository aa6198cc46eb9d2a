/*
 * Steps.tsx - where a person is in a row of steps: the stepper with its labels at a desk, the
 * numbers with only the present step's name on a phone. Steps already done can be gone back to.
 */
import { Stepper, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';

interface Props {
  label: string;
  names: string[];
  active: number;
  onBack: (index: number) => void;
}

export function Steps({ label, names, active, onBack }: Props) {
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  return (
    <nav aria-label={label}>
      <Stepper
        active={active}
        onStepClick={(i) => i < active && active < names.length && onBack(i)}
        allowNextStepsSelect={false}
        size={narrow ? 'xs' : 'sm'}
        mb={narrow ? 'xs' : 'lg'}
        wrap={false}
      >
        {names.map((name, i) => (
          <Stepper.Step
            key={name}
            label={narrow ? undefined : name}
            aria-label={narrow ? `${i + 1}. ${name}` : undefined}
            aria-current={i === active ? 'step' : undefined}
          />
        ))}
      </Stepper>
      {narrow && active < names.length && (
        <Text fw={700} mb="md" aria-hidden>
          {active + 1}. {names[active]}
        </Text>
      )}
    </nav>
  );
}
