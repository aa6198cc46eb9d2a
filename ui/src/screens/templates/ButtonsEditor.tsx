/* ButtonsEditor.tsx - the buttons of a template that is being written, with what each kind needs and how clicks come to be counted. */
import {
  ActionIcon,
  Alert,
  Button,
  Code,
  Group,
  Paper,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import {
  type ButtonType,
  type Finding,
  type FormButton,
  type Kind,
  MOST_BUTTONS,
  buttonTypes,
  hasAdvert,
  linksOf,
  moved,
  newButton,
  retyped,
  fieldId,
} from '../../lib/templateForm';
import { FieldNotes } from './Findings';

interface Props {
  buttons: FormButton[];
  type: Kind;
  onChange: (buttons: FormButton[]) => void;
  at: (field: string) => Finding[];
  errorAt: (field: string, written: boolean) => string | undefined;
}

/* A web link whose clicks SendinGo counts: its own host, the rest a variable. */
const trackedLink = () => `${window.location.origin.replace(/^http:/, 'https:')}/#{링크}`;

export function ButtonsEditor({ buttons, type, onChange, at, errorAt }: Props) {
  const { t } = useTranslation();
  const change = (i: number, to: FormButton) => onChange(buttons.map((b, k) => (k === i ? to : b)));
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="editor-buttons">
      <Title order={2} size="h4" id="editor-buttons" mb={4}>
        {t('template.buttons')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('editor.buttonsNote', { n: MOST_BUTTONS })}
      </Text>
      <Alert color="ink" variant="outline" title={t('editor.trackTitle')} mb="md">
        <Text size="sm">{t('editor.trackText1')}</Text>
        <Code block my={6}>
          {trackedLink()}
        </Code>
        <Text size="sm">{t('editor.trackText2')}</Text>
      </Alert>
      <FieldNotes of={at('buttons')} />
      {errorAt('buttons', true) && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mb="sm">
          {errorAt('buttons', true)}
        </Text>
      )}
      <Stack>
        {buttons.map((b, i) => (
          <ButtonCard
            key={b.key}
            button={b}
            index={i}
            count={buttons.length}
            onChange={(to) => change(i, to)}
            onMove={(by) => onChange(moved(buttons, i, by))}
            onRemove={() => onChange(buttons.filter((_, k) => k !== i))}
            at={at}
            errorAt={errorAt}
          />
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden />}
            disabled={buttons.length >= MOST_BUTTONS}
            onClick={() => onChange([...buttons, newButton('WL')])}
          >
            {t('editor.buttonAdd')}
          </Button>
          {hasAdvert(type) && !buttons.some((b) => b.type === 'AC') && buttons.length < MOST_BUTTONS && (
            <Button variant="default" onClick={() => onChange([newButton('AC'), ...buttons])}>
              {t('editor.buttonAddChannel')}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

interface CardProps {
  button: FormButton;
  index: number;
  count: number;
  onChange: (to: FormButton) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
  at: Props['at'];
  errorAt: Props['errorAt'];
}

function ButtonCard({ button: b, index: i, count, onChange, onMove, onRemove, at, errorAt }: CardProps) {
  const { t } = useTranslation();
  const n = i + 1;
  const field = (name: string) => `buttons.${i}.${name}`;
  const error = (name: 'name' | 'mobile' | 'pc' | 'ios' | 'android') => errorAt(field(name), b[name] !== '');
  return (
    <Paper withBorder p="md" component="fieldset" m={0} miw={0} aria-label={t('editor.buttonN', { n })}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Text fw={600}>{t('editor.buttonN', { n })}</Text>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={i === 0}
            onClick={() => onMove(-1)}
            aria-label={t('editor.buttonUp', { n })}
          >
            <IconArrowUp size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={i === count - 1}
            onClick={() => onMove(1)}
            aria-label={t('editor.buttonDown', { n })}
          >
            <IconArrowDown size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="red"
            onClick={onRemove}
            aria-label={t('editor.buttonRemove', { n })}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Group align="flex-start" gap="sm">
        <Select
          label={t('template.buttonType')}
          data={buttonTypes.map((type) => ({ value: type, label: t(`buttonType.${type}`) }))}
          value={b.type}
          onChange={(type) => type && onChange(retyped(b, type as ButtonType))}
          error={errorAt(field('type'), true)}
          id={fieldId(field('type'))}
          allowDeselect={false}
          style={{ flex: '1 1 140px' }}
        />
        <TextInput
          label={t('template.buttonName')}
          value={b.name}
          onChange={(e) => onChange({ ...b, name: e.currentTarget.value })}
          readOnly={b.type === 'AC'}
          maxLength={28}
          error={error('name')}
          id={fieldId(field('name'))}
          autoComplete="off"
          style={{ flex: '2 1 180px' }}
        />
      </Group>
      <FieldNotes of={[...at(field('name')), ...at(field('type')), ...at(`buttons.${i}`)]} />
      <Text size="sm" c="dimmed" mt="xs">
        {t(`editor.needs.${b.type}`)}
      </Text>
      {linksOf(b.type).map((link) => (
        <div key={link}>
          <TextInput
            mt="xs"
            label={t(`editor.link.${link}`)}
            value={b[link]}
            onChange={(e) => onChange({ ...b, [link]: e.currentTarget.value })}
            placeholder={link === 'mobile' || link === 'pc' ? 'https://' : 'app://'}
            inputMode="url"
            error={error(link)}
            id={fieldId(field(link))}
            autoComplete="off"
          />
          <FieldNotes of={at(field(link))} />
        </div>
      ))}
      {b.type === 'WL' && b.mobile !== trackedLink() && (
        <Button
          size="compact-sm"
          variant="subtle"
          mt="xs"
          onClick={() => onChange({ ...b, mobile: trackedLink(), pc: trackedLink() })}
        >
          {t('editor.track')}
        </Button>
      )}
    </Paper>
  );
}
