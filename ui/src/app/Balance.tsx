/*
 * Balance.tsx - what is left at the gateway, on every page: of the profile that sends are made with,
 * asked for at most once a minute and after a send; silent when the gateway does not say.
 */
import { Tooltip, VisuallyHidden } from '@mantine/core';
import { IconCoins } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BALANCE_MS, balanceQuery, profilesQuery } from '../api/queries';
import { formatCount } from '../lib/format';
import classes from './Balance.module.css';

/* Below this it is time to top up. */
export const LOW_BALANCE = 500;

export function HeaderBalance() {
  const { t } = useTranslation();
  const { data: profiles } = useQuery(profilesQuery);
  const profile = profiles?.find((p) => p.is_default) ?? profiles?.[0];
  const { data } = useQuery({
    ...balanceQuery(profile?.id ?? 0),
    enabled: profile !== undefined,
    refetchInterval: BALANCE_MS,
    refetchOnWindowFocus: false,
  });
  if (!profile || !data || data.messages === null) return null;
  const n = formatCount(data.messages);
  const low = data.messages < LOW_BALANCE;
  const words = t(low ? 'balance.low' : 'balance.of', { name: profile.name, n });
  return (
    <Tooltip label={words} multiline maw={280}>
      <Link
        to="/settings"
        className={classes.balance}
        data-low={low || undefined}
        data-testid="header-balance"
      >
        <IconCoins size={18} aria-hidden />
        <VisuallyHidden>{t('balance.left')}</VisuallyHidden>{' '}
        <span className={classes.name}>{profile.name}</span> <b>{t('balance.messages', { n })}</b>
      </Link>
    </Tooltip>
  );
}
