/* StateBadge.tsx - the state of a message, campaign, template or sender profile as a word with a coloured dot. */
import { useTranslation } from 'react-i18next';
import { type CampaignState, type MessageState, campaignColors, messageColors } from '../lib/states';
import { type TemplateState, templateColors } from '../lib/templates';
import classes from './StateBadge.module.css';

function Badge({ color, word, state }: { color: string; word: string; state: string }) {
  return (
    <span className={classes.badge} data-state={state}>
      <span
        className={classes.dot}
        style={{ '--dot': `var(--mantine-color-${color}-6)` } as React.CSSProperties}
        aria-hidden
      />
      {word}
    </span>
  );
}

export function MessageStateBadge({ state }: { state: MessageState }) {
  const { t } = useTranslation();
  return <Badge color={messageColors[state]} word={t(`messageState.${state}`)} state={state} />;
}

export function CampaignStateBadge({ state }: { state: CampaignState }) {
  const { t } = useTranslation();
  return <Badge color={campaignColors[state]} word={t(`campaignState.${state}`)} state={state} />;
}

export function TemplateStateBadge({ state }: { state: TemplateState }) {
  const { t } = useTranslation();
  return <Badge color={templateColors[state]} word={t(`template.state.${state}`)} state={state} />;
}

const profileColors = { ok: 'teal', trouble: 'red', unchecked: 'gray' };

export function ProfileStateBadge({ state }: { state: keyof typeof profileColors }) {
  const { t } = useTranslation();
  return <Badge color={profileColors[state]} word={t(`profile.status.${state}`)} state={state} />;
}
